"""Whole lists for the day's snapshot: all cards of clients, deals, leads and calls, 2,500 rows a request (D10, D11).

https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-list.html
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from crm_robots.portal import telephony
from crm_robots.portal.calls import SELECT, STATISTICS
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command
from crm_robots.portal.errors import AccessLost, Refused
from crm_robots.portal.lists import PAGE, Row, rows_of

_DEAL = ["id", "assignedById", "companyId", "contactId", "contactIds", "createdTime", "stageSemanticId", "isRecurring"]


def open_deals(portal: Bitrix24) -> Iterator[Row]:
    """All deals that are open."""
    return _items(portal, 2, {"closed": "N"}, _DEAL)


def new_deals(portal: Bitrix24, since: datetime) -> Iterator[Row]:
    """All deals made since then."""
    return _items(portal, 2, {">=createdTime": since.isoformat()}, _DEAL)


def changed_leads(portal: Bitrix24, since: datetime) -> Iterator[Row]:
    """Ids of leads that were changed since then."""
    return _items(portal, 1, {">=updatedTime": since.isoformat()}, ["id"])


def all_calls(portal: Bitrix24, since: datetime) -> Iterator[Row]:
    """Completed calls that began since then, with who made them."""
    asked = {"TYPE_ID": 2, "COMPLETED": "Y", ">=START_TIME": since.isoformat()}
    return portal.pages("crm.activity.list", {"filter": asked, "select": [*SELECT, "RESPONSIBLE_ID"]}, rows=None)


def statistics(portal: Bitrix24, since: datetime) -> list[Row] | None:
    """What the telephony knows of calls since then; None without the right to see it."""
    asked = {"FILTER": {">=CALL_START_DATE": since.isoformat()}, "SORT": "ID", "ORDER": "ASC"}
    try:
        first = portal.read({"first": Command(STATISTICS, asked)})["first"]
    except AccessLost:
        return None
    if isinstance(first.error, AccessLost | Refused):
        return None
    rows = rows_of(first, None)
    if not rows:
        return None if telephony.is_silent(portal.read(telephony.QUESTIONS)) else []
    starts = range(PAGE, first.total or 0, PAGE)
    others = portal.read({f"from{start}": Command(STATISTICS, asked | {"start": start}) for start in starts})
    return rows + [row for reply in others.values() for row in rows_of(reply, None)]


def _items(portal: Bitrix24, kind: int, only: Mapping[str, Any], select: list[str]) -> Iterator[Row]:
    params = {"entityTypeId": kind, "filter": dict(only), "select": select, "useOriginalUfNames": "Y"}
    return portal.pages("crm.item.list", params, rows="items")
