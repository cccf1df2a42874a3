"""calendar.accessibility.get and timeman.status: who is away, whose day has begun."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.store import Row
from sandbox.portal.values import BadValue, as_list, parse_moment
from sandbox.rest.call import Call, method


@method("calendar.accessibility.get", "calendar")
def accessibility(call: Call) -> Any:
    """Calendar entries of users between two days, by user id."""
    for name in ("users", "from", "to"):
        if not call.get(name):
            raise Refusal(
                "", f'The required parameter "{name}" is not set for the method "calendar.accessibility.get".'
            )
    zone = call.portal.clock.zone
    try:
        start, end = (parse_moment(call.get(name), zone) for name in ("from", "to"))
    except BadValue:
        raise Refusal("", "Wrong date format") from None
    end += timedelta(days=1)
    people = call.portal.people
    found = {}
    for user in as_list(call.get("users")):
        rows = people.absences(int(user)) if str(user).isdigit() else []
        found[str(user)] = [_show(row) for row in rows if _meets(row, start, end)]
    return found


def _meets(row: Row, start: datetime, end: datetime) -> bool:
    return datetime.fromisoformat(row["from"]) < end and datetime.fromisoformat(row["to"]) > start


def _show(row: Row) -> dict[str, Any]:
    return _show_hr(row) if row.get("hr") else _show_entry(row)


def _show_hr(row: Row) -> dict[str, Any]:
    """A row of the absence chart: days instead of moments, the last of them included."""
    start = datetime.fromisoformat(row["from"])
    last = datetime.fromisoformat(row["to"]) - timedelta(days=1)
    return {
        "FROM_HR": True,
        "ID": str(row["id"]),
        "NAME": row["name"],
        "DT_FROM": start.strftime("%d.%m.%Y"),
        "DT_TO": last.strftime("%d.%m.%Y"),
        "ACCESSIBILITY": "absent",
        "IMPORTANCE": "normal",
        "FROM": int(start.timestamp()),
        "TO": int(last.timestamp()),
    }


def _show_entry(row: Row) -> dict[str, Any]:
    start, end = datetime.fromisoformat(row["from"]), datetime.fromisoformat(row["to"])
    whole_days = (start.hour, start.minute, end.hour, end.minute) == (0, 0, 0, 0)
    if whole_days and end > start:
        end -= timedelta(days=1)  # Bitrix24 names the last day of a whole-day entry, not the morning after
    form = "%d.%m.%Y %H:%M:%S"
    return {
        "ID": str(row["id"]),
        "NAME": row["name"],
        "DATE_FROM": start.strftime(form),
        "DATE_TO": end.strftime(form),
        "DATE_FROM_TS_UTC": str(int(start.timestamp())),
        "DATE_TO_TS_UTC": str(int(end.timestamp())),
        "~USER_OFFSET_FROM": 0,
        "~USER_OFFSET_TO": 0,
        "DT_SKIP_TIME": "Y" if whole_days else "N",
        "ACCESSIBILITY": row["kind"],
        "IMPORTANCE": "normal",
        "FROM_HR": False,
    }


@method("timeman.status", "timeman")
def workday(call: Call) -> Any:
    """Whether somebody's working day has begun."""
    user = call.portal.people.user(call.number("user_id") if call.get("user_id") else call.user_id)
    if user is None:
        raise Refusal("", "User not found")
    now = call.portal.clock.now()
    start = now.replace(hour=9, minute=0, second=0, microsecond=0)
    return {
        "STATUS": user["workday"],
        "TIME_START": start.isoformat(),
        "TIME_FINISH": None,
        "DURATION": "00:00:00",
    }
