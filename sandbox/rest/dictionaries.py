"""Stages, funnels, stage history, and the mode of the CRM."""

from typing import Any

from sandbox.portal.errors import Refusal, not_found
from sandbox.portal.pages import Page
from sandbox.portal.types import BY_ID, DEAL, LEAD
from sandbox.rest.call import Call, method
from sandbox.rest.rows import columns, page_of

_STATUS = columns(
    "ID:integer ENTITY_ID STATUS_ID NAME NAME_INIT SORT:integer SYSTEM CATEGORY_ID:integer COLOR SEMANTICS"
)
_HISTORY = columns(
    "ID:integer TYPE_ID:integer OWNER_ID:integer CREATED_TIME:datetime CATEGORY_ID:integer STAGE_SEMANTIC_ID "
    "STAGE_ID STATUS_SEMANTIC_ID STATUS_ID ownerTypeId:integer",
    OWNER_ID="ownerId",
    STAGE_ID="STAGE",
    STATUS_ID="STAGE",
    STAGE_SEMANTIC_ID="SEMANTICS",
    STATUS_SEMANTIC_ID="SEMANTICS",
)


@method("crm.status.list")
def statuses(call: Call) -> Page:
    """Entries of dictionaries; all of them at once, there is no paging."""
    table = call.portal.tables.statuses
    order = call.mapping("order") or {"SORT": "ASC"}
    page = page_of(call, table, _STATUS, call.mapping("filter"), order=order, size=len(table) + 1)
    return Page([call.portal.stages.public(row) for row in page.result], len(page.result))


@method("crm.status.entity.items")
def entity_items(call: Call) -> Any:
    """One dictionary in short."""
    rows = call.portal.stages.entries(str(call.get("entityId", "")))
    return [{"NAME": row["NAME"], "SORT": row["SORT"], "STATUS_ID": row["STATUS_ID"]} for row in rows]


@method("crm.category.list")
def categories(call: Call) -> Page:
    """Funnels of deals."""
    type_id = call.number("entityTypeId")
    if type_id not in BY_ID:
        raise not_found("Smart process not found")
    if type_id != DEAL.id:
        raise Refusal("ENTITY_TYPE_NOT_SUPPORTED", "Entity type does not support categories")
    rows = call.portal.stages.categories()
    names = ("id", "name", "sort")
    shown = [{**{n: row[n] for n in names}, "entityTypeId": DEAL.id, "isDefault": row["isDefault"]} for row in rows]
    return Page({"categories": shown}, len(shown))


@method("crm.stagehistory.list")
def stage_history(call: Call) -> Page:
    """When leads and deals moved; never by whom."""
    type_id = call.number("entityTypeId")
    if type_id not in (LEAD.id, DEAL.id):
        raise Refusal("ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported")
    given = call.mapping("filter")
    unknown = [name for name in given if name.lstrip("<>=!@%") not in _HISTORY]
    if unknown:
        raise Refusal("INVALID_ARG_VALUE", f"Invalid filter: field '{unknown[0]}' is not allowed in filter")
    owner = given.get("OWNER_ID", given.get("=OWNER_ID"))
    table = call.portal.tables.stage_history
    if owner and str(owner).isdigit():
        given = {**given, "@ID": sorted(table.find("owner", (type_id, int(owner))))}
    page = page_of(call, table, _HISTORY, {**given, "=ownerTypeId": type_id})
    shown = [call.portal.items.history.public(row) for row in page.result]
    return Page({"items": shown}, page.total, page.next)


@method("crm.settings.mode.get")
def mode(call: Call) -> int:
    """1: with leads, 2: without."""
    return 2 if call.portal.simple_crm else 1


@method("crm.enum.ownertype")
def owner_types(_: Call) -> Any:
    """Kinds of items."""
    return [{"ID": kind.id, "NAME": kind.title, "SYMBOL_CODE": kind.code} for kind in BY_ID.values()]
