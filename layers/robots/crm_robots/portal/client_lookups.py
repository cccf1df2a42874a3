"""Questions about a lead's client: who has this phone or INN, and what was made of the lead already.

https://apidocs.bitrix24.com/api-reference/crm/duplicates/crm-duplicate-find-by-comm.html
https://apidocs.bitrix24.com/api-reference/crm/requisites/
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from crm_robots.portal.commands import Command
from crm_robots.shared.items import ENTITY_TYPE_IDS, ItemRef, to_id

_COMPANY = 4
_DEAL = 2


def find_by_communication(kind: str, communication: str, values: Sequence[str]) -> Command:
    """Contacts or companies that hold one of at most 20 spellings. `communication` is PHONE or EMAIL."""
    return Command(
        "crm.duplicate.findbycomm",
        {"type": communication, "values": list(values), "entity_type": kind.upper()},
    )


def found_ids(kind: str, result: Any) -> list[int]:
    """The ids in that answer; `[]` when there are none."""
    ids = result.get(kind.upper()) if isinstance(result, Mapping) else None
    rows = ids.values() if isinstance(ids, Mapping) else ids or ()
    return [number for number in map(to_id, rows) if number is not None]


def made_of_lead(kind: str, lead_id: int, user_fields: Sequence[str]) -> Command:
    """All cards of that kind that were made of the lead."""
    return Command(
        "crm.item.list",
        {
            "entityTypeId": ENTITY_TYPE_IDS[kind],
            "select": ["*", *user_fields],
            "filter": {"leadId": lead_id},
            "order": {"id": "ASC"},
            "start": -1,
            "useOriginalUfNames": "Y",
        },
    )


def contacts_of_lead(lead_id: int) -> Command:
    """The links of a lead, one `CONTACT_ID` a row."""
    return Command("crm.lead.contact.items.get", {"id": lead_id})


def linked_ids(result: Any) -> list[int]:
    """The contacts in that answer, the primary one first."""
    rows = result.values() if isinstance(result, Mapping) else result or ()
    ordered = sorted(rows, key=lambda row: (row.get("IS_PRIMARY") != "Y", to_id(row.get("SORT")) or 0))
    return [number for row in ordered if (number := to_id(row.get("CONTACT_ID"))) is not None]


def requisites_with_inn(inn: str) -> Command:
    """Requisites of companies that have this INN: the only way to find a company by it."""
    return _requisites({"RQ_INN": inn, "ENTITY_TYPE_ID": _COMPANY})


def requisites_of_company(company_id: int) -> Command:
    """All requisites of a company."""
    return _requisites({"ENTITY_TYPE_ID": _COMPANY, "ENTITY_ID": company_id})


def _requisites(wanted: Mapping[str, Any]) -> Command:
    return Command("crm.requisite.list", {"filter": wanted, "select": ["*"], "order": {"ID": "ASC"}})


def bank_details_of(requisite_id: int) -> Command:
    """All bank details of a requisite."""
    wanted = {"ENTITY_ID": requisite_id}
    select = ["ID", "ENTITY_ID", "RQ_ACC_NUM", "RQ_BIK", "RQ_BANK_NAME", "RQ_COR_ACC_NUM"]
    return Command("crm.requisite.bankdetail.list", {"filter": wanted, "select": select, "order": {"ID": "ASC"}})


def open_deals_of(kind: str, number: int) -> Iterator[Command]:
    """Whether a client has open deals. Both lists are asked: the classic one misses contacts that are not primary,
    and the documentation does not promise that the universal one filters by contacts."""
    wanted = {f"{kind}Id" if kind == "company" else "contactIds": number, "closed": "N"}
    yield Command("crm.item.list", {"entityTypeId": _DEAL, "select": ["id"], "filter": wanted, "start": -1})
    classic = {f"{kind.upper()}_ID": number, "CLOSED": "N"}
    yield Command("crm.deal.list", {"filter": classic, "select": ["ID"], "order": {"ID": "ASC"}})


def deal_ids(result: Any) -> list[int]:
    """The ids in a list of either dialect."""
    rows = result.get("items") if isinstance(result, Mapping) and "items" in result else result
    found = (to_id(row.get("id", row.get("ID"))) for row in rows or ())
    return [number for number in found if number is not None]


def cities_of(kind: str, numbers: Sequence[int]) -> Command:
    """Towns of up to 50 contacts or companies, which only the classic list tells."""
    return Command(f"crm.{kind}.list", {"filter": {"@ID": list(numbers)}, "select": ["ID", "ADDRESS_CITY"]})


def cities_in(kind: str, result: Any) -> dict[ItemRef, str]:
    """The towns in that answer."""
    rows = ((to_id(row.get("ID")), str(row.get("ADDRESS_CITY") or "")) for row in result or ())
    return {ItemRef(kind, number): city for number, city in rows if number and city}


def is_person(result: Any, user_id: int | None) -> bool:
    """Whether `user.get` shows somebody of that id who works here: it hides bots and the system's own user."""
    rows: Collection[Any] = result or ()
    return any(to_id(row.get("ID")) == user_id and row.get("ACTIVE") in (True, "Y", "1", 1) for row in rows)
