"""Who is away today, as far as the portal tells: the messenger's absence mark and calendar entries.

The messenger knows vacations only; the calendar also brings the rows of the HR department's absence chart, in a shape
of their own. Each needs its scope; one that is missing says nothing.
https://apidocs.bitrix24.com/api-reference/calendar/calendar-event/calendar-accessibility-get.html
https://apidocs.bitrix24.com/api-reference/chats/users/im-user-list-get.html
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Busy
from crm_robots.shared.items import to_id

_MESSENGER, _CALENDAR = "away_im", "away_calendar"
_MOST_USERS = 100


@dataclass(frozen=True, slots=True)
class Absences:
    """`known` is False when the portal told nothing at all."""

    away: frozenset[int] = frozenset()
    known: bool = True


def absence_questions(users: Sequence[int], moment: datetime) -> dict[str, Command]:
    """Asks about these people on the day of that moment (in the portal's zone)."""
    questions: dict[str, Command] = {}
    today, tomorrow = f"{moment:%Y-%m-%d}", f"{moment + timedelta(days=1):%Y-%m-%d}"
    for start in range(0, len(users), _MOST_USERS):
        some = list(users[start : start + _MOST_USERS])
        asked = {"ID": some, "RESULT_TYPE": "array"}
        questions[f"{_MESSENGER}{some[0]}"] = Command("im.user.list.get", asked)
        days = {"users": some, "from": today, "to": tomorrow}
        questions[f"{_CALENDAR}{some[0]}"] = Command("calendar.accessibility.get", days)
    return questions


def absences(answers: Mapping[str, Reply], moment: datetime) -> Absences:
    """Reads the answers. A busy portal is asked again later, because a draw without absences would be wrong."""
    away: set[int] = set()
    told = asked = False
    for name, reply in answers.items():
        if not name.startswith((_MESSENGER, _CALENDAR)):
            continue
        asked = True
        if isinstance(reply.error, Busy):
            raise reply.error
        if reply.error is None and reply.executed:
            told = True
            by_messenger = name.startswith(_MESSENGER)
            away |= set(_by_messenger(reply.result, moment) if by_messenger else _by_calendar(reply.result, moment))
    return Absences(frozenset(away), told or not asked)


def _by_messenger(result: Any, moment: datetime) -> Iterator[int]:
    rows = result.values() if isinstance(result, Mapping) else result or []
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        number = to_id(row.get("id", row.get("ID")))
        if number and (_lasts(row.get("absent"), moment) or row.get("active") is False):
            yield number


def _lasts(until: Any, moment: datetime) -> bool:
    """`absent` is false, or the time until which somebody is away."""
    if not until or str(until).upper() in ("N", "FALSE"):
        return False
    try:
        end = datetime.fromisoformat(str(until))
    except ValueError:
        return True
    return (end if end.tzinfo else end.replace(tzinfo=moment.tzinfo)) > moment


def _by_calendar(result: Any, moment: datetime) -> Iterator[int]:
    users = result.items() if isinstance(result, Mapping) else ()
    for user, events in users:
        number = to_id(user)
        if number and any(_is_absence(event, moment) for event in _rows(events)):
            yield number


def _rows(events: Any) -> Collection[Mapping[str, Any]]:
    return events.values() if isinstance(events, Mapping) else events or ()


def _is_absence(event: Mapping[str, Any], moment: datetime) -> bool:
    if str(event.get("ACCESSIBILITY", "")).lower() != "absent":
        return False
    first, last = _days(event, moment)
    return first is not None and last is not None and first <= moment.date() <= last


def _days(event: Mapping[str, Any], moment: datetime) -> tuple[date | None, date | None]:
    """First and last day: a whole-day event names days, the last one included; others are moments."""
    if event.get("FROM_HR") in (True, "Y", "1", 1) and "DATE_FROM_TS_UTC" not in event:
        return _days_of_chart(event, moment)
    start, end = _moment(event.get("DATE_FROM_TS_UTC"), moment), _moment(event.get("DATE_TO_TS_UTC"), moment)
    named = _day(event.get("DATE_FROM")), _day(event.get("DATE_TO"))
    if start is None or end is None or (event.get("DT_SKIP_TIME") == "Y" and None not in named):
        return named
    last = end - timedelta(seconds=1) if end > start else end
    return start.date(), last.date()


def _days_of_chart(event: Mapping[str, Any], moment: datetime) -> tuple[date | None, date | None]:
    """A row of the absence chart: `FROM` and `TO` are unix seconds, the day of `TO` is included."""
    start, end = _moment(event.get("FROM"), moment), _moment(event.get("TO"), moment)
    first = start.date() if start else _day(event.get("DT_FROM"))
    return first, _day(event.get("DT_TO")) or (end.date() if end else None)


def _moment(value: Any, moment: datetime) -> datetime | None:
    number = to_id(value)
    return datetime.fromtimestamp(number, moment.tzinfo) if number else None


def _day(value: Any) -> date | None:
    text = str(value or "")[:10]
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
