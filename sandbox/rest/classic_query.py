"""`filter`, `select` and `order` of the classic lists: no OR, and unknown names are ignored."""

from typing import Any

from sandbox.portal.fields import Field
from sandbox.portal.filters import Condition, Test, condition, split_prefix
from sandbox.portal.multifields import KINDS
from sandbox.portal.store import Row
from sandbox.portal.values import BadValue, as_list
from sandbox.rest.classic_view import ClassicView


def texts(value: Any) -> list[str]:
    """A list of names, however it came."""
    return [str(one) for one in as_list(value)]


def compile_classic(view: ClassicView, given: dict[str, Any], zone: Any) -> tuple[list[Condition], list[Test]]:
    """Conditions by field, and tests for phones and e-mails, which match the stored text exactly."""
    conditions: list[Condition] = []
    tests: list[Test] = []
    for prefixed, value in given.items():
        operator, name = split_prefix(prefixed)
        if name in KINDS and "fm" in view.fields:
            tests.append(_communication(name, operator, value))
        elif name in view.keys:
            conditions += _condition(view.fields[view.keys[name]], operator, value, zone)
    return conditions, tests


def _condition(field: Field, operator: str, value: Any, zone: Any) -> list[Condition]:
    if field.type == "boolean" and field.user_field and not isinstance(value, (list, dict)):
        value = {"Y": "1", "N": "0"}.get(str(value).upper(), value)
    try:
        return [condition(field, operator, value, zone)]
    except (BadValue, ValueError, TypeError):
        # A value that means nothing matches nothing.
        return [Condition(field.name, "@", frozenset(), lambda _: None)]


def _communication(kind: str, operator: str, value: Any) -> Test:
    wanted = {str(one) for one in as_list(value)}

    def holds(row: Row) -> bool:
        stored = {one["value"] for one in row.get("fm") or () if one["typeId"] == kind}
        if "%" in operator:
            found = any(text.strip("%") in one for text in wanted for one in stored)
        else:
            found = bool(stored & wanted)
        return found != operator.startswith("!")

    return holds


def classic_order(view: ClassicView, given: dict[str, Any]) -> list[tuple[Field, bool]]:
    """Fields and whether they descend."""
    known = {name: direction for name, direction in given.items() if name in view.keys}
    return [(view.fields[view.keys[name]], str(way).upper() == "DESC") for name, way in known.items()]
