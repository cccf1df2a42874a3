"""Q3 and Q4: puts a lead with gaps back, tells what is missing once, and says so when nothing is missing any more."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from crm_robots.domain.actions import Action, AddComment, AddTodo, CompleteActivity, UpdateItem
from crm_robots.domain.decision import Decision, Step, step
from crm_robots.domain.gate import texts
from crm_robots.domain.gate.gaps import Gap
from crm_robots.domain.gate.rules import Gate, GateMemory
from crm_robots.domain.items import Item


def goes_back(lead: Item, gaps: Sequence[Gap], gate: Gate) -> bool:
    """Whether the lead is to be moved. Only then the stages it came through matter."""
    return bool(gaps) and gate.returns and gate.holds(lead) and lead.stage_semantics != "S"


def last_free_stage(history: Iterable[str], memory: GateMemory, gate: Gate) -> str | None:
    """Where the lead last stood before the gate: by the portal's history (newest first), else as we remember it."""
    stages = [*history, memory.free_stage]
    return next((stage for stage in stages if gate.is_free(stage)), None) or gate.stage_before()


def hold(
    lead: Item, gaps: Sequence[Gap], history: Iterable[str], memory: GateMemory, gate: Gate, at: datetime, language: str
) -> Decision:
    """`history` are the lead's stages, newest first; it may be empty where `goes_back` is False. Memory: `GateMemory`.

    A lead before the gate is left alone; what was announced there and is filled meanwhile is no longer announced.
    """
    free_stage = lead.stage_id if gate.is_free(lead.stage_id) else memory.free_stage
    still = tuple(gap.key for gap in gaps if gap.key in memory.announced)
    told = memory.is_told or bool(memory.announced)
    seen = GateMemory(free_stage, still, memory.todo_id, told)
    if not gaps:
        return _complete(lead, seen, gate, language)
    if not gate.holds(lead):
        return Decision(seen)
    target = last_free_stage(history, seen, gate) if goes_back(lead, gaps, gate) else None
    is_new = len(still) < len(gaps)
    return _remind(lead, gaps, target, seen, gate, at, language) if is_new else _return(lead, target, seen)


def _complete(lead: Item, seen: GateMemory, gate: Gate, language: str) -> Decision:
    done = GateMemory(seen.free_stage)
    if not seen.is_told:
        return Decision(done)
    comment = AddComment(lead.ref, texts.complete(language, gate.stage), rule="Q4")
    return Decision(done, step(*_closed(seen), comment))


def _return(lead: Item, target: str | None, seen: GateMemory) -> Decision:
    return Decision(seen, step(*([_move(lead, target)] if target else [])))


def _remind(
    lead: Item, gaps: Sequence[Gap], target: str | None, seen: GateMemory, gate: Gate, at: datetime, language: str
) -> Decision:
    missing = [gap.text for gap in gaps]
    said = texts.gaps(language, gate.stage, missing, gate.name_of(target) if target else "")
    todo = _todo(lead, missing, gate, at, language)
    announced = tuple(gap.key for gap in gaps)
    told = GateMemory(seen.free_stage, announced, todo[0].made if todo else None, is_told=True)
    around: tuple[Action, ...] = (*_closed(seen), *todo)
    # Only the move may turn the step: a to-do that the portal refuses says nothing about where the lead stands.
    comment = AddComment(lead.ref, said, rule="Q4", optional=True)
    if target is None:
        return Decision(told, step(comment, *around))
    # The portal may refuse the move for want of the very fields that are missing: then the reminder says so.
    refused = AddComment(lead.ref, texts.not_returned(language, gate.stage, missing), rule="Q3")
    move = _move(lead, target)
    return Decision(told, (Step((move, comment, *around), otherwise=(refused, *around), goes_on=True),))


def _move(lead: Item, target: str) -> UpdateItem:
    return UpdateItem(lead.ref, {"STAGE_ID": target}, {"STAGE_ID": lead.stage_id}, rule="Q3")


def _todo(lead: Item, missing: Sequence[str], gate: Gate, at: datetime, language: str) -> list[AddTodo]:
    if gate.todo_hours is None or lead.responsible_id is None:
        return []
    title, description = texts.todo(language, lead.title, gate.stage, missing)
    deadline = at + timedelta(hours=gate.todo_hours)
    return [AddTodo("gate_todo", lead.ref, title, description, lead.responsible_id, deadline, rule="Q4", optional=True)]


def _closed(memory: GateMemory) -> list[CompleteActivity]:
    return [CompleteActivity(int(memory.todo_id), rule="Q4", optional=True)] if memory.todo_id is not None else []
