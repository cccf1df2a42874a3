"""Values of a lead's fields in one plain spelling, whatever the portal's: None is empty, references are texts.

An emptied dropdown may read as null, "", [], false or 0; a number's 0 is a value, and so is a "no".
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from crm_robots.robots.qualification.rules import LeadField, QualificationRules
from crm_robots.shared.gate.gaps import is_empty, lacks
from crm_robots.shared.items import Item

type Value = str | bool | tuple[str, ...] | None

_TEXTS = {"string", "url", "text", "address", "crm_multifield"}
_BOOLEANS = {"boolean", "char"}


def values_of(lead: Item, rules: QualificationRules) -> dict[str, Value]:
    """All fields that the robot looks at. A phone without digits is none, nor an e-mail without an address."""
    return {
        code: None if lacks(lead, code, field.type) else value_of(lead.fields.get(code), field)
        for code, field in rules.fields.items()
    }


def value_of(raw: Any, field: LeadField) -> Value:
    """One field. A field with several values is a tuple; those whose order means nothing are sorted."""
    several = field.multiple or field.type == "crm_multifield"
    if not several:
        return _single(raw, field.type)
    parts = [text for text in (_single(part, field.type) for part in _parts(raw)) if text is not None]
    texts = tuple(str(part) for part in parts)
    return (texts if field.type in _TEXTS else tuple(sorted(texts, key=_by_number))) or None


def spelled(value: Value) -> tuple[str, ...]:
    """The value's parts as texts, to be compared with others; none where the field is empty."""
    if value is None:
        return ()
    if isinstance(value, tuple):
        return value
    return ("Y" if value else "N",) if isinstance(value, bool) else (value,)


def to_write(value: Value, field: LeadField) -> Any:
    """The value as `crm.item.update` takes it; None empties the field."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return [_written(part, field.type) for part in value]
    return ("Y" if value else "N") if isinstance(value, bool) else _written(value, field.type)


def _written(text: str, kind: str) -> Any:
    return int(text) if kind in ("enumeration", "employee") and text.isdigit() else text


def _parts(raw: Any) -> Iterable[Any]:
    if isinstance(raw, Mapping):
        return [raw] if "id" in raw else list(raw.values())
    return raw if isinstance(raw, list | tuple) else [raw]


def _single(raw: Any, kind: str) -> str | bool | None:
    if isinstance(raw, list | tuple | Mapping):
        raw = next(iter(_parts(raw)), None)
    if isinstance(raw, Mapping):
        raw = raw.get("id")
    if is_empty(raw, kind):
        return None
    if kind in _BOOLEANS:
        return str(raw).upper() in ("1", "Y", "TRUE")
    return _SPELLINGS.get(kind, str)(str(raw).strip())


def _number(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text


def _money(text: str) -> str:
    amount, _, currency = text.partition("|")
    return f"{_number(amount)}|{currency}"


def _date(text: str) -> str:
    """A day comes as midnight with an offset, and must be read in that offset."""
    return text[:10]


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.astimezone(UTC).isoformat() if moment.tzinfo else text


_SPELLINGS = {
    "integer": _number,
    "double": _number,
    "float": _number,
    "money": _money,
    "date": _date,
    "datetime": _moment,
}


def _by_number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdigit() else 0, text)
