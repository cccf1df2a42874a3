"""C4: a lead with gaps at the gate goes back; what is missing is told once, and so is that nothing is any more."""

from collections.abc import Sequence
from dataclasses import replace as replace_held
from datetime import datetime

from msgspec.structs import replace

from crm_robots.robots.conversion.gate_texts import Texts
from crm_robots.robots.conversion.spoken import Spoken
from crm_robots.shared.actions import AddComment
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.gate.gaps import Gap, still
from crm_robots.shared.gate.hold import Arrival, Held, close_todo, hold
from crm_robots.shared.gate.memory import GateMemory
from crm_robots.shared.gate.rules import Gate
from crm_robots.shared.gate.stages import Order
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING
from crm_robots.shared.portal import PortalRules


def at_gate(
    lead: Item,
    gaps: Sequence[Gap],
    history: Sequence[str],
    memory: GateMemory,
    gate: Gate,
    order: Order,
    at: datetime,
    portal: PortalRules,
    spoken: Spoken = Spoken(),  # noqa: B008 - it never changes
) -> Decision:
    """`history` are the lead's stages, newest first; it may be empty where `goes_back` is False. Memory: `GateMemory`.

    A lead before the gate is left alone; what was announced there and is filled meanwhile is no longer announced.
    """
    texts = Texts(portal.language, order.name(order.gate), lead.title, portal.link_to(lead))
    seen = replace(
        memory,
        free_stage=lead.stage_id if order.is_before(lead.stage_id) else memory.free_stage,
        announced=still(memory.announced, {gap.key for gap in gaps}),
        is_told=memory.is_told or bool(memory.announced),
    )
    if not gaps:
        return _complete(lead, seen, texts)
    if not order.holds(lead):
        return Decision(seen)
    if spoken.is_silent and spoken.moves:
        return Decision(seen)
    arrival = Arrival(lead, gate, order, texts, at, history, portal.webhook_user_id)
    held = hold(arrival, gaps, replace(seen, announced=(*seen.announced, *spoken.told)))
    if spoken.is_silent:
        # Qualification only reminds, of our gaps too: what is left for us is the move.
        held = replace_held(held, text=NOTHING, refused_text=NOTHING, todo=(), memory=_untold(held.memory, seen))
    ours = tuple(key for key in held.memory.announced if key not in spoken.told or key in seen.announced)
    return Decision(replace(held.memory, announced=ours), _steps(lead, held))


def _untold(memory: GateMemory, seen: GateMemory) -> GateMemory:
    return replace(memory, announced=seen.announced, is_told=seen.is_told, todo_id=seen.todo_id)


def _complete(lead: Item, seen: GateMemory, texts: Texts) -> Decision:
    done = GateMemory(seen.free_stage)
    if not seen.is_told:
        return Decision(done)
    return Decision(done, step(*close_todo(seen.todo_id), AddComment(lead.ref, texts.complete(), rule="Q4")))


def _steps(lead: Item, held: Held) -> tuple[Step, ...]:
    # Only the move may turn the step: a to-do that the portal refuses says nothing about where the lead stands.
    told = [AddComment(lead.ref, held.text, rule="Q4", optional=True)] if held.text else []
    if held.move is None:
        return step(*told, *held.todo)
    # The portal may refuse the move for want of the very fields that are missing: then the reminder says so.
    refused = [AddComment(lead.ref, held.refused_text, rule="Q3")] if held.refused_text else []
    return (
        Step(
            (held.move, *held.notice, *told, *held.todo),
            otherwise=(*refused, *held.todo),
            memory_otherwise=held.memory_refused,
            goes_on=True,
        ),
    )
