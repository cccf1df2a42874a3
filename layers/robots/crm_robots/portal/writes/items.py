"""Items: changing, making and linking them.

https://apidocs.bitrix24.com/api-reference/crm/universal/
"""

from collections.abc import Mapping
from typing import Any

from crm_robots.portal.commands import Command
from crm_robots.portal.items import MULTI_FIELDS, classic_fields, to_item, universal_fields
from crm_robots.portal.writes.write import Found, Write
from crm_robots.shared.actions import AddItem, LinkContact, SetProducts, UpdateItem
from crm_robots.shared.items import ENTITY_TYPE_IDS, to_id
from crm_robots.shared.reference import Reference
from crm_robots.shared.values import plain_text, same_value

_MARKS = ["ID", "LEAD_ID", "ORIGINATOR_ID", "ORIGIN_ID"]
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
            "fields": universal_fields(action.fields, action.kinds),
            "useOriginalUfNames": "Y",
        },
    )


def _read(action: UpdateItem) -> Command:
    kind, number = action.item
    return Command("crm.item.get", {"entityTypeId": ENTITY_TYPE_IDS[kind], "id": number, "useOriginalUfNames": "Y"})


def _updated(action: UpdateItem, result: Any, above: int) -> Found:  # noqa: ARG001
    now = to_item(action.item.kind, result["item"]).fields
    wanted = action.fields
    if all(_holds(now, name, value) for name, value in wanted.items()):
        return Found(done=True)
    untouched = all(
        _same(name, now.get(name), value) or _same(name, now.get(name), wanted.get(name))
        for name, value in action.old.items()
        if name in wanted
    )
    return Found(done=not untouched, superseded=not untouched)


def _holds(now: Mapping[str, Any], name: str, value: Any) -> bool:
    """Phones and e-mails are appended to those that are there; everything else is replaced."""
    if name in MULTI_FIELDS:
        return set(value) <= set(now.get(name) or ())
    return _same(name, now.get(name), value)


def _same(name: str, one: Any, other: Any) -> bool:
    """Comments are compared as plain text: the portal may answer with another markup than it was given."""
    if name == "COMMENTS":
        return plain_text(str(one or "")) == plain_text(str(other or ""))
    return same_value(one, other)


UPDATE = Write(_update, look=_read, found=_updated)


def _add(action: AddItem) -> Command:
    marked = action.fields | {"ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": action.mark}
    return Command(
        "crm.item.add",
        {
            "entityTypeId": ENTITY_TYPE_IDS[action.kind],
            "fields": universal_fields(marked, action.kinds),
            "useOriginalUfNames": "Y",
        },
    )


def marked_items(kind: str, mark: str) -> Command:
    """Finds what we made under that mark. The classic list is documented to filter by it; the universal one is not."""
    return Command(
        f"crm.{kind}.list",
        {
            "filter": {"ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": mark},
            "select": _MARKS,
            "order": {"ID": "ASC"},
        },
    )


def items_of_lead(kind: str, lead_id: int) -> Command:
    """Finds what was made of a lead, by a robot or a person. The classic list is documented to filter by it.

    https://apidocs.bitrix24.com/api-reference/crm/deals/crm-deal-list.html
    """
    return Command(
        f"crm.{kind}.list",
        {"filter": {"LEAD_ID": lead_id}, "select": _MARKS, "order": {"ID": "ASC"}},
    )


def is_ours(row: Mapping[str, Any], mark: str = "") -> bool:
    """Whether a robot made it, under that mark if one is given. Rows in our spelling or the classic one."""
    return str(row.get("ORIGINATOR_ID")) == ORIGINATOR and mark in ("", str(row.get("ORIGIN_ID")))


def _added(action: AddItem, result: Any, above: int) -> Found:  # noqa: ARG001
    """A card that a person made of the lead meanwhile is preferred to ours: it contains their work."""
    rows = list(result.values()) if isinstance(result, Mapping) else result or []
    ours = [to_id(row.get("ID")) for row in rows if is_ours(row, action.mark)]
    of_lead = [row for row in rows if action.one_per_lead and to_id(row.get("LEAD_ID")) == action.one_per_lead]
    theirs = [to_id(row.get("ID")) for row in of_lead if not is_ours(row)]
    found = (theirs or ours or [None])[0]
    twin = ours[0] if theirs and ours else None
    return Found(done=found is not None, id=found, theirs=bool(theirs), twin=twin)


ADD = Write(
    _add,
    made_id=lambda result: to_id(result["item"]["id"]),
    look=lambda action: marked_items(action.kind, action.mark),
    look_also=lambda action: items_of_lead(action.kind, action.one_per_lead) if action.one_per_lead else None,
    found=_added,
    remove=lambda action, number: Command(
        "crm.item.delete", {"entityTypeId": ENTITY_TYPE_IDS[action.kind], "id": number}
    ),
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


def products_of(kind: str, number: int | Reference, start: int = 0) -> Command:
    """The product rows of an item, 50 from `start` on: `productRows` of the result.

    https://apidocs.bitrix24.com/api-reference/crm/universal/product-rows/crm-item-productrow-list.html
    """
    owner = {"=ownerType": _OWNER_LETTERS[kind], "=ownerId": number}
    return Command("crm.item.productrow.list", {"filter": owner, "order": {"id": "asc"}, "start": start})


def product_rows(result: Any) -> list[dict[str, Any]]:
    """The rows of that answer."""
    rows = result.get("productRows") if isinstance(result, Mapping) else result
    return list(rows.values()) if isinstance(rows, Mapping) else list(rows or ())


# Rows that a person has put there meanwhile stay.
SET_PRODUCTS = Write(
    lambda action: Command("crm.item.productrow.set", {**_rows_of(action), "productRows": action.rows}),
    look=lambda action: products_of(action.item.kind, action.item.id),
    found=lambda action, result, above: Found(done=bool(product_rows(result))),
)
