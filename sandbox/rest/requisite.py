"""crm.requisite.*: INN, KPP and the rest belong to the requisite, not to the company.

https://apidocs.bitrix24.com/api-reference/crm/requisites/
"""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.types import BY_ID, COMPANY, CONTACT, DEAL
from sandbox.portal.values import as_list, is_empty
from sandbox.rest.call import Call, method
from sandbox.rest.classic import classic_fields, classic_id
from sandbox.rest.rows import columns, only, page_of, stringed

_TEXTS = (
    "RQ_NAME RQ_FIRST_NAME RQ_LAST_NAME RQ_SECOND_NAME RQ_COMPANY_NAME RQ_COMPANY_FULL_NAME "
    "RQ_COMPANY_REG_DATE "
    "RQ_DIRECTOR RQ_ACCOUNTANT RQ_CEO_NAME RQ_CEO_WORK_POS RQ_CONTACT RQ_EMAIL RQ_PHONE RQ_FAX RQ_IDENT_DOC "
    "RQ_IDENT_DOC_NUM RQ_INN RQ_KPP RQ_OGRN RQ_OGRNIP RQ_OKPO RQ_OKTMO RQ_OKVED"
)
COLUMNS = columns(
    "ID:integer ENTITY_TYPE_ID:integer ENTITY_ID:integer PRESET_ID:integer DATE_CREATE:datetime "
    "DATE_MODIFY:datetime "
    f"CREATED_BY_ID:integer MODIFY_BY_ID:integer NAME CODE XML_ID ORIGINATOR_ID ACTIVE SORT:integer {_TEXTS}"
)
_READ_ONLY = frozenset({"ID", "DATE_CREATE", "DATE_MODIFY", "CREATED_BY_ID", "MODIFY_BY_ID"})
NUMBERS = frozenset({"ENTITY_TYPE_ID", "ENTITY_ID", "PRESET_ID", "SORT"})


def show(row: Row) -> dict[str, Any]:
    """A requisite: every column, as strings."""
    return {**dict.fromkeys(COLUMNS), **stringed(row)}


def number_of(given: dict[str, Any], name: str) -> int:
    """A required id among the fields."""
    value = str(given.get(name) or "")
    if not value.isdigit() or value == "0":
        raise Refusal("", f"{name} is not defined or invalid.")
    return int(value)


def found(row: Row | None) -> Row:
    """The row, or the refusal."""
    if row is None:
        raise Refusal("", "Not found")
    return row


def values_of(given: dict[str, Any], known: Any) -> Row:
    """Writable columns with typed ids."""
    kept = {name: value for name, value in given.items() if name in known and name not in _READ_ONLY}
    return {name: int(value) if name in NUMBERS and str(value).isdigit() else value for name, value in kept.items()}


@method("crm.requisite.add")
def add(call: Call) -> int:
    """Adds a requisite to a contact or a company."""
    given = classic_fields(call)
    type_id = number_of(given, "ENTITY_TYPE_ID")
    if type_id not in (CONTACT.id, COMPANY.id):
        raise Refusal("", "ENTITY_TYPE_ID is not defined or invalid.")
    if call.portal.items.get(type_id, number_of(given, "ENTITY_ID")) is None:
        raise Refusal("", "Entity not found.")
    if call.portal.tables.presets.get(number_of(given, "PRESET_ID")) is None:
        raise Refusal("", "PRESET_ID is not defined or invalid.")
    if is_empty(given.get("NAME")):
        raise Refusal("", "NAME is not defined or invalid.")
    return call.portal.requisites.add(call.user_id, values_of(given, COLUMNS))


@method("crm.requisite.list")
def requisites(call: Call) -> Page:
    """The only way to find a company by INN."""
    page = page_of(call, call.portal.tables.requisites, COLUMNS, call.mapping("filter"))
    select = call.get("select")
    shown = [only(show(row), select) for row in page.result]
    if as_list(select) and "*" not in as_list(select) and "ID" not in as_list(select):
        shown = [{name: value for name, value in row.items() if name != "ID"} for row in shown]
    return Page(shown, page.total, page.next)


@method("crm.requisite.get")
def get(call: Call) -> Any:
    """One requisite."""
    return show(found(call.portal.tables.requisites.get(classic_id(call))))


@method("crm.requisite.update")
def update(call: Call) -> bool:
    """Changes a requisite; its owner stays."""
    row = found(call.portal.tables.requisites.get(classic_id(call)))
    changes = values_of(classic_fields(call), COLUMNS)
    fixed = {name: value for name, value in changes.items() if name not in ("ENTITY_TYPE_ID", "ENTITY_ID")}
    call.portal.requisites.change(row, call.user_id, fixed)
    return True


@method("crm.requisite.delete")
def delete(call: Call) -> bool:
    """Deletes a requisite with its bank details."""
    call.portal.requisites.remove(found(call.portal.tables.requisites.get(classic_id(call))))
    return True


_LINK_FIELDS = [
    "ENTITY_TYPE_ID",
    "ENTITY_ID",
    "REQUISITE_ID",
    "BANK_DETAIL_ID",
    "MC_REQUISITE_ID",
    "MC_BANK_DETAIL_ID",
]
_LINK_COLUMNS = columns(" ".join(f"{name}:integer" for name in _LINK_FIELDS))


@method("crm.requisite.link.register")
def register(call: Call) -> bool:
    """Makes a deal use a requisite of its client. All fields are mandatory, 0 is none."""
    given = classic_fields(call)
    for name in _LINK_FIELDS:
        if not str(given.get(name, "")).isdigit():
            raise Refusal("", f"{name} is not defined or invalid.")
    link = {name: int(given[name]) for name in _LINK_FIELDS}
    deal = call.portal.items.get(DEAL.id, link["ENTITY_ID"]) if link["ENTITY_TYPE_ID"] == DEAL.id else None
    if deal is None:
        raise Refusal("", "Entity not found.")
    _check_link(call, deal, link)
    call.portal.requisites.link_deal(link)
    return True


def _check_link(call: Call, deal: Row, link: dict[str, int]) -> None:
    requisite_id = link["REQUISITE_ID"]
    if not requisite_id:
        return
    requisite = call.portal.tables.requisites.get(requisite_id)
    if requisite is None:
        raise Refusal("", f"The Requisite with ID '{requisite_id}' is not found")
    owner = (requisite["ENTITY_TYPE_ID"], requisite["ENTITY_ID"])
    if owner not in call.portal.requisites.clients_of_deal(deal):
        company = deal["companyId"]
        client = f"Company with ID '{company}'" if company else f"Contact with ID '{deal['contactId']}'"
        raise Refusal("", f"The Requisite with ID '{requisite_id}' is not assigned to {client}")
    bank = call.portal.tables.bank_details.get(link["BANK_DETAIL_ID"]) if link["BANK_DETAIL_ID"] else None
    if link["BANK_DETAIL_ID"] and (bank is None or bank["ENTITY_ID"] != requisite_id):
        detail = f"The BankDetail with ID '{link['BANK_DETAIL_ID']}'"
        raise Refusal("", f"{detail} is not assigned to Requisite with ID '{requisite_id}'")


@method("crm.requisite.link.list")
def links(call: Call) -> Page:
    """Requisites used by deals."""
    page = page_of(call, call.portal.tables.requisite_links, _LINK_COLUMNS, call.mapping("filter"))
    return Page([{n: str(row[n]) for n in _LINK_FIELDS} for row in page.result], page.total, page.next)


@method("crm.requisite.link.get")
def link(call: Call) -> Any:
    """The requisite that a deal uses."""
    if call.number("entityTypeId") not in BY_ID:
        raise Refusal("", "Not found")
    row = found(call.portal.requisites.of_deal(call.number("entityId")))
    return {name: str(row[name]) for name in _LINK_FIELDS}
