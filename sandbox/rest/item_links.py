"""Links between items: crm.lead.contact.*, crm.deal.contact.*, crm.contact.company.*, crm.company.contact.*.

https://apidocs.bitrix24.com/api-reference/crm/leads/management-communication/
"""

from dataclasses import dataclass
from typing import Any

from sandbox.portal import clients
from sandbox.portal.errors import Refusal
from sandbox.portal.manners import LINKING
from sandbox.portal.store import Row
from sandbox.portal.types import COMPANY, CONTACT, DEAL, LEAD, ItemType
from sandbox.portal.values import as_list, clean_boolean
from sandbox.rest.call import Call, method


@dataclass(frozen=True, slots=True)
class Link:
    """Links of `owner` items to `other` items: the list, its primary, and how the other's id is called."""

    owner: ItemType
    other: ItemType
    many: str
    primary: str
    key: str


LINKS = (
    Link(LEAD, CONTACT, "contactIds", "contactId", "CONTACT_ID"),
    Link(DEAL, CONTACT, "contactIds", "contactId", "CONTACT_ID"),
    Link(CONTACT, COMPANY, "companyIds", "companyId", "COMPANY_ID"),
)


def _row(call: Call, kind: ItemType) -> Row:
    item_id = str(call.get("id") or "")
    if not item_id.isdigit() or item_id == "0":
        raise Refusal("", "The parameter 'ownerEntityID' is invalid or not defined.")
    row = call.portal.items.get(kind.id, int(item_id))
    if row is None:
        raise Refusal("", "Not found.")
    if not call.portal.people.may_see(call.user_id, row):
        raise Refusal("ACCESS_DENIED", "Access denied.")
    return row


def _fields(call: Call, key: str) -> tuple[dict[str, Any], int]:
    fields = call.get("fields")
    if not isinstance(fields, dict) or not str(fields.get(key) or "").isdigit():
        raise Refusal("", "The parameter 'fields' is not valid.")
    return fields, int(fields[key])


def _save(call: Call, link: Link, row: Row, elements: list[dict[str, Any]]) -> None:
    """Makes exactly these the links of the item; a lead does not become a repeat one by this."""
    ids = list(dict.fromkeys(int(one[link.key]) for one in elements))
    if any(call.portal.items.get(link.other.id, one) is None for one in ids):
        raise Refusal("", "Not found.")
    chosen = [int(one[link.key]) for one in elements if clean_boolean(one.get("IS_PRIMARY", "N")) == "Y"]
    primary = chosen[-1] if chosen else row[link.primary] if row[link.primary] in ids else (ids or [0])[0]
    sorts = {str(one[link.key]): int(one["SORT"]) for one in elements if one.get("SORT")}
    changes = {link.many: ids, link.primary: primary, "linkSorts": sorts}
    call.portal.items.update(link.owner.id, row["id"], changes, call.user_id, LINKING)


def _add(call: Call, link: Link) -> bool:
    row = _row(call, link.owner)
    fields, other = _fields(call, link.key)
    if other in row[link.many]:
        return False
    present = [
        {k: v for k, v in one.items() if k != "IS_PRIMARY"} for one in clients.links(row, link.many, link.primary)
    ]
    _save(call, link, row, [*present, fields])
    return True


def _delete(call: Call, link: Link) -> bool:
    row = _row(call, link.owner)
    _, other = _fields(call, link.key)
    if other not in row[link.many]:
        return False
    _save(
        call,
        link,
        row,
        [one for one in clients.links(row, link.many, link.primary) if one[link.key] != other],
    )
    return True


def _register(link: Link) -> None:
    prefix = f"crm.{link.owner.name}.{link.other.name}"

    @method(f"{prefix}.add")
    def add(call: Call) -> bool:
        return _add(call, link)

    @method(f"{prefix}.delete")
    def delete(call: Call) -> bool:
        return _delete(call, link)

    @method(f"{prefix}.items.get")
    def get(call: Call) -> Any:
        return clients.links(_row(call, link.owner), link.many, link.primary)

    @method(f"{prefix}.items.set")
    def replace(call: Call) -> bool:
        row = _row(call, link.owner)
        elements = as_list(call.get("items"))
        if any(not isinstance(one, dict) or not str(one.get(link.key) or "").isdigit() for one in elements):
            raise Refusal("", "The parameter 'items' is not valid.")
        _save(call, link, row, elements)
        return True

    @method(f"{prefix}.items.delete")
    def clear(call: Call) -> bool:
        _save(call, link, _row(call, link.owner), [])
        return True


for _link in LINKS:
    _register(_link)


@method("crm.company.contact.items.get")
def company_contacts(call: Call) -> Any:
    """Contacts of a company."""
    company = _row(call, COMPANY)["id"]
    found = []
    for place, contact in enumerate(clients.contacts_of_company(call.portal.tables, company)):
        primary = "Y" if place == 0 else "N"
        found.append({"CONTACT_ID": contact, "SORT": 10 * (place + 1), "ROLE_ID": 0, "IS_PRIMARY": primary})
    return found


def _set_company(call: Call, wanted: set[int]) -> bool:
    company = _row(call, COMPANY)["id"]
    if any(call.portal.items.get(CONTACT.id, one) is None for one in wanted):
        raise Refusal("", "Not found.")
    call.portal.items.set_company_contacts(company, wanted)
    return True


@method("crm.company.contact.add")
def company_contact_add(call: Call) -> bool:
    """Links a contact."""
    present = set(clients.contacts_of_company(call.portal.tables, _row(call, COMPANY)["id"]))
    _, contact = _fields(call, "CONTACT_ID")
    return contact not in present and _set_company(call, present | {contact})


@method("crm.company.contact.delete")
def company_contact_delete(call: Call) -> bool:
    """Unlinks a contact."""
    present = set(clients.contacts_of_company(call.portal.tables, _row(call, COMPANY)["id"]))
    _, contact = _fields(call, "CONTACT_ID")
    return contact in present and _set_company(call, present - {contact})


@method("crm.company.contact.items.set")
def company_contacts_set(call: Call) -> bool:
    """Replaces all contacts."""
    return _set_company(call, {int(one["CONTACT_ID"]) for one in as_list(call.get("items"))})


@method("crm.company.contact.items.delete")
def company_contacts_clear(call: Call) -> bool:
    """Unlinks all contacts."""
    return _set_company(call, set())
