"""R1 to R8: a lead, what is remembered of it and what was drawn just now -> what to do."""

from collections.abc import Iterator, Sequence

import msgspec

from crm_robots.robots.routing import control, deals, report, texts, visit
from crm_robots.robots.routing.case import Case
from crm_robots.robots.routing.facts import Facts
from crm_robots.robots.routing.memory import Draw, RoutingMemory
from crm_robots.robots.routing.rules import RoutingRules
from crm_robots.shared.actions import Action, AddComment, AddTask, CompleteTask, Notify
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.items import Item
from crm_robots.shared.portal import PortalRules

_MOST_SPOKEN = 10


def decide(
    lead: Item, memory: RoutingMemory, new: Sequence[Draw], facts: Facts, rules: RoutingRules, portal: PortalRules
) -> Decision:
    """`new` are the draws of `report.to_draw`, made just now; they are recorded before anything comes of them.

    First the deals, then everything that names them. What the portal refuses is told on the lead and tried again at
    its next change, with the same managers.
    """
    case = Case(lead, memory, new, facts, rules, portal)
    seen = _seen(case)
    errand = _visit(case)
    if errand:
        seen = msgspec.structs.replace(seen, visit_wanted=True, visit_task=errand.made, visitor=errand.responsible_id)
    visitor = visit.visitor(lead, facts, rules, portal)
    course = visit.course(lead, memory, visitor, reported=bool(case.untold))
    if course:
        seen = msgspec.structs.replace(seen, visit_over=isinstance(course, CompleteTask), visitor=visitor or 0)
    rest = [*_announced(case), *_unticked(case), *([course] if course else [])]
    steps = _making(case, seen) if case.adds else ()
    task = control.task(case)
    if isinstance(task, AddTask):
        seen = msgspec.structs.replace(seen, control_task=task.made)
    last = [one for one in (errand, task) if one]
    if rest or not last:
        return Decision(seen, steps + step(*last, *rest))
    return Decision(seen, steps + _careful(case, last, seen))


def _seen(case: Case) -> RoutingMemory:
    memory, lead = case.memory, case.lead
    return RoutingMemory(
        seen=True,
        closed=lead.stage_semantics == "F",
        visit_wanted=memory.visit_wanted,
        visit_task=memory.visit_task,
        visitor=memory.visitor,
        visit_over=memory.visit_over,
        responsible=lead.responsible_id or 0,
        draws=case.draws,
        main=case.main,
        deals=memory.deals | {service: add.made for service, add in case.adds.items()},
        told=tuple(case.rows),
        control_task=memory.control_task,
        passed_over=report.passed_over(lead, memory, case.rules, born=case.facts.born),
        unticked=report.unticked(lead, memory, case.rules),
        comment=case.comment if case.rows else "",
        about=case.about if case.rows else "",
        spoken=_spoken(case),
        contacts=lead.contact_ids,
        company=lead.company_id,
    )


def _spoken(case: Case) -> tuple[str, ...]:
    before = texts.deal_comment(case.memory.comment, case.memory.about)
    said = (*case.memory.spoken, case.memory.comment, before, case.written if case.rows else "")
    return tuple(text for text in dict.fromkeys(said) if text)[-_MOST_SPOKEN:]


def _making(case: Case, seen: RoutingMemory) -> tuple[Step, ...]:
    """The deals. When one is refused, people hear of it, and nothing but the draws and what was made is remembered."""
    before = case.memory
    half = msgspec.structs.replace(
        seen,
        visit_task=before.visit_task,
        visitor=before.visitor,
        visit_over=before.visit_over,
        responsible=before.responsible,
        told=before.told,
        unticked=before.unticked,
        comment=before.comment,
        contacts=before.contacts,
        company=before.company,
    )
    refusal = AddComment(case.lead.ref, texts.refused(case.portal.language, "deals_refused"), rule="R5")
    return step(*case.adds.values(), otherwise=(refusal,), memory_otherwise=half)


def _visit(case: Case) -> AddTask | None:
    waiting = case.memory.visit_wanted and case.memory.visit_task is None and not case.lead.is_closed
    if not waiting and not visit.is_new(case.lead, case.memory, born=case.facts.born, ts=case.facts.ts):
        return None
    return visit.task(case.lead, case.facts, case.rules, case.portal)


def _careful(case: Case, tasks: Sequence[Action], seen: RoutingMemory) -> tuple[Step, ...]:
    """Tasks on their own: a refusal is told, and the task tried again at the next change."""
    key = "visit_refused" if tasks[0].rule == "R1" else "control_refused"
    without = msgspec.structs.replace(seen, visit_task=case.memory.visit_task, control_task=case.memory.control_task)
    comment = AddComment(case.lead.ref, texts.refused(case.portal.language, key), rule=tasks[0].rule)
    return step(*tasks, otherwise=(comment,), memory_otherwise=without)


def _announced(case: Case) -> Iterator[Action]:
    yield from _older_deals(case)
    if not case.untold or case.main is None:
        return
    lead, reader = case.portal.link_to(case.lead), case.reader
    fresh = [case.rows[service] for service in case.untold]
    is_late, stays = bool(case.memory.told), case.main == case.memory.main
    text = texts.drawn(reader, fresh, case.main, late=is_late, main_stays=is_late and stays)
    yield AddComment(case.lead.ref, text, rule="R2")
    for service in case.untold:
        others = [row for other, row in case.rows.items() if other != service]
        if ref := case.ref(service):
            about = case.about or texts.visited(reader, case.visitor)
            text = texts.new_deal(reader, lead, others, case.main, case.comment, about)
            yield AddComment(ref, text, rule="R5")
    for user in dict.fromkeys(row.manager for row in fresh):
        theirs = [row for row in fresh if row.manager == user]
        yield Notify(user, texts.to_manager(reader, lead, theirs, case.main, user), rule="R5")


def _older_deals(case: Case) -> Iterator[Action]:
    """R8: earlier deals get the new managers, a changed comment, a client who came later."""
    said = case.comment if case.comment != case.memory.comment else ""
    before = texts.deal_comment(case.memory.comment, case.memory.about)
    is_client_new = (case.lead.contact_ids, case.lead.company_id) != (case.memory.contacts, case.memory.company)
    added = [case.rows[service] for service in case.untold]
    for service, deal in case.older:
        fields = deals.joined(deal, case.managers, case.main.manager, case.rules) if added and case.main else {}
        fields |= deals.comment(deal, case.memory, before, case.written)
        fields |= deals.client(deal, case.lead) if is_client_new else {}
        yield from deals.update(deal, fields, "R8")
        if service not in case.memory.told:
            continue
        if added:
            yield AddComment(deal.ref, texts.joined(case.reader, added), rule="R8")
        if said:
            is_first = not case.memory.comment
            yield AddComment(deal.ref, texts.comment_later(case.reader, said, is_first=is_first), rule="R8")


def _unticked(case: Case) -> Iterator[Action]:
    gone = report.unticked(case.lead, case.memory, case.rules)
    rows = [case.rows[one] for one in gone if one in case.rows and one not in case.memory.unticked]
    if rows:
        yield AddComment(case.lead.ref, texts.unticked(case.reader, rows), rule="R8")
