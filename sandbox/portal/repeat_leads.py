"""How a lead with a client turns into a repeat one: the flag, and what moves to the client with it.

https://apidocs.bitrix24.com/api-reference/crm/leads/management-communication/
"""

from typing import Any

from sandbox.portal.multifields import NewId, mark_reachable
from sandbox.portal.store import Row
from sandbox.portal.types import COMPANY, CONTACT

_PERSONAL = ("honorific", "name", "secondName", "lastName", "birthdate", "post")


def mark(row: Row) -> None:
    """The flag as a save calculates it: whether the lead has a client."""
    row["isReturnCustomer"] = "Y" if row["contactIds"] or row["contactId"] or row["companyId"] else "N"


def client_of(row: Row) -> tuple[int, int]:
    """Whose card takes the lead's phones: the primary contact, else the company."""
    return (CONTACT.id, row["contactId"]) if row["contactId"] else (COMPANY.id, row["companyId"])


def handed_over(lead: Row, type_id: int, card: Row, new_id: NewId) -> Row:
    """What of the lead goes into the client's card: records that it lacks, and values of its empty fields."""
    known = {(one["typeId"], _bare(one)) for one in card["fm"]}
    fresh = [one for one in lead["fm"] if (one["typeId"], _bare(one)) not in known]
    changes: dict[str, Any] = {}
    if fresh:
        changes["fm"] = [*card["fm"], *({**one, "id": new_id()} for one in fresh)]
    if type_id == CONTACT.id:
        changes |= {name: lead[name] for name in _PERSONAL if lead.get(name) and not card.get(name)}
    return changes


def hide(row: Row) -> None:
    """The card of a repeat lead has no phones and e-mails of its own."""
    row["fm"] = []
    mark_reachable(row)


def _bare(one: Row) -> str:
    value = str(one["value"]).strip().casefold()
    return "".join(sign for sign in value if sign.isdigit()) if one["typeId"] == "PHONE" else value
