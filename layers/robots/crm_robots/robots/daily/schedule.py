"""D1: which day a firing of the schedule stands for, and whether its run is still to be done."""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from crm_robots.shared.firing import Firing, has_time_come

_KEPT = 60
_MOST_LATE = 5000
"""A row of a table holds so many."""
_DAY = timedelta(days=1)
_LAST_FIRING = "23:45"


class Run(msgspec.Struct, frozen=True):
    """One day's run. Whoever goes on with it decides by these two, not by a later clock."""

    day: date
    ts: int
    """The firing that began it, unix seconds."""

    @property
    def id(self) -> str:
        """Its name in the journal."""
        return f"daily-{self.day.isoformat()}"


class RunLog(msgspec.Struct, frozen=True, omit_defaults=True):
    """The runs so far."""

    done: tuple[date, ...] = ()
    """The newest stands last."""
    current: Run | None = None
    """Begun and not finished."""
    news_since: date | None = None
    """The first day whose news the current run has to tell: an earlier run may have given way to it."""
    slices: int = 0
    """How many lists of clients the current run has begun to work on."""
    bags: int = 0
    """How many bags of messages and posts it has begun to send."""
    late: tuple[str, ...] = ()
    """Cards whose step the run before could not finish: nobody has heard of them."""

    def begun(self, run: Run) -> "RunLog":
        """The log with this run under way. A cut-off run of an earlier day becomes part of it."""
        if self.current == run:
            return self
        if self.current is None:
            return RunLog(self.done, run, run.day, late=self.late)
        since = min(self.news_since or run.day, run.day)
        return msgspec.structs.replace(self, current=run, news_since=since)

    def finished(self, late: Iterable[str] = ()) -> "RunLog":
        """The log after the current run."""
        day = self.current.day if self.current else None
        return RunLog((*self.done, day)[-_KEPT:] if day else self.done, late=tuple(late)[:_MOST_LATE])


def may_tell(firing: Firing, at: str, timezone: str) -> bool:
    """D5: people hear once a day, not earlier than `at`. What a run did before it stands in that day's message.

    A time after the day's last firing never comes: its runs are all made up, at midnight.
    """
    return has_time_come(firing, at, timezone)[0] or at > _LAST_FIRING


def due_run(log: RunLog, firing: Firing, at: str, timezone: str) -> Run | None:
    """The run that this firing begins or goes on with.

    Before `at` it can only be that of the day before, if it was missed. Any number of missed days make one run. The
    schedule never goes back behind a day that was run; an administrator may.
    """
    has_come, today = has_time_come(firing, at, timezone)
    day = today if has_come else today - _DAY
    if log.current:
        return Run(day, firing.ts) if day > log.current.day else log.current
    if day in log.done or (not log.done and not has_come):
        return None
    newest = max(log.done, default=day)
    is_back = day < newest
    return None if is_back and not (firing.by_hand and has_come) else Run(day, firing.ts)
