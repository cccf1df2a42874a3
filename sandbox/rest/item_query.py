"""`select`, `filter` and `order` of crm.item.list: strict about names and values, with nested OR groups.

https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-list.html
"""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.fields import Field
from sandbox.portal.filters import Condition, Test, condition, split_prefix
from sandbox.portal.store import Row
from sandbox.portal.values import BadValue
from sandbox.rest.item_view import ItemView

_DIRECTIONS = ("ASC", "DESC")


def _invalid(text: str) -> Refusal:
    return Refusal("INVALID_ARG_VALUE", text)


def select_keys(view: ItemView, select: Any) -> list[str] | None:
    """Keys of the fields asked for; None: all of them, with `fm`. Unknown names are left out."""
    names = [str(name) for name in (select.values() if isinstance(select, dict) else select or [])]
    if not names or "*" in names:
        return None
    keys = [view.key(name) for name in ["id", *names]]
    return list(dict.fromkeys(key for key in keys if key and key != "fm"))


def order_fields(view: ItemView, order: Any) -> list[tuple[Field, bool]]:
    """Fields and whether they descend."""
    found = []
    for name, direction in (order or {}).items() if isinstance(order, dict) else ():
        key = view.key(name)
        if key is None or key == "fm":
            raise _invalid(f"Invalid order: field '{name}' is not allowed in order")
        if str(direction).upper() not in _DIRECTIONS:
            allowed = ", ".join(_DIRECTIONS)
            raise _invalid(
                f"Invalid order: allowed sort directions are {allowed}. But got '{direction}' for field '{name}'"
            )
        found.append((view.fields[key], str(direction).upper() == "DESC"))
    return found


def compile_filter(view: ItemView, given: dict[str, Any], zone: Any) -> tuple[list[Condition], list[Test]]:
    """Conditions that must all hold, which indexes can answer, and tests for nested groups."""
    conditions: list[Condition] = []
    tests: list[Test] = []
    for key, value in given.items():
        if key == "logic":
            continue
        if str(key).isdigit():
            tests.append(_group(view, value, zone))
        else:
            conditions.append(_condition(view, key, value, zone))
    if str(given.get("logic", "AND")).upper() == "OR":
        either = [*(one.holds for one in conditions), *tests]
        return [], [lambda row: any(test(row) for test in either)]
    return conditions, tests


def _group(view: ItemView, value: Any, zone: Any) -> Test:
    nested = value if isinstance(value, dict) else {str(i): one for i, one in enumerate(value)}
    conditions, tests = compile_filter(view, nested, zone)

    def holds(row: Row) -> bool:
        return all(one.holds(row) for one in conditions) and all(test(row) for test in tests)

    return holds


def _condition(view: ItemView, key: str, value: Any, zone: Any) -> Condition:
    operator, name = split_prefix(key)
    field_key = view.key(name)
    if field_key is None or field_key == "fm":
        raise _invalid(f"Invalid filter: field '{name}' is not allowed in filter")
    try:
        return condition(view.fields[field_key], operator, value, zone)
    except (BadValue, ValueError, TypeError):
        raise _invalid(f"Invalid filter: field '{name}' has invalid value") from None
