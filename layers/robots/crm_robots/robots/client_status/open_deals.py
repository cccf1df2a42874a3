"""Which deals clients have, as the portal knows it (S5)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from crm_robots.engine.item_robot import result_of
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.client_deals import deals_of, deals_of_primary
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Refused
from crm_robots.portal.items import to_items
from crm_robots.shared.items import Item, ItemRef


def ask_open_deals(clients: Iterable[ItemRef]) -> dict[str, Command]:
    """The open deals of each client."""
    return {f"open_{client}": deals_of(client, {"closed": "N"}) for client in clients}


def ask_all_deals(clients: Iterable[ItemRef]) -> dict[str, Command]:
    """The newest deals of each client, closed ones too."""
    return {f"all_{client}": deals_of(client, {}) for client in clients}


def clients_with_open_deals(
    portal: Bitrix24, clients: Iterable[ItemRef], answers: Mapping[str, Reply], besides: Collection[ItemRef]
) -> set[ItemRef]:
    """Those of the clients that have an open deal, other than those of `besides`, which were just seen to end."""
    deals = _by_client(portal, "open", clients, answers, {"CLOSED": "N"})
    return {one for one, theirs in deals.items() if any(_is_open(deal, besides) for deal in theirs)}


def all_deals(
    portal: Bitrix24, clients: Iterable[ItemRef], answers: Mapping[str, Reply]
) -> dict[ItemRef, Sequence[Item]]:
    """The deals of each client, as `ask_all_deals` asked for them."""
    return _by_client(portal, "all", clients, answers, {})


def _by_client(
    portal: Bitrix24, prefix: str, clients: Iterable[ItemRef], answers: Mapping[str, Reply], only: Mapping[str, str]
) -> dict[ItemRef, Sequence[Item]]:
    """A portal that does not filter by all contacts of a deal is asked by the primary one, the classic way."""
    names = {client: f"{prefix}_{client}" for client in clients}
    refused = [client for client, name in names.items() if isinstance(answers[name].error, Refused)]
    classic = portal.read({names[client]: deals_of_primary(client, only) for client in refused}) if refused else {}
    rows = {client: result_of({**answers, **classic}, name) for client, name in names.items()}
    return {client: [deal for deal in _deals(result) if _is_of(deal, client)] for client, result in rows.items()}


def _deals(result: Any) -> Iterable[Item]:
    rows = result.get("items", result) if isinstance(result, Mapping) else result or []
    rows = rows.values() if isinstance(rows, Mapping) else rows
    return to_items("deal", [{"id": row.get("ID"), **row} for row in rows]).values()


def _is_of(deal: Item, client: ItemRef) -> bool:
    # A portal that ignores a filter it does not know would make every deal everybody's.
    return client.id in (deal.contact_ids if client.kind == "contact" else (deal.company_id,))


def _is_open(deal: Item, besides: Collection[ItemRef]) -> bool:
    ended = deal.is_closed or deal.text("CLOSED") == "Y" or deal.text("IS_RECURRING") == "Y"
    return not ended and deal.ref not in besides
