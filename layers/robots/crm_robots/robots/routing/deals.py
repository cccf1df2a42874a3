"""R5 and R8: a deal per service, and what older deals learn when their sisters come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm_robots.robots.routing.memory import Draw, RoutingMemory
from crm_robots.robots.routing.rules import RoutingRules, Service
from crm_robots.shared.actions import AddItem, UpdateItem
from crm_robots.shared.items import Item, to_ids
from crm_robots.shared.titles import filled
from crm_robots.shared.values import plain_text


@dataclass(frozen=True, slots=True)
class Shared:
    """What all deals of a lead have in common."""

    lead: Item
    managers: Sequence[int]
    main: int
    comment: str
    """What stands in the deal's own comment."""


def new_deal(shared: Shared, draw: Draw, service: Service, rules: RoutingRules) -> AddItem:
    """The deal of one service. Its manager is responsible; all the others observe it."""
    lead = shared.lead
    fields: dict[str, Any] = {
        "TITLE": title(lead, service, rules),
        "CATEGORY_ID": service.category,
        "STAGE_ID": service.stage,
        "ASSIGNED_BY_ID": draw.manager,
        "LEAD_ID": lead.ref.id,
        "CONTACT_IDS": list(lead.contact_ids),
        "COMPANY_ID": lead.company_id,
        "SOURCE_ID": lead.text("SOURCE_ID"),
        "COMMENTS": shared.comment,
        "OBSERVERS": [user for user in shared.managers if user != draw.manager],
        rules.managers_field: list(shared.managers),
        rules.main_manager_field: shared.main,
    }
    given = {name: value for name, value in fields.items() if value not in (None, "", [])}
    mark = f"{lead.ref}:service:{service.item}"
    return AddItem(key=f"deal_{service.item}", kind="deal", fields=given, mark=mark, rule="R5")


def title(lead: Item, service: Service, rules: RoutingRules) -> str:
    """What the deal of a service is called."""
    return filled(rules.deal_title, lead, rules.words, service=service.label)


def joined(deal: Item, managers: Sequence[int], main: int, rules: RoutingRules) -> dict[str, Any]:
    """Fields of an older deal after further managers came. People whom somebody added by hand stay."""
    involved = _with(deal.fields.get(rules.managers_field), managers)
    observers = _with(deal.fields.get("OBSERVERS"), [user for user in managers if user != deal.responsible_id])
    wanted = {rules.managers_field: involved, "OBSERVERS": observers, rules.main_manager_field: main}
    return {name: value for name, value in wanted.items() if to_ids(value) != to_ids(deal.fields.get(name))}


def client(deal: Item, lead: Item) -> dict[str, Any]:
    """The lead's client for a deal that was made before the client was known."""
    fields: dict[str, Any] = {}
    if lead.contact_ids and not deal.contact_ids:
        fields["CONTACT_IDS"] = list(lead.contact_ids)
    if lead.company_id and not deal.company_id:
        fields["COMPANY_ID"] = lead.company_id
    return fields


def comment(deal: Item, memory: RoutingMemory, before: str, now: str) -> dict[str, Any]:
    """The deal's comment, unless a person has rewritten it. One that a person emptied stays empty.

    `before`, `now`: the whole comment as it was written last, and as it should be.
    """
    there = plain_text(deal.text("COMMENTS"))
    is_ours = there in map(plain_text, (*memory.spoken, memory.comment, before)) if there else now != before
    return {"COMMENTS": now} if now and is_ours and there != plain_text(now) else {}


def update(deal: Item, fields: dict[str, Any], rule: str) -> list[UpdateItem]:
    """The change as an action, if there is one."""
    old = {name: deal.fields.get(name) for name in fields}
    return [UpdateItem(deal.ref, fields, old, rule=rule)] if fields else []


def _with(there: Any, added: Sequence[int]) -> list[int]:
    return list(dict.fromkeys([*to_ids(there), *added]))
