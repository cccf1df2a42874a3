"""Whether webhooks have stopped coming: a withdrawn webhook or a wrong address says nothing of itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SILENT_HOURS = 8
"""Of working time; a whole working day without any change of a card is none of a company at work."""
_BEGINS, _ENDS = 9, 18
_FRIDAY = 4
_LONGEST = timedelta(days=14)


def is_silent(last: datetime | None, now: datetime, zone: str) -> bool:
    """`last`: the newest event of any robot; None: there has been none, and nothing is missed."""
    if last is None:
        return False
    return working_hours(max(last, now - _LONGEST), now, ZoneInfo(zone)) >= SILENT_HOURS


def working_hours(since: datetime, until: datetime, zone: ZoneInfo) -> int:
    """Full hours from Monday to Friday, 9 to 18; public holidays count as any day."""
    moment, hours = since.astimezone(UTC), 0
    while (moment := moment + timedelta(hours=1)) <= until:
        there = (moment - timedelta(hours=1)).astimezone(zone)
        hours += there.weekday() <= _FRIDAY and _BEGINS <= there.hour < _ENDS
    return hours
