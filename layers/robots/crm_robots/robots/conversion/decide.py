"""Leads become clients: what one event leads to, from the creator's name on the card to the deal (C1–C10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from crm_robots.robots.conversion.choice import Asking, settled
from crm_robots.robots.conversion.convert import client_steps
from crm_robots.robots.conversion.gaps import gaps
from crm_robots.robots.conversion.gate import at_gate
from crm_robots.robots.conversion.known import Known
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.robots.conversion.spoken import Spoken
from crm_robots.robots.conversion.wants import Wants, is_marked_repeat, keeps_client, wants
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.gate.gaps import Gap
from crm_robots.shared.gate.hold import goes_back
from crm_robots.shared.gate.stages import Order
from crm_robots.shared.items import Item
from crm_robots.shared.portal import PortalRules


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the lead and the memory alone say: what is missing, and what has to be looked up before deciding."""

    gaps: tuple[Gap, ...]
    wants: Wants
    creator_id: int | None
    """Who would get the lead; whether that is a person only the portal can tell."""
    is_new: bool
    order: Order
    """The portal's stages of today."""
    goes_back: bool

    @property
    def is_quiet(self) -> bool:
        """Nothing has to be looked up."""
        return not (self.wants or self.creator_id or self.goes_back)


def outlook(
    lead: Item, memory: ConversionMemory, rules: ConversionRules, order: Order, portal: PortalRules, *, is_new: bool
) -> Outlook:
    """`is_new`: one of the events says that the lead was just made."""
    memory = seen(lead, memory)
    new = _is_new(lead, rules, said=is_new)
    found = tuple(gaps(lead, rules, memory, portal.language, keeps=keeps_client(lead, memory)))
    creator = _creator(lead, memory, rules, portal, new=new)
    wanted = wants(lead, found, memory, rules)
    return Outlook(found, wanted, creator, new, order, goes_back(lead, found, memory.gate, rules.gate, order))


def decide(
    lead: Item,
    memory: ConversionMemory,
    view: Outlook,
    known: Known,
    history: Sequence[str],
    rules: ConversionRules,
    portal: PortalRules,
    at: datetime,
    *,
    creator_is_person: bool = False,
    asking: Asking | None = None,
    spoken: Spoken = Spoken(),  # noqa: B008 - it never changes
) -> Decision:
    """One plan: the lead's own fields first, its links last, so that linking does not make it a repeat lead."""
    before = seen(lead, memory)
    assigned = view.creator_id if creator_is_person else None
    moves = list(_assigned(lead, assigned, rules))
    lead = Item(lead.ref, {**lead.fields, **{name: value for move in moves for name, value in move.fields.items()}})
    held = at_gate(lead, view.gaps, history, before.gate, rules.gate, view.order, at, portal, spoken)
    after = msgspec.structs.replace(
        before,
        known=True,
        creator_settled=before.creator_settled or view.is_new,
        gate=held.memory,
        seen_contacts=lead.contact_ids,
        seen_company=lead.company_id,
        choices=settled(before.choices, lead),
    )
    client = client_steps(lead, after, view.wants, known, rules, portal, asking)
    steps = [*_remembering(held.steps, client.memory), *client.steps]
    if not steps:
        return Decision(client.memory, step(*moves))
    # The first batch carries them too.
    first = msgspec.structs.replace(steps[0], actions=(*moves, *steps[0].actions))
    return Decision(client.memory, (first, *steps[1:]))


def _remembering(steps: Sequence[Step], memory: ConversionMemory) -> list[Step]:
    """The gate's steps, its memory of a refusal set into the robot's."""
    return [
        msgspec.structs.replace(one, memory_otherwise=msgspec.structs.replace(memory, gate=one.memory_otherwise))
        if one.memory_otherwise is not None
        else one
        for one in steps
    ]


def seen(lead: Item, memory: ConversionMemory) -> ConversionMemory:
    """The memory with what the first sight of the lead tells."""
    return memory if memory.known else msgspec.structs.replace(memory, repeat=is_marked_repeat(lead))


def _creator(
    lead: Item, memory: ConversionMemory, rules: ConversionRules, portal: PortalRules, *, new: bool
) -> int | None:
    """C1: once, when a lead is new."""
    creator = lead.created_by_id
    if not rules.assign_creator or creator in (None, portal.webhook_user_id, lead.responsible_id):
        return None
    return creator if new and not memory.creator_settled else None


def _is_new(lead: Item, rules: ConversionRules, *, said: bool) -> bool:
    """An event says so; or the event was lost, and nobody but its creator has touched the lead."""
    untouched = lead.stage_id == rules.new_stage and lead.updated_by_id in (None, lead.created_by_id)
    return said or untouched


def _assigned(lead: Item, creator: int | None, rules: ConversionRules) -> Iterable[UpdateItem]:
    """Two updates, since a refused move must not take the responsible along."""
    if creator:
        old = {"ASSIGNED_BY_ID": lead.fields.get("ASSIGNED_BY_ID")}
        yield UpdateItem(lead.ref, {"ASSIGNED_BY_ID": creator}, old, rule="C1", optional=True)
    if rules.new_stage and lead.stage_id == rules.new_stage and (creator or lead.responsible_id):
        target = {"STAGE_ID": rules.assigned_stage}
        yield UpdateItem(lead.ref, target, {"STAGE_ID": lead.stage_id}, rule="C1", optional=True)
