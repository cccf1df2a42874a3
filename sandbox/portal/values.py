"""Values before they are stored: what a client writes gets one canonical form, or is refused."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.portal.clock import iso
from sandbox.portal.fields import NUMBERS, Field
from sandbox.portal.files import clean_file, clean_files

EMPTY: tuple[Any, ...] = (None, "", False, [], {})
_SHORT_FORMATS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


class BadValue(ValueError):  # noqa: N818 - it names the value, not the failure
    """The value does not fit its field."""


def parse_moment(value: Any, zone: ZoneInfo) -> datetime:
    """Reads ISO 8601 or the portal's short form; without an offset it is the server's time."""
    text = str(value).strip()
    moment: datetime | None = None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        for form in _SHORT_FORMATS:
            try:
                moment = datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows below
                break
            except ValueError:
                continue
    if moment is None:
        raise BadValue(text)
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def clean_integer(value: Any) -> int:
    """Whole numbers, however they are spelt."""
    if isinstance(value, bool):
        return int(value)
    try:
        return int(str(value).strip())
    except ValueError:
        return int(clean_double(value))


def clean_double(value: Any) -> float:
    """Numbers; a comma is a point."""
    try:
        return float(str(value).strip().replace(",", "."))
    except ValueError:
        raise BadValue(str(value)) from None


def clean_boolean(value: Any) -> str:
    """`Y` or `N`."""
    if isinstance(value, str):
        return "Y" if value.strip().upper() in ("Y", "1", "TRUE", "YES") else "N"
    return "Y" if value else "N"


def _clean_date(value: Any, zone: ZoneInfo) -> str:
    day: date = parse_moment(value, zone).date() if "T" not in str(value) else _day_as_written(value, zone)
    return iso(datetime(day.year, day.month, day.day, tzinfo=zone))


def _day_as_written(value: Any, zone: ZoneInfo) -> date:
    """The calendar day is read in the offset that was given, never after a conversion."""
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return parse_moment(value, zone).date()


def clean_one(field: Field, value: Any, zone: ZoneInfo) -> Any:
    """The canonical form of one value of a single field, or of one element of a multiple field."""
    if value is None or value == "" or (value is False and field.type != "boolean"):
        return field.default if not field.multiple else None
    if isinstance(value, (list, dict)):
        raise BadValue(field.name)
    if field.type in NUMBERS or field.type in ("enumeration", "iblock_element", "iblock_section"):
        return clean_integer(value)
    if field.type == "double":
        return clean_double(value)
    if field.type == "boolean":
        return clean_boolean(value)
    if field.type == "datetime":
        return iso(parse_moment(value, zone))
    if field.type == "date":
        return _clean_date(value, zone)
    return str(value)


def as_list(value: Any) -> list[Any]:
    """Lists and the maps that PHP makes of them; anything empty is an empty list."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list):
        return value
    return [] if value in EMPTY else [value]


def clean(field: Field, value: Any, zone: ZoneInfo) -> Any:
    """The canonical form of a value: ids as numbers, `Y`/`N`, moments in the server's zone, lists for multiples."""
    if field.type == "file":
        return clean_files(value) if field.multiple else clean_file(value)
    if not field.multiple:
        return clean_one(field, value, zone)
    cleaned = [clean_one(field, element, zone) for element in as_list(value)]
    return list(dict.fromkeys(element for element in cleaned if element is not None and element != 0))


def is_empty(value: Any) -> bool:
    """Whether a stored value counts as not filled."""
    return value in EMPTY or value == 0


def year_9999(zone: ZoneInfo) -> str:
    """How a to-do without a deadline reads back."""
    return iso(datetime(9999, 12, 31, tzinfo=zone))
