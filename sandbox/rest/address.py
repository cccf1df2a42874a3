"""crm.address.*: addresses of requisites, one of each type.

https://apidocs.bitrix24.com/api-reference/crm/requisites/addresses/
"""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.rest.call import Call, method
from sandbox.rest.classic import classic_fields
from sandbox.rest.requisite import number_of, values_of
from sandbox.rest.rows import columns, only, page_of, stringed

_REQUISITE = 8
_TEXTS = "ADDRESS_1 ADDRESS_2 CITY POSTAL_CODE REGION PROVINCE COUNTRY COUNTRY_CODE"
_COLUMNS = columns(f"TYPE_ID:integer ENTITY_TYPE_ID:integer ENTITY_ID:integer LOC_ADDR_ID:integer {_TEXTS}")


def _show(row: Row) -> dict[str, Any]:
    shown = stringed({name: value for name, value in row.items() if name != "id"})
    return {**dict.fromkeys(_COLUMNS), **shown}


@method("crm.address.add")
def add(call: Call) -> bool:
    """Gives a requisite an address; one of the same type is replaced."""
    given = classic_fields(call)
    owner, kind = number_of(given, "ENTITY_ID"), number_of(given, "TYPE_ID")
    if number_of(given, "ENTITY_TYPE_ID") != _REQUISITE or call.portal.tables.requisites.get(owner) is None:
        raise Refusal("", "Owner not found")
    if not kind:
        raise Refusal("", "TYPE_ID is not defined or invalid.")
    table = call.portal.tables.addresses
    same = next((row for row in table.by("ENTITY_ID", owner) if row["TYPE_ID"] == kind), None)
    numbers = {"TYPE_ID": kind, "ENTITY_TYPE_ID": _REQUISITE, "ENTITY_ID": owner}
    table.add(values_of(given, _COLUMNS) | numbers | ({"id": same["id"]} if same else {}))
    return True


@method("crm.address.list")
def addresses(call: Call) -> Page:
    """A page of addresses."""
    page = page_of(call, call.portal.tables.addresses, _COLUMNS, call.mapping("filter"))
    return Page([only(_show(row), call.get("select")) for row in page.result], page.total, page.next)
