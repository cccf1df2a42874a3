"""The timer of one card: its status, since when, and when it wants to be looked at (S1)."""

from datetime import date

import msgspec

from crm_robots.robots.client_status.days import Days, counted, day_of
from crm_robots.robots.client_status.rules import ClientStatusRules


class Timer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What we know of a card. One with an empty status is not tracked, but was seen."""

    status: str = ""
    """Code; it is what the card shows, or will show once the open plan is done."""
    since: date | None = None
    """Day of the portal's zone on which the status began."""
    last_call: int = 0
    """Newest completed call, unix seconds. Kept apart from the rest: it only ever grows, and moves nothing else."""
    warned_for: date | None = None
    """Start of the term whose warning went out."""
    in_deal: bool = False
    """The status comes from an open deal: its days stand still."""
    deal_ended: int = 0
    """When the deal was closed that gave this status, unix seconds; 0: some other reason."""
    owed: bool = False
    """The portal refused to write the status; the card's next change is another try. Empty: a new card's first one."""


class Term(msgspec.Struct, frozen=True):
    """The days of a timer: they began at `start` and are over on `due`."""

    start: date
    due: date


class Calendar(msgspec.Struct, frozen=True):
    """How days are counted on this portal."""

    rules: ClientStatusRules
    timezone: str

    @property
    def days(self) -> Days:
        """Calendar or working days."""
        return counted(self.rules.count_days, self.rules.holidays_country)

    def today(self, ts: float) -> date:
        """The day of a moment."""
        return day_of(ts, self.timezone)

    def term(self, timer: Timer) -> Term | None:
        """From when to when the status stands; None when it does not drop by itself.

        A call starts the days anew and never shortens them (S6); a deal stops them (S5).
        """
        status = self.rules.status(timer.status)
        if timer.since is None or status is None or status.days is None or timer.in_deal:
            return None
        start = timer.since
        if self.rules.calls.reset_timer and timer.last_call:
            start = max(start, self.today(timer.last_call))
        return Term(start, self.days.later(start, status.days))

    def look_on(self, timer: Timer) -> date | None:
        """The first day on which the day's run has something to do with it: to warn, or to drop."""
        term = self.term(timer)
        if term is None:
            return None
        before = self.rules.warning.days_before
        if before is None or timer.warned_for == term.start:
            return term.due
        return max(term.start, self.days.earlier(term.due, before))
