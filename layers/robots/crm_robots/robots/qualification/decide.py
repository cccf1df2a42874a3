"""Q1: the lead as it is, what we remember, and the rules in; what has to be done, once per change of the outcome, out.

Our own writes come back as events. Deciding again on what they made must decide nothing.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.changes import changed, lines, no_longer_needed
from crm_robots.robots.qualification.complete import complete
from crm_robots.robots.qualification.consent import Consent, consent
from crm_robots.robots.qualification.gaps import direction_of, gap_key, gaps
from crm_robots.robots.qualification.gate import at_gate
from crm_robots.robots.qualification.memory import LeadMemory
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
    """Consent first, for it says which values the lead will have; then the gate, or the hand-over."""
    now = values_of(lead, case.rules)
    agreed = consent(lead, now, memory, case)
    news = paragraphs(agreed.text, _changes(agreed, memory, case))
    seen = _seen(lead, agreed, memory, case)
    first: tuple[Step, ...] = ()
    if agreed.writes:
        first = (_consent_step(lead, now, agreed, memory, seen, case),)
        news = NOTHING
    rest = _rest(Scene(lead, agreed.values, news, _still_missing(seen, agreed.values, case), case))
    return Decision(rest.memory, first + rest.steps)


def _still_missing(seen: LeadMemory, values: Mapping[str, Value], case: Case) -> LeadMemory:
    keys = [gap_key(one, values, case.rules) for one in gaps(values, case.rules)]
    return replace(seen, announced=still(seen.announced, keys))


def _seen(lead: Item, agreed: Consent, memory: LeadMemory, case: Case) -> LeadMemory:
    direction = direction_of(agreed.values, case.rules)
    stage = lead.stage_id
    before = stage if case.order.is_before(stage) else memory.before_gate
    if not case.order.is_before(stage) and case.history:
        before = last_before_gate(case.history, stage, memory.before_gate, case.order)
    return replace(
        memory,
        values=dict(agreed.values),
        direction=direction or memory.direction,
        before_gate=before,
        question=agreed.question,
        answered=memory.answered if agreed.answered is None else dict(agreed.answered),
        base=case.base or memory.base,
    )


def _consent_step(
    lead: Item, now: Mapping[str, Value], agreed: Consent, memory: LeadMemory, seen: LeadMemory, case: Case
) -> Step:
    changes = _changes(agreed, memory, case)
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


def _changes(agreed: Consent, memory: LeadMemory, case: Case) -> Markup:
    """What changed by itself, in words; the direction's change says what is not needed any more."""
    before, rules, texts = memory.values or {}, case.rules, case.texts
    codes = [code for code in changed(memory.values, agreed.values) if code not in agreed.told]
    told = texts.changes("changed", lines(codes, before, agreed.values, case.words)) if codes else NOTHING
    direction = direction_of(agreed.values, rules)
    left = [code for code in no_longer_needed(memory, direction, rules) if agreed.values.get(code) is not None]
    kept = [f"{case.words.field(code).label}: {case.words.value(code, agreed.values[code])}" for code in left]
    name = case.words.direction(direction) if kept else ""
    return paragraphs(told, texts.listed("not_needed", kept, direction=name) if kept else NOTHING)


def _rest(scene: Scene) -> Decision:
    missing = gaps(scene.values, scene.case.rules)
    if missing and scene.case.order.holds(scene.lead):
        return at_gate(scene, missing)
    # Before the gate people are still filling in: nothing is said about gaps.
    return Decision(scene.known, scene.steps(scene.news)) if missing else complete(scene)
