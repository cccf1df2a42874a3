"""Q7: a change of a filled field is put back and asked about; what the answer, or its absence, does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.changes import changed, lines
from crm_robots.robots.qualification.gaps import direction_of
from crm_robots.robots.qualification.memory import LeadMemory, Question
from crm_robots.robots.qualification.rules import Direction, QualificationRules
from crm_robots.robots.qualification.texts import change, paragraphs
from crm_robots.robots.qualification.values import Value
from crm_robots.robots.qualification.writing import writes
from crm_robots.shared.actions import Notify, UpdateItem
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, Markup
from crm_robots.shared.tokens import digest_of


@dataclass(frozen=True, slots=True)
class Consent:
    """What becomes of changes that need consent."""

    values: Mapping[str, Value]
    """The lead's values once the writes are done."""
    question: Question | None = None
    answered: Mapping[str, str] | None = None
    """None: as remembered."""
    writes: tuple[UpdateItem, ...] = ()
    text: Markup = NOTHING
    notify: tuple[Notify, ...] = ()
    told: frozenset[str] = frozenset()
    """Fields whose change `text` tells."""
    refused_text: Markup = NOTHING
    """Instead of `text`, when the portal refuses the writes."""
    refused_how: str = ""
    """How the question ends then; empty when a new one was to be asked."""


def consent(lead: Item, now: Mapping[str, Value], memory: LeadMemory, case: Case) -> Consent:
    """Looks at the waiting question, its answer, and at what was changed."""
    question, contested = memory.question, _contested(now, memory, case.rules)
    how = _end_of(question, now, case) if question else ""
    if question and how == "confirmed":
        return _confirmed(lead, now, question, memory, case)
    if contested and (case.base or memory.base):
        return _asked(lead, now, contested, how or "replaced", memory, case)
    if question and how:
        return _ended(how, now, question, memory, case)
    return Consent(now, question)


def _end_of(question: Question, now: Mapping[str, Value], case: Case) -> str:
    """How the question ends with these events; empty while it waits on."""
    answer = next((one for one in case.answers if one.digest == question.digest), None)
    if answer is None:
        return "lapsed" if question.lapsed_on_portal(case.ts) else ""
    if question.lapsed_at_api(answer.received):
        return "lapsed"
    if not answer.confirms:
        return "declined"
    untouched = all(now.get(code) in (question.old[code], new) for code, new in question.new.items())
    return "confirmed" if untouched else "overtaken"


def _contested(now: Mapping[str, Value], memory: LeadMemory, rules: QualificationRules) -> list[str]:
    """Filled fields that were changed and whose change needs consent, in the direction the lead has.

    A direction that needs consent itself is judged by the old one, and then so are the other fields.
    """
    before = memory.values or {}
    direction = direction_of(now, rules) or memory.direction
    old = rules.directions.get(memory.direction, Direction(""))
    field = rules.direction_field
    if field in old.confirm and field in before and now.get(field) != before[field]:
        direction = memory.direction
    wanted = rules.directions.get(direction, Direction("")).confirm
    return [code for code in changed(memory.values, now) if code in wanted and before[code] is not None]


def _asked(
    lead: Item,
    now: Mapping[str, Value],
    contested: Sequence[str],
    how: str,
    memory: LeadMemory,
    case: Case,
) -> Consent:
    """Puts back and asks. A question that was still waiting is asked again together with it, by the new link."""
    before = memory.values or {}
    waiting = memory.question if how == "replaced" else None
    new = {**(waiting.new if waiting else {}), **{code: now[code] for code in contested}}
    new = {code: value for code, value in new.items() if code in case.rules.fields}
    old = {code: before.get(code) for code in new}
    told = tuple(lines(new, old, new, case.words))
    question = Question(
        digest_of(case.token),
        case.ts,
        case.received,
        case.rules.confirm_hours,
        lead.title,
        told,
        old,
        new,
        _changer(lead, case),
    )
    texts, link = case.texts, f"{(case.base or memory.base).rstrip('/')}/confirm/{case.token}"
    linked = texts.say("ask_link", link=Markup(link), hours=question.hours)
    replaced = texts.say("replaced") if waiting else NOTHING
    shown = [Markup("• {}").format(change(line)) for line in told]
    notice = Markup("\n").join([texts.say("notify", lead=case.portal.link_to(lead)), *shown, linked])
    responsible = (
        (Notify(user_id=lead.responsible_id, text=notice, rule="Q7", optional=True),) if lead.responsible_id else ()
    )
    answered = memory.ended(memory.question, how) if memory.question else None
    return Consent(
        values={**now, **{code: old[code] for code in contested}},
        question=question,
        answered=answered,
        writes=writes(lead, {code: old[code] for code in contested}, now, case.rules, "Q7 put back"),
        text=Markup("\n").join(filter(None, [texts.changes("ask", told), linked, replaced])),
        notify=responsible,
        told=frozenset(contested),
        refused_text=paragraphs(
            texts.say("not_put_back"), texts.changes("changed", lines(contested, before, now, case.words))
        ),
    )


def _changer(lead: Item, case: Case) -> str:
    user = case.words.directory.users.get(lead.updated_by_id or 0)
    return user.name if user else ""


def _confirmed(lead: Item, now: Mapping[str, Value], question: Question, memory: LeadMemory, case: Case) -> Consent:
    new = {code: value for code, value in question.new.items() if code in case.rules.fields}
    pending = {code: value for code, value in new.items() if now.get(code) != value}
    return Consent(
        values={**now, **new},
        answered=memory.ended(question, "confirmed"),
        writes=writes(lead, pending, now, case.rules, "Q7 confirmed"),
        text=case.texts.changes("confirmed", question.lines),
        told=frozenset(new),
        refused_text=case.texts.changes("not_confirmed", question.lines),
        refused_how="refused",
    )


def _ended(how: str, now: Mapping[str, Value], question: Question, memory: LeadMemory, case: Case) -> Consent:
    return Consent(now, answered=memory.ended(question, how), text=case.texts.kept(how, question.lines))
