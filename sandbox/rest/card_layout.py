"""crm.item.details.configuration.*: sections and fields of the card, personal (P) or common (C).

https://apidocs.bitrix24.com/api-reference/crm/universal/item-details-configuration/
"""

from typing import Any

from sandbox.portal.errors import Refusal, access_denied, missing
from sandbox.portal.store import Row
from sandbox.portal.types import TYPES, ItemType
from sandbox.rest.call import Call, method
from sandbox.rest.crm_item import item_type

_EXTRAS = ("dealCategoryId", "leadCustomerType", "categoryId")


def _key(call: Call, kind: ItemType) -> str:
    scope = str(call.get("scope") or "P").upper()
    user = call.number("userId") if call.get("userId") else call.user_id
    extras = call.mapping("extras")
    extra = "|".join(str(extras.get(name, "")) for name in _EXTRAS)
    return f"{kind.id}:{scope}:{user if scope == 'P' else ''}:{extra}"


def _may_change(call: Call) -> None:
    scope = str(call.get("scope") or "P").upper()
    foreign = call.get("userId") and call.number("userId") != call.user_id
    if (scope == "C" or foreign) and not call.portal.people.is_admin(call.user_id):
        raise access_denied()


def _row(call: Call, kind: ItemType) -> Row | None:
    key = _key(call, kind)
    return next((row for row in call.portal.tables.card_layouts if row["key"] == key), None)


def _section(given: Any, place: int) -> Row:
    if not isinstance(given, dict):
        raise Refusal("", "Parameter 'data' must be array.")
    for name in ("name", "title", "type"):
        if not given.get(name):
            raise Refusal("", f"Section at index {place} does not have {name}.")
    if given["type"] != "section":
        raise Refusal("", f"Section at index {place} have type unknown.")
    elements = [_element(one, place) for one in given.get("elements") or []]
    return {**{name: str(given[name]) for name in ("name", "title", "type")}, "elements": elements}


def _element(given: Any, place: int) -> Row:
    if not isinstance(given, dict) or not given.get("name"):
        raise Refusal("", f"Element of section at index {place} does not have name.")
    element: Row = {"name": str(given["name"]), "optionFlags": str(given.get("optionFlags", 0))}
    return {**element, **({"options": given["options"]} if given.get("options") else {})}


def _get(call: Call, kind: ItemType) -> Any:
    row = _row(call, kind)
    return row["data"] if row else None


def _set(call: Call, kind: ItemType) -> bool:
    _may_change(call)
    data = call.get("data")
    data = list(data.values()) if isinstance(data, dict) else data
    if data is None:
        raise missing("data")
    if not isinstance(data, list) or not data:
        raise Refusal("", "Parameter 'data' must be array.")
    sections = [_section(one, place) for place, one in enumerate(data)]
    old = _row(call, kind)
    row = {"key": _key(call, kind), "data": sections, **({"id": old["id"]} if old else {})}
    call.portal.tables.card_layouts.add(row)
    return True


def _reset(call: Call, kind: ItemType) -> bool:
    _may_change(call)
    row = _row(call, kind)
    if row:
        call.portal.tables.card_layouts.remove(row["id"])
    return True


def _force(call: Call, kind: ItemType) -> bool:
    """Personal settings go, everybody sees the common card."""
    if not call.portal.people.is_admin(call.user_id):
        raise access_denied()
    for row in [row for row in call.portal.tables.card_layouts if row["key"].startswith(f"{kind.id}:P:")]:
        call.portal.tables.card_layouts.remove(row["id"])
    return True


_VERBS = {"get": _get, "set": _set, "reset": _reset, "forceCommonScopeForAll": _force}


def _register(verb: str) -> None:
    act = _VERBS[verb]

    @method(f"crm.item.details.configuration.{verb}")
    def universal(call: Call) -> Any:
        return act(call, item_type(call))

    for kind in TYPES:
        _register_classic(verb, kind)


def _register_classic(verb: str, kind: ItemType) -> None:
    @method(f"crm.{kind.name}.details.configuration.{verb}")
    def classic(call: Call) -> Any:
        return _VERBS[verb](call, kind)


for _verb in _VERBS:
    _register(_verb)
