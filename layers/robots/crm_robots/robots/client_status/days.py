"""Calendar days and working days, in the portal's time zone."""

from collections.abc import Container
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SATURDAY = 5
_DECEMBER = 12


def day_of(ts: float, timezone: str) -> date:
    """The day on which a moment falls there."""
    return datetime.fromtimestamp(ts, ZoneInfo(timezone)).date()


class Days:
    """How the portal counts days. Without `holidays` every day counts; `working`: Saturdays and Sundays that do too."""

    def __init__(self, holidays: Container[date] | None = None, working: Container[date] = ()) -> None:
        self._holidays = holidays
        self._working = working

    def later(self, day: date, days: int) -> date:
        """The day that comes so many counted days after `day`."""
        return self._moved(day, days, _DAY)

    def earlier(self, day: date, days: int) -> date:
        """The last day from which `day` is no more than so many counted days away."""
        return self._moved(day, days, -_DAY)

    def between(self, first: date, last: date) -> int:
        """How many counted days come after `first`, up to and with `last`; 0 where that is not later."""
        if self._holidays is None:
            return max((last - first).days, 0)
        days = (first + number * _DAY for number in range(1, (last - first).days + 1))
        return sum(self._counts(day) for day in days)

    def _moved(self, day: date, days: int, step: timedelta) -> date:
        if self._holidays is None:
            return day + days * step
        while days > 0:
            day += step
            days -= self._counts(day)
        return day

    def _counts(self, day: date) -> bool:
        if self._holidays is None:
            return True
        # Asking for the holiday first makes the calendar of that year, transferred days included.
        is_holiday = day in self._holidays
        return not is_holiday and (day.weekday() < _SATURDAY or day in self._working)


@cache
def counted(how: str, country: str) -> Days:
    """`calendar` or `working` days; the country's holidays are loaded only where they are needed."""
    if how == "calendar":
        return Days()
    # Imported here, since it takes longer than everything else in a cold start.
    import holidays

    calendar = holidays.country_holidays(country)
    return Days(calendar, calendar.weekend_workdays)


def undecreed(country: str, today: date) -> list[int]:
    """The running year, and from December the next, where the country transfers days and has not said which (S12)."""
    import holidays

    calendar = holidays.country_holidays(country)
    if not calendar.has_substituted_holidays:
        return []
    tables = (getattr(calendar, name) for name in dir(calendar) if name.startswith("special_"))
    decreed = {year for table in tables if isinstance(table, dict) for year in table}
    years = [today.year, today.year + 1] if today.month == _DECEMBER else [today.year]
    return [year for year in years if year not in decreed]
