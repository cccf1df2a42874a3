"""Q3 and Q4: where a lead with gaps goes back to, what people are told, and what is remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from msgspec.structs import replace

from crm_robots.shared.actions import Action, AddTodo, CompleteActivity, Notify, UpdateItem
from crm_robots.shared.gate.gaps import Gap
from crm_robots.shared.gate.memory import GateMemory, fingerprint
from crm_robots.shared.gate.rules import Gate
from crm_robots.shared.gate.stages import Order, Stage, last_before_gate
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, Markup
from crm_robots.shared.reference import Reference


class GateTexts(Protocol):
    """A robot's own words. `missing` is what is missing, `stage` a stage's name."""

    def returned(self, missing: Sequence[str], stage: str) -> Markup:
        """The lead was put back to that stage."""

    def stays(self, missing: Sequence[str], stage: str, *, is_won: bool) -> Markup:
        """The lead stays at that stage."""

    def not_returned(self, missing: Sequence[str], stage: str) -> Markup:
        """The portal refuses to put the lead back to that stage; its words are filled in later."""

    def todo(self, missing: Sequence[str]) -> tuple[Markup, Markup]:
        """Title and description."""

    def notice(self, missing: Sequence[str], stage: str) -> Markup:
        """One line for whoever moved the lead: which lead was put back to that stage, and why."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead that stands at the gate or past it."""

    lead: Item
    gate: Gate
    order: Order
    texts: GateTexts
    at: datetime
    """The event's time."""
    history: Sequence[str] = ()
    """Its stages by the portal's record, newest first, as far as the portal was asked."""
    robot_id: int = 0
    """The employee whose incoming webhook we use: that one's moves are ours."""
    moved_on: Mapping[str, str] = field(default_factory=dict)
    """Stages from which another robot moves a lead with a responsible on at once, and where to (C1)."""


@dataclass(frozen=True, slots=True)
class Held:
    """The outcome, from which the robot makes its steps."""

    memory: GateMemory
    memory_refused: GateMemory
    """What is remembered if the portal refuses the move."""
    move: UpdateItem | None
    notice: tuple[Notify, ...]
    """Tells whoever moved the lead, every time; goes right behind the move."""
    text: Markup
    """What people are told; empty if they were told before."""
    refused_text: Markup
    """Instead of `text` if the portal refuses the move; empty if people were told of that before."""
    todo: tuple[Action, ...]
    """A new to-do in place of the one that lists other gaps."""


def goes_back(lead: Item, gaps: Sequence[Gap], memory: GateMemory, gate: Gate, order: Order) -> bool:
    """Whether the lead should be moved; only then its earlier stages matter. A converted lead is not moved.

    A move that the portal refused is tried again once the lead has changed.
    """
    can_move = gate.returns and order.holds(lead) and not order.is_won(lead)
    return bool(gaps) and can_move and memory.refused != fingerprint(lead)


def hold(arrival: Arrival, gaps: Sequence[Gap], memory: GateMemory) -> Held:
    """Moves the lead each time, but announces the same gaps only once."""
    lead, texts, order = arrival.lead, arrival.texts, arrival.order
    names, keys = [gap.text for gap in gaps], tuple(gap.key for gap in gaps)
    is_new = not set(keys) <= set(memory.announced)
    target = _target(arrival, gaps, memory)
    todo = _todo(arrival, names) if is_new else None
    told = replace(
        memory, announced=keys, is_told=memory.is_told or is_new, todo_id=todo.made if todo else memory.todo_id
    )
    text = refused_text = NOTHING
    if target:
        told = replace(told, refused="")
        was_refused = bool(memory.refused)
        refused_text = NOTHING if was_refused and not is_new else texts.not_returned(names, target.name)
    if is_new:
        here = order.name(lead.stage_id)
        text = texts.returned(names, target.name) if target else texts.stays(names, here, is_won=order.is_won(lead))
    return Held(
        memory=told,
        memory_refused=replace(told, refused=fingerprint(lead)),
        move=_move(lead, target) if target else None,
        notice=_notice(arrival, names, target) if target else (),
        text=text,
        refused_text=refused_text,
        todo=(*close_todo(memory.todo_id), todo) if todo else (),
    )


def _target(arrival: Arrival, gaps: Sequence[Gap], memory: GateMemory) -> Stage | None:
    lead, order = arrival.lead, arrival.order
    if not goes_back(lead, gaps, memory, arrival.gate, order):
        return None
    target = order.return_to(last_before_gate(arrival.history, lead.stage_id, memory.free_stage, order))
    onward = arrival.moved_on.get(target.id, "") if target and lead.responsible_id else ""
    return next((stage for stage in order.before if stage.id == onward), target)


def _move(lead: Item, target: Stage) -> UpdateItem:
    return UpdateItem(lead.ref, {"STAGE_ID": target.id}, {"STAGE_ID": lead.stage_id}, rule="Q3")


def _notice(arrival: Arrival, names: Sequence[str], target: Stage) -> tuple[Notify, ...]:
    """Q4: nobody's move is undone in silence."""
    mover = arrival.lead.moved_by_id or arrival.lead.updated_by_id
    if mover in (None, arrival.robot_id):
        return ()
    return (Notify(mover, arrival.texts.notice(names, target.name), rule="Q4", optional=True),)


def _todo(arrival: Arrival, names: Sequence[str]) -> AddTodo | None:
    lead, hours = arrival.lead, arrival.gate.todo_hours
    if hours is None or lead.responsible_id is None:
        return None
    title, description = arrival.texts.todo(names)
    deadline = arrival.at + timedelta(hours=hours)
    return AddTodo("todo", lead.ref, title, description, lead.responsible_id, deadline, rule="Q4", optional=True)


def close_todo(todo_id: int | Reference | None) -> tuple[CompleteActivity, ...]:
    """Closes our own to-do, if one is open."""
    return (CompleteActivity(todo_id, rule="Q4", optional=True),) if isinstance(todo_id, int) else ()
