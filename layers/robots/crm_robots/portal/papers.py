"""A company's papers: its requisites, their bank details and addresses, and whose a requisite is.

https://apidocs.bitrix24.com/api-reference/crm/requisites/
"""

from collections.abc import Sequence
from typing import Any

from crm_robots.portal.commands import Command
from crm_robots.shared.reference import Reference

type Id = int | Reference

_COMPANY, _REQUISITE = 4, 8
_ORDER = {"ID": "ASC"}


def read_requisite(number: Id) -> Command:
    """One requisite; its owner is `ENTITY_ID`."""
    return Command("crm.requisite.get", {"id": number})


def read_bank_detail(number: Id) -> Command:
    """One account; its requisite is `ENTITY_ID`."""
    return Command("crm.requisite.bankdetail.get", {"id": number})


def requisites_by_id(numbers: Sequence[int]) -> Command:
    """Up to 50 requisites."""
    return _list("crm.requisite.list", {"@ID": list(numbers)})


def bank_details_by_id(numbers: Sequence[int]) -> Command:
    """Up to 50 accounts."""
    return _list("crm.requisite.bankdetail.list", {"@ID": list(numbers)})


def requisites_of_companies(companies: Sequence[Id]) -> Command:
    """The first 50 requisites of these companies."""
    return _list("crm.requisite.list", {"ENTITY_TYPE_ID": _COMPANY, "@ENTITY_ID": list(companies)})


def requisites_behind(last: int) -> Command:
    """The next 50 requisites of companies by id: whose, and their INN."""
    wanted = {"ENTITY_TYPE_ID": _COMPANY, ">ID": last}
    select = ["ID", "ENTITY_ID", "RQ_INN"]
    return Command("crm.requisite.list", {"filter": wanted, "select": select, "order": _ORDER, "start": -1})


def bank_details_of_requisites(requisites: Sequence[Id]) -> Command:
    """Their first 50 accounts."""
    return _list("crm.requisite.bankdetail.list", {"@ENTITY_ID": list(requisites)})


def addresses_of_requisites(requisites: Sequence[Id]) -> Command:
    """Their first 50 addresses."""
    wanted = {"ENTITY_TYPE_ID": _REQUISITE, "@ENTITY_ID": list(requisites)}
    return Command("crm.address.list", {"filter": wanted, "select": ["TYPE_ID", "ENTITY_ID"]})


def _list(method: str, wanted: dict[str, Any]) -> Command:
    return Command(method, {"filter": wanted, "select": ["*"], "order": _ORDER})
