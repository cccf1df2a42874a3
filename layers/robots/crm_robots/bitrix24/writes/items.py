"""Items: changing, making and linking them.

https://apidocs.bitrix24.com/api-reference/crm/universal/
"""

from typing import Any

from crm_robots.bitrix24.commands import Command
from crm_robots.bitrix24.items import classic_fields, to_item, universal_fields
from crm_robots.bitrix24.writes.write import Found, Write
from crm_robots.domain.actions import AddItem, LinkContact, SetProducts, UpdateItem
from crm_robots.domain.items import ENTITY_TYPE_IDS, to_id
from crm_robots.domain.values import same_value

ORIGINATOR = "crm_robots"
"""Goes into ORIGINATOR_ID of everything the robots make."""
_OWNER_LETTERS = {"lead": "L", "deal": "D", "contact": "C", "company": "CO"}


def _update(action: UpdateItem) -> Command:
    kind, number = action.item
    if any(value in (None, [], ()) for value in action.fields.values()):
        # crm.item.update answers success and keeps the old values of a multiple dropdown.
        return Command(f"crm.{kind}.update", {"id": number, "fields": classic_fields(kind, action.fields)})
    return Command(
        "crm.item.update",
        {
            "entityTypeId": ENTITY_TYPE_IDS[kind],
            "id": number,
            "fields": universal_fields(action.fields),
            "useOriginalUfNames": "Y",
        },
    )


def _read(action: UpdateItem) -> Command:
    kind, number = action.item
    return Command("crm.item.get", {"entityTypeId": ENTITY_TYPE_IDS[kind], "id": number, "useOriginalUfNames": "Y"})


def _updated(action: UpdateItem, result: Any, above: int) -> Found:  # noqa: ARG001
    now = to_item(action.item.kind, result["item"]).fields
    wanted = action.fields
    if all(same_value(now.get(name), value) for name, value in wanted.items()):
        return Found(done=True)
    untouched = all(
        same_value(now.get(name), value) or same_value(now.get(name), wanted.get(name))
        for name, value in action.old.items()
        if name in wanted
    )
    return Found(done=not untouched, superseded=not untouched)


UPDATE = Write(_update, look=_read, found=_updated)


def _add(action: AddItem) -> Command:
    marked = action.fields | {"ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": action.mark}
    return Command(
        "crm.item.add",
        {
            "entityTypeId": ENTITY_TYPE_IDS[action.kind],
            "fields": universal_fields(marked),
            "useOriginalUfNames": "Y",
        },
    )


def marked_items(kind: str, mark: str) -> Command:
    """Finds what we made under that mark. The classic list is documented to filter by it; the universal one is not."""
    return Command(
        f"crm.{kind}.list",
        {
            "filter": {"ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": mark},
            "select": ["ID"],
            "order": {"ID": "ASC"},
        },
    )


def _first_id(result: Any) -> Found:
    rows = result or []
    rows = list(rows.values()) if isinstance(rows, dict) else rows
    number = to_id(rows[0].get("ID") or rows[0].get("id")) if rows else None
    return Found(done=number is not None, id=number)


ADD = Write(
    _add,
    made_id=lambda result: to_id(result["item"]["id"]),
    look=lambda action: marked_items(action.kind, action.mark),
    found=lambda action, result, above: _first_id(result),
    halts=True,
)


def _link(action: LinkContact) -> Command:
    fields: dict[str, Any] = {"CONTACT_ID": action.contact_id, "IS_PRIMARY": "Y" if action.primary else "N"}
    return Command(f"crm.{action.item.kind}.contact.add", {"id": action.item.id, "fields": fields})


def _linked(action: LinkContact, result: Any, above: int) -> Found:  # noqa: ARG001
    return Found(done=any(to_id(row.get("CONTACT_ID")) == to_id(action.contact_id) for row in result or []))


LINK_CONTACT = Write(
    _link,
    look=lambda action: Command(f"crm.{action.item.kind}.contact.items.get", {"id": action.item.id}),
    found=_linked,
)


def _rows_of(action: SetProducts) -> dict[str, Any]:
    return {"ownerType": _OWNER_LETTERS[action.item.kind], "ownerId": action.item.id}


# Setting the same rows again changes nothing, so a retry needs no look.
# https://apidocs.bitrix24.com/api-reference/crm/universal/product-rows/crm-item-productrow-set.html
SET_PRODUCTS = Write(
    lambda action: Command("crm.item.productrow.set", {**_rows_of(action), "productRows": action.rows}),
)
