"""Filters of list methods over rows: prefixes, nested OR groups, order, pages."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.portal.fields import DATES, NUMBERS, Field
from sandbox.portal.store import Row, Table
from sandbox.portal.values import BadValue, as_list, clean_double, clean_integer, parse_moment

Test = Callable[[Row], bool]
PAGE = 50
DAY = 86_400

_PREFIX = re.compile(r"^(!=%|!%=|!@|!%|!=|>=|<=|=%|%=|[=!<>@%])?(.+)$", re.DOTALL)
_SAME = {"": "=", "!": "!=", "%=": "=%", "!%=": "!=%"}


def split_prefix(key: str) -> tuple[str, str]:
    """`>=id` -> (`>=`, `id`); no prefix is `=`."""
    match = _PREFIX.match(key)
    operator, name = match.groups(default="") if match else ("", key)
    return _SAME.get(operator, operator), name


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; `operand` is comparable to what `read` gives, a tuple of such for IN."""

    name: str
    operator: str
    operand: Any
    read: Callable[[Row], Any]

    def holds(self, row: Row) -> bool:
        """Whether the row satisfies it. A multiple field is equal if any of its values is."""
        value = self.read(row)
        if isinstance(value, tuple):
            return self._holds_for_many(value)
        return _COMPARE[self.operator](value, self.operand)

    def _holds_for_many(self, values: tuple[Any, ...]) -> bool:
        if self.operand == EMPTY and self.operator in ("=", "!="):
            return (not values) == (self.operator == "=")
        if self.operator.startswith("!"):
            return all(_COMPARE[self.operator](value, self.operand) for value in values)
        return any(_COMPARE[self.operator](value, self.operand) for value in values)


EMPTY = ""  # what unset values of every type read as


def _pattern(value: Any, operand: str) -> bool:
    parts = (re.escape(part) for part in str(operand).split("%"))
    return re.fullmatch(".*".join(parts), str(value), re.DOTALL) is not None


def _less(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, operand: value != EMPTY and type(value) is type(operand) and compare(value, operand)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda value, operand: value == operand,
    "!=": lambda value, operand: value != operand,
    "@": lambda value, operand: value in operand,
    "!@": lambda value, operand: value not in operand,
    ">": _less(lambda value, operand: value > operand),
    ">=": _less(lambda value, operand: value >= operand),
    "<": _less(lambda value, operand: value < operand),
    "<=": _less(lambda value, operand: value <= operand),
    "%": lambda value, operand: str(operand) in str(value),
    "!%": lambda value, operand: str(operand) not in str(value),
    "=%": _pattern,
    "!=%": lambda value, operand: not _pattern(value, operand),
}


def comparable(field: Field, value: Any) -> Any:
    """A value in the form in which it is compared: numbers as floats, moments as seconds, text without case."""
    if value is None or value == "" or value == []:
        return EMPTY
    if field.type in NUMBERS or field.type == "enumeration":
        number = clean_integer(value)
        return number if number or field.name == "id" or field.type == "integer" else EMPTY
    if field.type == "double":
        return clean_double(value)
    if field.type in DATES:
        return datetime.fromisoformat(value).timestamp()
    return str(value).casefold()


def reader(field: Field) -> Callable[[Row], Any]:
    """Reads a field of a row in its comparable form; a multiple field gives a tuple."""
    name = field.name
    if name == "id":
        return lambda row: row["id"]
    if field.multiple:
        return lambda row: tuple(comparable(field, value) for value in row.get(name) or ())
    return lambda row: comparable(field, row.get(name))


def _operand(field: Field, value: Any, zone: Any) -> Any:
    if value in (None, "", [], {}) or (value is False and field.type != "boolean"):
        return EMPTY
    if field.type in DATES:
        return parse_moment(value, zone).timestamp()
    if field.type == "boolean" and field.user_field:
        return {"1": "y", "0": "n"}.get(str(int(value) if isinstance(value, bool) else value), "\0")
    if field.type == "boolean" and isinstance(value, bool):
        return "y" if value else "n"
    if isinstance(value, (list, dict)):
        raise BadValue(str(value))
    return comparable(field, value)


def condition(field: Field, operator: str, value: Any, zone: Any) -> Condition:
    """Compiles one comparison; raises BadValue where the value cannot be compared with the field."""
    if operator in ("@", "!@") or (isinstance(value, (list, dict)) and value not in ([], {})):
        operator = "!@" if operator.startswith("!") else "@"
        operand: Any = frozenset(_operand(field, one, zone) for one in as_list(value))
    elif "%" in operator:
        operand = str(value).casefold()
    else:
        operand = _operand(field, value, zone)
    return Condition(field.name, operator, operand, reader(field))


def candidates(table: Table, conditions: Iterable[Condition]) -> Iterable[int] | None:
    """Ids that may match, by an index; None where only a look at every row tells. Ascending."""
    best: set[int] | None = None
    floor = 0
    for one in conditions:
        if one.name == "id" and one.operator in (">", ">=") and one.operand != EMPTY:
            floor = max(floor, int(one.operand) - (one.operator == ">="))
        found = _found(table, one)
        if found is not None:
            best = found if best is None else best & found
    if best is not None:
        return sorted(best)
    return table.after(floor) if floor else None


def _found(table: Table, one: Condition) -> set[int] | None:
    """Ids that an index gives for a condition; None: no index helps."""
    keys = {"=": (one.operand,), "@": one.operand}.get(one.operator)
    if keys is not None and one.name == "id":
        return {key for key in keys if key in table.rows}
    if keys is not None and table.indexed(one.name) and EMPTY not in keys:
        return set().union(*(table.find(one.name, key) for key in keys))
    days = f"{one.name}:day"
    if one.operator in (">", ">=") and table.indexed(days) and one.operand != EMPTY:
        # One day earlier, whatever the zone: the condition itself is still checked.
        return table.since(days, datetime.fromtimestamp(one.operand - DAY, UTC).date().isoformat())
    return None


def sort_rows(rows: list[Row], order: list[tuple[Field, bool]]) -> list[Row]:
    """Sorts by several fields (`True`: descending); unset values come first, as NULL does in MySQL."""
    for field, descending in reversed(order):
        read = reader(field)
        rows.sort(key=lambda row: _sortable(read(row)), reverse=descending)
    return rows


def _sortable(value: Any) -> tuple[bool, Any]:
    if isinstance(value, tuple):
        value = value[0] if value else EMPTY
    return (value != EMPTY, value if value != EMPTY else 0)
