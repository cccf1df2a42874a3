"""Q14: what the responsible of a complete lead does next at its stage."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.complete import heir_of
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.shared.actions import Action, AddTodo
from crm_robots.shared.decision import Decision, Step
from crm_robots.shared.gate.hold import close_todo
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, Markup


def with_next_step(decision: Decision, lead: Item, memory: LeadMemory, case: Case, *, complete: bool) -> Decision:
    """The decision, and a to-do with it where the lead came to its stage or became complete there.

    It is closed once the lead has left that stage.
    """
    left = memory.next_stage not in ("", lead.stage_id)
    closing = close_todo(memory.next_todo) if left else ()
    known = memory if not left else replace(memory, next_stage="", next_todo=None)
    todo = _todo(decision, lead, case) if complete and known.next_stage != lead.stage_id else None
    if todo:
        known = replace(known, next_stage=lead.stage_id, next_todo=todo.made)
    actions: tuple[Action, ...] = (*closing, *((todo,) if todo else ()))
    return _with(decision, actions, known) if actions or left else decision


def _todo(decision: Decision, lead: Item, case: Case) -> AddTodo | None:
    text, hours = case.rules.next_steps.get(lead.stage_id, ""), case.rules.todo_hours
    responsible = heir_of(decision) or lead.responsible_id
    if not text or hours is None or responsible is None:
        return None
    deadline = datetime.fromtimestamp(case.ts, case.words.zone) + timedelta(hours=hours)
    return AddTodo("next", lead.ref, Markup(text), NOTHING, responsible, deadline, rule="Q14", optional=True)


def _with(decision: Decision, actions: tuple[Action, ...], known: LeadMemory) -> Decision:
    """Adds to the last step, whichever way that takes, so that no request is added."""

    def noted(memory: LeadMemory | None) -> LeadMemory | None:
        return memory and replace(memory, next_stage=known.next_stage, next_todo=known.next_todo)

    steps = list(decision.steps)
    if actions:
        last = steps.pop() if steps else Step(())
        other = (*last.otherwise, *actions) if last.has_other_way else ()
        steps.append(
            replace(
                last, actions=(*last.actions, *actions), otherwise=other, memory_otherwise=noted(last.memory_otherwise)
            )
        )
    return Decision(noted(decision.memory), tuple(steps))
