"""Duplicates become one card: everything that hung on the others hangs on the first.

https://apidocs.bitrix24.com/api-reference/crm/duplicates/crm-entity-merge-batch.html
"""

from sandbox.portal.clients import settle
from sandbox.portal.manners import CLASSIC
from sandbox.portal.repeat_leads import handed_over
from sandbox.portal.rooms import Rooms
from sandbox.portal.store import Row
from sandbox.portal.types import COMPANY, CONTACT, DEAL, LEAD

# Which fields of which items name a card of a kind: the list, and its primary.
_NAMED_BY = {
    CONTACT.id: ((LEAD.id, "contactIds", "contactId"), (DEAL.id, "contactIds", "contactId")),
    COMPANY.id: ((LEAD.id, "", "companyId"), (DEAL.id, "", "companyId"), (CONTACT.id, "companyIds", "companyId")),
    LEAD.id: tuple((kind, "", "leadId") for kind in (DEAL.id, CONTACT.id, COMPANY.id)),
    DEAL.id: (),
}
_OWN = ("id", "fm", "title", "createdTime", "createdBy", "contactIds", "companyIds")


def merge(rooms: Rooms, type_id: int, ids: list[int], by: int) -> None:
    """Filled fields of the first stay; phones and e-mails of all are kept, once each."""
    first, *others = ids
    for other in others:
        _take_over(rooms, type_id, first, other, by)
    for other in others:
        rooms.items.remove(type_id, other)


def _take_over(rooms: Rooms, type_id: int, first: int, other: int, by: int) -> None:
    survivor, row = (rooms.items.table(type_id).rows[one] for one in (first, other))
    changes = {name: value for name, value in row.items() if value and not survivor.get(name) and name not in _OWN}
    if "fm" in row:
        changes |= handed_over(row, type_id, survivor, rooms.items.new_fm_id)
    _rename_links(rooms, type_id, first, other)
    _rename_records(rooms, type_id, first, other)
    rooms.items.update(type_id, first, changes, by, CLASSIC)


def _rename_links(rooms: Rooms, type_id: int, first: int, other: int) -> None:
    for kind, many, primary in _NAMED_BY[type_id]:
        table = rooms.items.table(kind)
        for row in table.by(many or primary, other):
            table.put(_renamed(row, many, primary, first, other))


def _renamed(row: Row, many: str, primary: str, first: int, other: int) -> Row:
    new = {**row, primary: first if row[primary] == other else row[primary]}
    if many:
        new[many] = list(dict.fromkeys(first if one == other else one for one in row[many]))
        settle(new, many, primary, {many, primary})
    return new


def _rename_records(rooms: Rooms, type_id: int, first: int, other: int) -> None:
    """Activities, comments and requisites go along."""
    old, new = [type_id, other], [type_id, first]
    for table in (rooms.tables.activities, rooms.tables.comments):
        for row in table.by("bindings", (type_id, other)):
            pairs = [new if list(pair) == old else list(pair) for pair in row["bindings"]]
            owner = {"ownerId": first} if [row.get("ownerTypeId"), row.get("ownerId")] == old else {}
            table.put({**row, "bindings": pairs, **owner})
    for row in rooms.requisites.of(type_id, other):
        rooms.tables.requisites.put({**row, "ENTITY_ID": first})
