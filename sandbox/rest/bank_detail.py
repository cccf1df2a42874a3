"""crm.requisite.bankdetail.*: bank accounts of a requisite. No checksum is looked at."""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.values import is_empty
from sandbox.rest.call import Call, method
from sandbox.rest.classic import classic_fields, classic_id
from sandbox.rest.requisite import found, number_of, values_of
from sandbox.rest.rows import columns, only, page_of, stringed

_COLUMNS = columns(
    "ID:integer ENTITY_ID:integer COUNTRY_ID:integer DATE_CREATE:datetime DATE_MODIFY:datetime "
    "CREATED_BY_ID:integer "
    "MODIFY_BY_ID:integer NAME CODE XML_ID ORIGINATOR_ID ACTIVE SORT:integer RQ_BANK_NAME "
    "RQ_BANK_ADDR RQ_BIK "
    "RQ_ACC_NUM RQ_COR_ACC_NUM RQ_ACC_CURRENCY RQ_ACC_NAME RQ_SWIFT COMMENTS"
)


def _show(row: Row) -> dict[str, Any]:
    return {**dict.fromkeys(_COLUMNS), **stringed(row)}


@method("crm.requisite.bankdetail.add")
def add(call: Call) -> int:
    """Adds bank details; `ENTITY_ID` is the requisite."""
    given = classic_fields(call)
    if call.portal.tables.requisites.get(number_of(given, "ENTITY_ID")) is None:
        raise Refusal("", "ENTITY_ID is not defined or invalid")
    if is_empty(given.get("NAME")):
        raise Refusal("", "NAME is not defined or invalid.")
    return call.portal.requisites.add_bank_detail(call.user_id, values_of(given, _COLUMNS))


@method("crm.requisite.bankdetail.list")
def bank_details(call: Call) -> Page:
    """A page of bank details."""
    page = page_of(call, call.portal.tables.bank_details, _COLUMNS, call.mapping("filter"))
    return Page([only(_show(row), call.get("select")) for row in page.result], page.total, page.next)


@method("crm.requisite.bankdetail.get")
def get(call: Call) -> Any:
    """One of them."""
    return _show(found(call.portal.tables.bank_details.get(classic_id(call))))


@method("crm.requisite.bankdetail.update")
def update(call: Call) -> bool:
    """Changes bank details."""
    row = found(call.portal.tables.bank_details.get(classic_id(call)))
    call.portal.requisites.change(row, call.user_id, values_of(classic_fields(call), _COLUMNS), bank=True)
    return True


@method("crm.requisite.bankdetail.delete")
def delete(call: Call) -> bool:
    """Deletes bank details."""
    call.portal.requisites.remove(found(call.portal.tables.bank_details.get(classic_id(call))), bank=True)
    return True
