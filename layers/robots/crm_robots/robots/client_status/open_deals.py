"""Which clients have an open deal, as the portal knows it (S5)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from crm_robots.bitrix24.client import Bitrix24
from crm_robots.bitrix24.commands import Command, Reply
from crm_robots.bitrix24.errors import Refused
from crm_robots.bitrix24.items import to_items
from crm_robots.domain.items import Item, ItemRef
from crm_robots.robots.item_robot import result_of

_SELECT = ["id", "stageId", "stageSemanticId", "closed", "contactId", "contactIds", "companyId", "isRecurring"]


def ask_open_deals(clients: Iterable[ItemRef]) -> dict[str, Command]:
    """The open deals of each client."""
    return {f"open_{client}": _open_deals(client) for client in clients}


def clients_with_open_deals(
    portal: Bitrix24, clients: Iterable[ItemRef], answers: Mapping[str, Reply], besides: Collection[ItemRef]
) -> set[ItemRef]:
    """Those of the clients that have an open deal, other than those of `besides`, which were just seen to end.

    A portal that does not filter by all contacts of a deal is asked by the primary one, the classic way.
    """
    clients = list(clients)
    refused = [one for one in clients if isinstance(answers[f"open_{one}"].error, Refused)]
    classic = portal.read({f"open_{one}": _classic(one) for one in refused}) if refused else {}
    rows = {one: result_of({**answers, **classic}, f"open_{one}") for one in clients}
    return {one for one, result in rows.items() if any(_is_open(deal, one, besides) for deal in _deals(result))}


def _open_deals(client: ItemRef) -> Command:
    whose = "contactIds" if client.kind == "contact" else "companyId"
    wanted = {"entityTypeId": 2, "select": _SELECT, "filter": {whose: client.id, "closed": "N"}}
    return Command("crm.item.list", {**wanted, "order": {"id": "DESC"}, "start": -1, "useOriginalUfNames": "Y"})


def _classic(client: ItemRef) -> Command:
    """https://apidocs.bitrix24.com/api-reference/crm/deals/crm-deal-list.html"""
    whose = {f"{client.kind.upper()}_ID": client.id, "CLOSED": "N"}
    select = ["ID", "STAGE_ID", "STAGE_SEMANTIC_ID", "CLOSED", "CONTACT_ID", "COMPANY_ID", "IS_RECURRING"]
    return Command("crm.deal.list", {"filter": whose, "select": select, "order": {"ID": "DESC"}})


def _deals(result: Any) -> Iterable[Item]:
    rows = result.get("items", result) if isinstance(result, Mapping) else result or []
    rows = rows.values() if isinstance(rows, Mapping) else rows
    return to_items("deal", [{"id": row.get("ID"), **row} for row in rows]).values()


def _is_open(deal: Item, client: ItemRef, besides: Collection[ItemRef]) -> bool:
    if deal.ref in besides or deal.is_closed or deal.text("CLOSED") == "Y" or deal.text("IS_RECURRING") == "Y":
        return False
    # A portal that ignores a filter it does not know would make every deal everybody's.
    whose = deal.contact_ids if client.kind == "contact" else (deal.company_id,)
    return client.id in whose
