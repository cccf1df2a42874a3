"""The client of an item: contacts and their primary, and the company."""

from typing import Any

from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.types import COMPANY, CONTACT, DEAL, LEAD


def settle(row: Row, many: str, primary: str, changed: set[str]) -> None:
    """Brings the list of links (`contactIds`) and its primary (`contactId`) together after a change of either."""
    links: list[int] = list(row.get(many) or ())
    first: int = row.get(primary) or 0
    if primary in changed and many not in changed:
        if not first:
            links = links[1:] if links else links
        elif first not in links:
            links = [first, *links[1:]] if links else [first]
    if (many in changed and primary not in changed) or first not in links:
        first = first if first in links else (links[0] if links else 0)
    row[many], row[primary] = links, first


def settle_clients(type_id: int, row: Row, changed: set[str]) -> None:
    """Applies `settle` to whatever links the type has."""
    if type_id in (LEAD.id, DEAL.id):
        settle(row, "contactIds", "contactId", changed)
    elif type_id == CONTACT.id:
        settle(row, "companyIds", "companyId", changed)


def links(row: Row, many: str, primary: str) -> list[dict[str, Any]]:
    """Link objects of `*.items.get`, by sort."""
    sorts = row.get("linkSorts") or {}
    key = "CONTACT_ID" if many == "contactIds" else "COMPANY_ID"
    found = [
        {
            key: linked,
            "SORT": sorts.get(str(linked), 10 * (place + 1)),
            "ROLE_ID": 0,
            "IS_PRIMARY": "Y" if linked == row.get(primary) else "N",
        }
        for place, linked in enumerate(row.get(many) or ())
    ]
    return sorted(found, key=lambda link: link["SORT"])


def contacts_of_company(tables: Tables, company_id: int) -> list[int]:
    """Contacts that are linked with the company, by id."""
    return sorted(tables.items[CONTACT.id].find("companyIds", company_id))


def unlink_everywhere(tables: Tables, type_id: int, item_id: int) -> None:
    """A deleted contact or company leaves the items that it was linked with."""
    if type_id == CONTACT.id:
        for other in (LEAD.id, DEAL.id):
            _drop(tables, other, "contactIds", "contactId", item_id)
    if type_id == COMPANY.id:
        _drop(tables, CONTACT.id, "companyIds", "companyId", item_id)
        for other in (LEAD.id, DEAL.id):
            for row in tables.items[other].by("companyId", item_id):
                tables.items[other].put({**row, "companyId": 0})


def _drop(tables: Tables, type_id: int, many: str, primary: str, gone: int) -> None:
    for row in tables.items[type_id].by(many, gone):
        new = {**row, many: [linked for linked in row[many] if linked != gone]}
        settle(new, many, primary, {many})
        tables.items[type_id].put(new)
