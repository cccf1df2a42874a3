"""Lists of rows that are not items: activities, requisites, tasks, users … share one way to filter and order."""

from typing import Any

from sandbox.portal.fields import Field
from sandbox.portal.filters import Condition, Test, condition, split_prefix
from sandbox.portal.pages import Page, Query, run
from sandbox.portal.store import Row, Table
from sandbox.portal.values import BadValue
from sandbox.rest.call import Call

Columns = dict[str, Field]


def columns(text: str, **keys: str) -> Columns:
    """`ID:integer SUBJECT CREATED:datetime` as fields; `keys` says where a row's key differs from the name.

    `[]` after the type marks a list.
    """
    found = {}
    for word in text.split():
        name, _, kind = word.partition(":")
        key = keys.get(name, "id" if name.upper() == "ID" else name)
        kind, many = kind.removesuffix("[]") or "string", kind.endswith("[]")
        found[name] = Field(key, name, kind, name, multiple=many)
    return found


def conditions_of(known: Columns, given: dict[str, Any], zone: Any) -> list[Condition]:
    """Compiles what it knows; unknown names are ignored, values that mean nothing match nothing."""
    found = []
    for prefixed, value in given.items():
        operator, name = split_prefix(str(prefixed))
        if name not in known:
            continue
        try:
            found.append(condition(known[name], operator, value, zone))
        except (BadValue, ValueError, TypeError):
            found.append(Condition(name, "@", frozenset(), lambda _: None))
    return found


def order_of(known: Columns, given: dict[str, Any]) -> list[tuple[Field, bool]]:
    """Fields and whether they descend."""
    return [(known[name], str(way).upper() == "DESC") for name, way in given.items() if name in known]


def page_of(
    call: Call,
    table: Table,
    known: Columns,
    given: dict[str, Any],
    tests: list[Test] | None = None,
    order: dict[str, Any] | None = None,
    size: int = 50,
) -> Page:
    """A page of rows."""
    conditions = conditions_of(known, given, call.portal.clock.zone)
    ordered = order_of(known, order if order is not None else call.mapping("order"))
    return run(table, Query(conditions, tests or [], ordered, call.start, size))


def text(value: Any) -> Any:
    """Numbers as strings, everything else as it is: how the classic dialect shows plain rows."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return str(value)


def stringed(row: Row) -> dict[str, Any]:
    """A row with `ID` first and numbers as strings; the portal's own keys (lower case) are left out."""
    return {"ID": str(row["id"]), **{key: text(value) for key, value in row.items() if key == key.upper()}}


def only(shown: dict[str, Any], select: Any) -> dict[str, Any]:
    """The selected keys; `*` and nothing mean all."""
    names = [str(one) for one in (select.values() if isinstance(select, dict) else select or [])]
    if not names or "*" in names:
        return shown
    return {name: value for name, value in shown.items() if name == "ID" or name in names}
