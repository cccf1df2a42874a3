"""crm.address.*: addresses of requisites, one of each type.

https://apidocs.bitrix24.com/api-reference/crm/requisites/addresses/
"""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.rest.call import Call, method
from sandbox.rest.classic import classic_fields
from sandbox.rest.requisite import found, number_of, values_of
from sandbox.rest.rows import columns, only, page_of, stringed

_REQUISITE = 8
_TEXTS = "ADDRESS_1 ADDRESS_2 CITY POSTAL_CODE REGION PROVINCE COUNTRY COUNTRY_CODE"
_COLUMNS = columns(f"TYPE_ID:integer ENTITY_TYPE_ID:integer ENTITY_ID:integer LOC_ADDR_ID:integer {_TEXTS}")


def _show(row: Row) -> dict[str, Any]:
    shown = {**dict.fromkeys(_COLUMNS), **stringed(row)}
    return {name: value for name, value in shown.items() if name != "ID"}


def _key(call: Call) -> Row:
    """Which requisite's address of which type is meant."""
    given = classic_fields(call)
    owner, kind = number_of(given, "ENTITY_ID"), number_of(given, "TYPE_ID")
    if number_of(given, "ENTITY_TYPE_ID") != _REQUISITE or call.portal.tables.requisites.get(owner) is None:
        raise Refusal("", "Owner not found")
    return {"TYPE_ID": kind, "ENTITY_TYPE_ID": _REQUISITE, "ENTITY_ID": owner}


def _same(call: Call, key: Row) -> Row:
    rows = call.portal.requisites.addresses(key["ENTITY_ID"])
    return found(next((row for row in rows if row["TYPE_ID"] == key["TYPE_ID"]), None))


@method("crm.address.add")
def add(call: Call) -> bool:
    """Gives a requisite an address; one of the same type is replaced."""
    key = _key(call)
    call.portal.requisites.put_address(values_of(classic_fields(call), _COLUMNS) | key)
    return True


@method("crm.address.update")
def update(call: Call) -> bool:
    """Changes an address."""
    key = _key(call)
    old = {name: value for name, value in _same(call, key).items() if name != "id"}
    call.portal.requisites.put_address(old | values_of(classic_fields(call), _COLUMNS) | key)
    return True


@method("crm.address.delete")
def delete(call: Call) -> bool:
    """Takes an address away."""
    call.portal.requisites.remove_address(_same(call, _key(call)))
    return True


@method("crm.address.list")
def addresses(call: Call) -> Page:
    """A page of addresses."""
    page = page_of(call, call.portal.tables.addresses, _COLUMNS, call.mapping("filter"))
    return Page([only(_show(row), call.get("select")) for row in page.result], page.total, page.next)
