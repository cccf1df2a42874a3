"""Open deals: of a client, and how many a person has.

https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-list.html
"""

from collections.abc import Mapping
from typing import Any

from crm_robots.portal.commands import Command, Reply
from crm_robots.shared.reference import Reference

_SELECT = ["id", "title", "assignedById", "contactId", "contactIds", "companyId", "stageId", "stageSemanticId"]


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
