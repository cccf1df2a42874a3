"""Q1: the lead as it is, what we remember, and the rules in; what has to be done, once per change of the outcome, out.

Our own writes come back as events. Deciding again on what they made must decide nothing.
"""

from collections.abc import Mapping
from dataclasses import replace as replace_scene

from msgspec.structs import replace

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.changes import changed, lines, no_longer_needed
from crm_robots.robots.qualification.complete import complete
from crm_robots.robots.qualification.consent import Consent, consent
from crm_robots.robots.qualification.filling import Filled, fill
from crm_robots.robots.qualification.gaps import direction_of
from crm_robots.robots.qualification.gate import at_gate
from crm_robots.robots.qualification.lacks import lacks
from crm_robots.robots.qualification.memory import REFUSED, LeadMemory, newest
from crm_robots.robots.qualification.next_step import with_next_step
from crm_robots.robots.qualification.offer import offer, with_offer
from crm_robots.robots.qualification.scene import Scene
from crm_robots.robots.qualification.texts import paragraphs
from crm_robots.robots.qualification.values import Value, values_of
from crm_robots.shared.actions import AddComment
from crm_robots.shared.decision import Decision, Step
from crm_robots.shared.gate.gaps import still
from crm_robots.shared.gate.stages import last_before_gate
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, Markup


def decide(lead: Item, memory: LeadMemory, case: Case) -> Decision:
    """Consent first, then what a fill-in page brought: they say which values the lead will have. Then the gate, or
    the hand-over."""
    now = values_of(lead, case.rules)
    agreed = consent(lead, now, memory, case)
    filled = fill(lead, agreed.values, memory, case)
    seen = _seen(lead, agreed, filled, memory, case)
    made = offer(lead, filled.values, memory, case)
    known = with_offer(_still_missing(seen, lead, filled.values, case), lead, made, case)
    changes = _changes(filled.values, agreed.told | filled.told, memory, case)
    news = NOTHING if agreed.writes else paragraphs(agreed.text, changes)
    scene = Scene(lead, filled.values, news, known, case, made)
    decision = _written(scene, filled, agreed.values) if filled.writes else _rest(scene)
    whole = not lacks(lead, filled.values, case) and not case.is_kept
    decision = with_next_step(decision, lead, known, case, complete=whole)
    first = (_consent_step(lead, now, agreed, memory, seen, case),) if agreed.writes else ()
    return Decision(decision.memory, first + decision.steps)


def _written(scene: Scene, filled: Filled, before: Mapping[str, Value]) -> Decision:
    """Writes what the page brought, in one batch with what follows from it, unless that may be refused by itself."""
    ref, case = scene.lead.ref, scene.case
    rest = _rest(replace_scene(scene, news=paragraphs(scene.news, filled.text)))
    refused = replace(
        _still_missing(scene.known, scene.lead, before, case),
        values=dict(before),
        sent=newest(dict.fromkeys(filled.ends, REFUSED)),
    )
    otherwise = (AddComment(ref, paragraphs(scene.news, filled.refused_text), rule="Q11"),)
    if len(rest.steps) == 1 and not rest.steps[0].has_other_way:
        following = tuple(replace(one, optional=True) for one in rest.steps[0].actions)
        return Decision(rest.memory, (Step((*filled.writes, *following), otherwise, refused),))
    told = AddComment(ref, paragraphs(scene.news, filled.text), rule="Q11", optional=True)
    rest = _rest(replace_scene(scene, news=NOTHING))
    return Decision(rest.memory, (Step((*filled.writes, told), otherwise, refused), *rest.steps))


def _still_missing(seen: LeadMemory, lead: Item, values: Mapping[str, Value], case: Case) -> LeadMemory:
    keys = [one.key for one in (*lacks(lead, values, case), *case.beside)]
    return replace(seen, announced=still(seen.announced, keys))


def _seen(lead: Item, agreed: Consent, filled: Filled, memory: LeadMemory, case: Case) -> LeadMemory:
    direction = direction_of(filled.values, case.rules)
    stage = lead.stage_id
    before = stage if case.order.is_before(stage) else memory.before_gate
    if not case.order.is_before(stage) and case.history:
        before = last_before_gate(case.history, stage, memory.before_gate, case.order)
    return replace(
        memory,
        values=dict(filled.values),
        direction=direction or memory.direction,
        before_gate=before,
        question=agreed.question,
        past=memory.past_with(agreed.question),
        answered=memory.answered if agreed.answered is None else dict(agreed.answered),
        base=case.base or memory.base,
        sent=newest(memory.sent | filled.ends),
    )


def _consent_step(
    lead: Item, now: Mapping[str, Value], agreed: Consent, memory: LeadMemory, seen: LeadMemory, case: Case
) -> Step:
    changes = _changes(agreed.values, agreed.told, memory, case)
    refused = paragraphs(agreed.refused_text, changes)
    answered = seen.answered
    if agreed.refused_how and memory.question:
        answered = memory.ended(memory.question, agreed.refused_how)
    return Step(
        actions=(
            *agreed.writes,
            AddComment(lead.ref, paragraphs(agreed.text, changes), rule="Q7", optional=True),
            *agreed.notify,
        ),
        otherwise=(AddComment(lead.ref, refused, rule="Q7"),),
        memory_otherwise=replace(seen, values=dict(now), question=None, answered=answered),
    )


def _changes(now: Mapping[str, Value], elsewhere: frozenset[str], memory: LeadMemory, case: Case) -> Markup:
    """What changed, in words, but for fields that are told elsewhere; and what a new direction no longer needs."""
    before, rules, texts = memory.values or {}, case.rules, case.texts
    codes = [code for code in changed(memory.values, now) if code not in elsewhere]
    told = texts.changes("changed", lines(codes, before, now, case.words)) if codes else NOTHING
    direction = direction_of(now, rules)
    left = [code for code in no_longer_needed(memory, direction, rules) if now.get(code) is not None]
    kept = [f"{case.words.field(code).label}: {case.words.value(code, now[code])}" for code in left]
    name = case.words.direction(direction) if kept else ""
    return paragraphs(told, texts.listed("not_needed", kept, direction=name) if kept else NOTHING)


def _rest(scene: Scene) -> Decision:
    missing = lacks(scene.lead, scene.values, scene.case)
    if missing and scene.case.order.holds(scene.lead):
        return at_gate(scene, (*missing, *scene.case.beside))
    # Before the gate people are still filling in: they hear what their direction asks for, and no reminder.
    return Decision(scene.known, scene.steps(scene.news_and_offer)) if missing else complete(scene)
