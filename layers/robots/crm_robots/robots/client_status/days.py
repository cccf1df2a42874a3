"""Calendar days and working days, in the portal's time zone."""

from collections.abc import Container
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SATURDAY = 5


def day_of(ts: float, timezone: str) -> date:
    """The day on which a moment falls there."""
    return datetime.fromtimestamp(ts, ZoneInfo(timezone)).date()


class Days:
    """How the portal counts days. Without `holidays` every day counts."""

    def __init__(self, holidays: Container[date] | None = None) -> None:
        self._holidays = holidays

    def later(self, day: date, days: int) -> date:
        """The day that comes so many counted days after `day`."""
        return self._moved(day, days, _DAY)

    def earlier(self, day: date, days: int) -> date:
        """The last day from which `day` is no more than so many counted days away."""
        return self._moved(day, days, -_DAY)

    def _moved(self, day: date, days: int, step: timedelta) -> date:
        if self._holidays is None:
            return day + days * step
        while days > 0:
            day += step
            days -= day.weekday() < _SATURDAY and day not in self._holidays
        return day


@cache
def counted(how: str, country: str) -> Days:
    """`calendar` or `working` days; the country's holidays are loaded only where they are needed."""
    if how == "calendar":
        return Days()
    # Imported here, since it takes longer than everything else in a cold start.
    import holidays

    return Days(holidays.country_holidays(country))
