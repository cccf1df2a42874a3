"""Requisites, their bank details, and which of them a deal uses.

https://apidocs.bitrix24.com/api-reference/crm/requisites/
"""

from typing import Any

from crm_robots.portal.commands import Command
from crm_robots.portal.writes.write import Found, Write
from crm_robots.shared.actions import AddAddress, AddBankDetail, AddRequisite, LinkRequisite
from crm_robots.shared.items import to_id
from crm_robots.shared.reference import Reference

_MARK = "crm_robots:"
_RUSSIA = 1


def _marked(method: str, entity_id: int | Reference, mark: str) -> Command:
    wanted = {"ENTITY_ID": entity_id, "XML_ID": f"{_MARK}{mark}"}
    return Command(method, {"filter": wanted, "select": ["ID", "XML_ID"], "order": {"ID": "ASC"}})


def _first_id(result: Any) -> Found:
    number = to_id(result[0].get("ID")) if result else None
    return Found(done=number is not None, id=number)


def _add(action: AddRequisite) -> Command:
    fields: dict[str, Any] = {
        "ENTITY_TYPE_ID": action.owner.entity_type_id,
        "ENTITY_ID": action.owner.id,
        "PRESET_ID": action.preset_id,
        "NAME": action.name,
        "XML_ID": f"{_MARK}{action.mark}",
        "ACTIVE": "Y",
    }
    return Command("crm.requisite.add", {"fields": fields | action.fields})


ADD = Write(
    _add,
    made_id=to_id,
    look=lambda action: _marked("crm.requisite.list", action.owner.id, action.mark),
    found=lambda action, result, above: _first_id(result),
    halts=True,
)

# The same fields set again change nothing, so a retry needs no look.
UPDATE = Write(
    lambda action: Command("crm.requisite.update", {"id": action.requisite_id, "fields": action.fields}),
)


_REQUISITE = 8
_LEGAL_ADDRESS = 6


def _address(action: AddAddress) -> dict[str, Any]:
    return {"TYPE_ID": _LEGAL_ADDRESS, "ENTITY_TYPE_ID": _REQUISITE, "ENTITY_ID": action.requisite_id}


# https://apidocs.bitrix24.com/api-reference/crm/requisites/addresses/
ADD_ADDRESS = Write(
    lambda action: Command("crm.address.add", {"fields": {**_address(action), "ADDRESS_1": action.text}}),
    look=lambda action: Command("crm.address.list", {"filter": _address(action)}),
    found=lambda action, result, above: Found(done=bool(result)),
)


def _add_bank_detail(action: AddBankDetail) -> Command:
    fields: dict[str, Any] = {
        "ENTITY_ID": action.requisite_id,
        "NAME": action.name,
        "COUNTRY_ID": _RUSSIA,
        "XML_ID": f"{_MARK}{action.mark}",
    }
    return Command("crm.requisite.bankdetail.add", {"fields": fields | action.fields})


ADD_BANK_DETAIL = Write(
    _add_bank_detail,
    made_id=to_id,
    look=lambda action: _marked("crm.requisite.bankdetail.list", action.requisite_id, action.mark),
    found=lambda action, result, above: _first_id(result),
    halts=True,
)


# The same fields set again change nothing, so a retry needs no look.
UPDATE_BANK_DETAIL = Write(
    lambda action: Command("crm.requisite.bankdetail.update", {"id": action.bank_detail_id, "fields": action.fields}),
)


def _link(action: LinkRequisite) -> Command:
    fields = {
        "ENTITY_TYPE_ID": 2,
        "ENTITY_ID": action.deal_id,
        "REQUISITE_ID": action.requisite_id,
        "BANK_DETAIL_ID": action.bank_detail_id,
        "MC_REQUISITE_ID": 0,
        "MC_BANK_DETAIL_ID": 0,
    }
    return Command("crm.requisite.link.register", {"fields": fields})


# Registering the same link again changes nothing, so a retry needs no look.
LINK = Write(_link)
