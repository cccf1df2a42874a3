"""crm.duplicate.findbycomm and crm.entity.mergeBatch.

https://apidocs.bitrix24.com/api-reference/crm/duplicates/crm-duplicate-find-by-comm.html
"""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.merging import merge as merge_cards
from sandbox.portal.tables import communication
from sandbox.portal.types import BY_ID, COMPANY, CONTACT, LEAD
from sandbox.rest.call import Call, method

# With this many hits in one type the following types are left out.
CUT_OFF = 20
MAX_VALUES = 20
_TYPES = (LEAD, CONTACT, COMPANY)


@method("crm.duplicate.findbycomm")
def find_by_communication(call: Call) -> Any:
    """Ids by type, of cards that hold one of the values exactly as it is spelt; `[]` when there are none."""
    kind = str(call.get("type") or "").upper()
    if kind not in ("PHONE", "EMAIL"):
        raise Refusal("Communication type is not defined", "")
    values = call.get("values")
    values = list(values.values()) if isinstance(values, dict) else values
    if not isinstance(values, list) or not values:
        raise Refusal("Communication values is not defined", "")
    asked = str(call.get("entity_type") or "").upper()
    found: dict[str, list[int]] = {}
    for item_type in _TYPES:
        if asked in ("", item_type.code):
            ids = _hits(call, item_type.id, kind, values[:MAX_VALUES])
            if ids:
                found[item_type.code] = ids[:CUT_OFF]
            if len(ids) >= CUT_OFF:
                break
    return found or []


def _hits(call: Call, type_id: int, kind: str, values: list[Any]) -> list[int]:
    table = call.portal.items.table(type_id)
    ids: set[int] = set().union(*(table.find("fm", communication(kind, value)) for value in values))
    people = call.portal.people
    return [one for one in sorted(ids) if people.may_see(call.user_id, table.rows[one])]


@method("crm.entity.mergeBatch")
def merge(call: Call) -> Any:
    """Merges cards into the first; filled fields of the survivor stay."""
    params = call.mapping("params") or {name: call.get(name) for name in ("entityTypeId", "entityIds")}
    type_id, ids = int(params.get("entityTypeId") or 0), [int(one) for one in params.get("entityIds") or []]
    rows = [call.portal.items.get(type_id, one) for one in ids] if type_id in BY_ID else []
    if len(rows) < 2 or None in rows:
        return {"STATUS": "ERROR", "ENTITY_IDS": ids}
    merge_cards(call.portal, type_id, ids, call.user_id)
    return {"STATUS": "SUCCESS", "ENTITY_IDS": ids[:1]}
