"""Open deals: of a client, and how many a person has.

https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-list.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.items import to_item
from crm_robots.shared.items import ItemRef
from crm_robots.shared.reference import Reference

_SELECT = ["id", "title", "assignedById", "contactId", "contactIds", "companyId", "stageId", "stageSemanticId"]


_SELECT_STATE = [
    *("id", "stageId", "stageSemanticId", "closed", "movedTime"),
    *("contactId", "contactIds", "companyId", "isRecurring"),
]


def open_deals_of(field: str, client: int | Reference) -> Command:
    """The newest open deals of a contact (`contactIds`; `contactId` sees the primary one only) or a `companyId`."""
    return Command(
        "crm.item.list",
        {
            "entityTypeId": 2,
            "select": _SELECT,
            "filter": {field: client, "closed": "N"},
            "order": {"id": "DESC"},
            "start": -1,
            "useOriginalUfNames": "Y",
        },
    )


def deals_of(client: ItemRef, only: Mapping[str, str]) -> Command:
    """The newest deals of a contact or company; `only` narrows them down."""
    whose = "contactIds" if client.kind == "contact" else "companyId"
    wanted = {"entityTypeId": 2, "select": _SELECT_STATE, "filter": {whose: client.id, **only}}
    return Command("crm.item.list", {**wanted, "order": {"id": "DESC"}, "start": -1, "useOriginalUfNames": "Y"})


def deals_of_primary(client: ItemRef, only: Mapping[str, str]) -> Command:
    """The same by the deal's primary contact, the classic way.

    https://apidocs.bitrix24.com/api-reference/crm/deals/crm-deal-list.html
    """
    whose = {f"{client.kind.upper()}_ID": client.id, **only}
    select = ["ID", "STAGE_ID", "STAGE_SEMANTIC_ID", "CLOSED", "MOVED_TIME", "CONTACT_ID", "COMPANY_ID", "IS_RECURRING"]
    return Command("crm.deal.list", {"filter": whose, "select": select, "order": {"ID": "DESC"}})


def all_open_deals(portal: Bitrix24) -> Iterator[ItemRef]:
    """The companies and contacts of every open deal, 2,500 deals a request; a client of several comes several times."""
    wanted = {"entityTypeId": 2, "select": _SELECT_STATE, "filter": {"closed": "N"}, "useOriginalUfNames": "Y"}
    for row in portal.pages("crm.item.list", wanted):
        deal = to_item("deal", row)
        if not deal.is_closed and deal.text("CLOSED") != "Y" and deal.text("IS_RECURRING") != "Y":
            yield from (ItemRef("contact", number) for number in deal.contact_ids)
            yield from (ItemRef("company", number) for number in (deal.company_id,) if number)


def contacts_of_deal(number: int | Reference) -> Command:
    """https://apidocs.bitrix24.com/api-reference/crm/deals/contacts/crm-deal-contact-items-get.html"""
    return Command("crm.deal.contact.items.get", {"id": number})


def open_deal_count(user: int) -> Command:
    """How many open deals somebody is responsible for: the `total` of the answer."""
    chosen: dict[str, Any] = {"assignedById": user, "closed": "N"}
    return Command("crm.item.list", {"entityTypeId": 2, "select": ["id"], "filter": chosen, "start": 0})


def count_of(reply: Reply) -> int:
    """Reads the answer to `open_deal_count`."""
    if reply.total is not None:
        return reply.total
    rows = reply.result.get("items", []) if isinstance(reply.result, Mapping) else reply.result or []
    return len(rows)
