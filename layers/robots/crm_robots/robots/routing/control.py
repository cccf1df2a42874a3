"""R6: the main manager's task, linked to every deal."""

from datetime import timedelta

from crm_robots.robots.routing import texts
from crm_robots.robots.routing.case import Case
from crm_robots.robots.routing.visit import moment
from crm_robots.shared.actions import AddTask, UpdateTask
from crm_robots.shared.items import ItemRef
from crm_robots.shared.titles import filled_for_people

CONTROL = "control"


def task(case: Case) -> AddTask | UpdateTask | None:
    """A new task, or further links for the one that is open. A task that was closed or deleted is not woken up."""
    number, open_one = case.memory.control_task, case.facts.control
    if isinstance(number, int):
        if not case.untold:
            return None
        if open_one and open_one.is_open:
            return _extended(case, number, open_one.bindings)
    return _new(case) if case.rows else None


def _new(case: Case) -> AddTask | None:
    if case.main is None:
        return None
    text = texts.control(case.reader, case.portal.link_to(case.lead), list(case.rows.values()))
    return AddTask(
        key=CONTROL,
        title=filled_for_people(case.rules.control_title, case.lead, case.rules.words),
        description=text,
        responsible_id=case.main.manager,
        deadline=moment(case.facts.ts, case.portal) + timedelta(days=case.rules.control_deadline_days),
        bindings=_bindings(case),
        rule="R6",
    )


def _extended(case: Case, number: int, there: tuple[str, ...]) -> UpdateTask:
    """Links that somebody else gave the task stay."""
    bindings: tuple[ItemRef | str, ...] = (*there, *(ref for ref in _bindings(case) if ref.binding not in there))
    text = texts.control(case.reader, case.portal.link_to(case.lead), list(case.rows.values()))
    is_new = case.main and case.main != case.memory.main
    fields = {"RESPONSIBLE_ID": case.main.manager} if case.main and is_new else {}
    return UpdateTask(number, fields, bindings, text, rule="R8")


def _bindings(case: Case) -> tuple[ItemRef, ...]:
    refs = (case.ref(service) for service in case.rows)
    return (case.lead.ref, *(ref for ref in refs if ref))
