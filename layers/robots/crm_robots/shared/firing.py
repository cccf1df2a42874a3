"""One firing of the schedule, and what day it is where the portal lives (D1)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec


class Firing(msgspec.Struct, frozen=True):
    """One call of the schedule's function. `now`: the day is run even before its time; `by_hand`: an administrator
    asked."""

    ts: int
    now: bool = False
    by_hand: bool = False


def has_time_come(firing: Firing, at: str, timezone: str) -> tuple[bool, date]:
    """Whether the day may begin, and which day of the portal's zone it is."""
    moment = datetime.fromtimestamp(firing.ts, ZoneInfo(timezone))
    return firing.now or moment.time() >= time.fromisoformat(at), moment.date()
