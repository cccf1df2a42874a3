"""The timer of one card: its status, since when, and when it wants to be looked at (S1)."""

from datetime import date

import msgspec

from crm_robots.robots.client_status.days import Days, counted, day_of
from crm_robots.robots.client_status.past import Past, rescued_before
from crm_robots.robots.client_status.rules import ClientStatusRules


class Pause(msgspec.Struct, frozen=True, omit_defaults=True):
    """S9: what the card's fields say of a pause, and what came of it."""

    shown: date | None = None
    """The date on the card, as we last took it."""
    reason: str = ""
    until: date | None = None
    """The pause of this term: days go on from here. None: there was none."""
    left: int | None = None
    """Days that were left when it was set; None: all days of the status."""
    first: date | None = None
    """When this term was paused for the first time."""

    def holds(self, today: date) -> bool:
        """Whether the client is left alone on that day."""
        return self.until is not None and today < self.until


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
    stopped: str = ""
    """L5: why the client is left alone, in words: the card bears the mark of the stop-list. Its days stand still."""
    anew: date | None = None
    """The days began anew here, though the status stayed: the stop-list had let go of the client."""
    pause: Pause | None = None
    past: Past = Past()
    """For the head's desk."""

    def renewed(
        self, status: str, since: date | None, *, in_deal: bool = False, deal_ended: int = 0, owed: bool = False
    ) -> "Timer":
        """A new term of the same card. A pause that lasts gives it all its days afterwards."""
        before = self.pause
        pause = Pause(before.shown, before.reason) if before and (before.shown or before.reason) else None
        if before and since and before.holds(since):
            pause = Pause(before.shown, before.reason, before.until, None, since)
        return Timer(
            status=status,
            since=since,
            last_call=self.last_call,
            in_deal=in_deal,
            deal_ended=deal_ended,
            owed=owed,
            stopped=self.stopped if status else "",
            pause=pause if status else None,
            past=self._past(since if in_deal and not self.in_deal else None),
        )

    def _past(self, deal_since: date | None) -> Past:
        day = rescued_before(self.warned_for, self.last_call, deal_since)
        return self.past.watched_since(self.since if self.status else None).with_rescue(day)


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

        A call starts the days anew and never shortens them (S6); a deal stops them (S5), and so does the stop-list
        (L5). After a pause they go on, with time for a warning (S9).
        """
        status = self.rules.status(timer.status)
        if timer.since is None or status is None or status.days is None or timer.in_deal or timer.stopped:
            return None
        start = max(timer.since, timer.anew or timer.since)
        if self.rules.calls.reset_timer and timer.last_call:
            start = max(start, self.today(timer.last_call))
        due = self.days.later(start, status.days)
        pause = timer.pause
        if pause is None or pause.until is None:
            return Term(start, due)
        left = status.days if pause.left is None else pause.left
        goes_on = self.days.later(pause.until, max(left, (self.rules.warning.days_before or 0) + 1))
        return Term(max(start, pause.until), max(due, goes_on))

    def rescued(self, timer: Timer) -> date | None:
        """The day of the call that ended the warned term, before that was over; None: it goes on, or none was."""
        status = self.rules.status(timer.status)
        if timer.warned_for is None or not timer.last_call or not self.rules.calls.reset_timer:
            return None
        called = self.today(timer.last_call)
        over = self.days.later(timer.warned_for, status.days) if status and status.days is not None else None
        return called if called > timer.warned_for and called != over else None

    def due(self, timer: Timer) -> date | None:
        """The day on which the status changes by itself; None where it does not."""
        term = self.term(timer)
        return term.due if term else None

    def look_on(self, timer: Timer) -> date | None:
        """The first day on which the day's run has something to do with it: to warn, or to drop."""
        term = self.term(timer)
        if term is None:
            return None
        before = self.rules.warning.days_before
        if before is None or timer.warned_for == term.start:
            return term.due
        return max(term.start, self.days.earlier(term.due, before))
