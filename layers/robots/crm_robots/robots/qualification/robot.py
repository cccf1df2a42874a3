"""Leads from the queue -> stages, history, colleagues' workload -> the decision -> the portal."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import datetime
from typing import Any, ClassVar, override
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from crm_robots.engine.executor import Failures
from crm_robots.engine.item_robot import ItemRobot, result_of
from crm_robots.engine.linked_cards import questions_about, titles
from crm_robots.engine.tools import Tools
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.dropdowns import dropdown, to_labels
from crm_robots.portal.errors import AccessLost, Busy
from crm_robots.portal.items import read_items, to_items
from crm_robots.portal.lead_stages import deal_stages, lead_stages, stage_history, to_history, to_stages
from crm_robots.records.memory import Contended
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.robots.conversion.together import own_cards
from crm_robots.robots.qualification.beside import their_gaps, told_for_conversion, untold
from crm_robots.robots.qualification.case import Answer, Case, Sending
from crm_robots.robots.qualification.changes import changed, linked
from crm_robots.robots.qualification.complete import heir_of, heirs_wanted
from crm_robots.robots.qualification.decide import decide
from crm_robots.robots.qualification.gaps import direction_of, gaps
from crm_robots.robots.qualification.lacks import client_of
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.presence import Presence
from crm_robots.robots.qualification.rules import Direction, QualificationRules
from crm_robots.robots.qualification.teams import Teams
from crm_robots.robots.qualification.values import values_of
from crm_robots.robots.qualification.words import Words
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import Work
from crm_robots.shared.gate.stages import Order, Stage
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.people import Directory, SkipsAbsent
from crm_robots.shared.plan import Record
from crm_robots.shared.tokens import token_of

_PEOPLE = ("employee", "user")


@dataclass(slots=True)
class _Window:
    """What belongs to the events at hand, and to no others."""

    teams: Teams
    presence: Presence
    directory: Directory
    memories: dict[ItemRef, LeadMemory] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    """By field: dropdown items that were added after the section was published, and names of linked cards."""
    clients: dict[ItemRef, Item] = field(default_factory=dict)
    """Cards of deals' clients."""


class QualificationRobot(ItemRobot[QualificationRules]):
    """Q1–Q15: what a lead or deal needs before the gate, and what may not change unasked."""

    name = "qualification"
    section = "qualification"
    rules_type = QualificationRules
    beside: ClassVar = {"conversion": ConversionRules, "routing": SkipsAbsent}

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._kind = "lead"
        """What the window at hand is about."""
        self._conversion: ConversionRules | None = None
        """Its rules, while leads are at hand."""
        self._skips_absent = True
        self._stages: dict[str, tuple[Stage, ...]] = {}
        """Of leads and of the kept funnel, as the portal last told them."""
        self._labels: dict[str, dict[str, str]] = {}
        """Dropdown items that were added after the section was published."""
        self._window: _Window

    @override
    def handle(self, works: Sequence[Work]) -> Failures:
        """Leads and deals are windows of their own: they go by rules of their own (Q15)."""
        failures: Failures = {}
        for kind in ("lead", "deal"):
            mine = [work for work in works if work.ref.kind == kind]
            self._kind = kind
            if mine and self._is_kept(kind):
                failures |= super().handle(mine)
        return failures

    def _is_kept(self, kind: str) -> bool:
        settings = self.tools.settings.load(self.section, self.rules_type, self.beside)
        return settings is not None and (kind == "lead" or settings.rules.deals is not None)

    @override
    def completed(self, rules: QualificationRules, beside: Mapping[str, Any]) -> QualificationRules:
        self._conversion = beside.get("conversion") if self._kind == "lead" else None
        self._skips_absent = beside.get("routing", SkipsAbsent()).skip_absent
        return rules.deals if self._kind == "deal" and rules.deals else rules

    @override
    def questions(self, works: Sequence[Work], records: Mapping[str, Record]) -> dict[str, Command]:
        directory = self.tools.directory() if self._needs_people() else Directory()
        stages = self._stages.get(self._kind) or self.rules.stages
        open_stages = [stage.id for stage in stages if stage.semantics == "P"]
        teams = Teams(self.tools.memory, self.name, directory, open_stages)
        memories = {work.ref: records[str(work.ref)].remembered(LeadMemory) for work in works}
        latest = max(work.ts for work in works)
        moment = datetime.fromtimestamp(latest, ZoneInfo(self.portal_rules.timezone))
        presence = Presence(moment, skips_absent=self._skips_absent)
        self._window = _Window(teams, presence, directory, memories, dict(self._labels))
        leads = sorted(int(ref.id) for ref in memories)
        stages_of = lead_stages() if self._kind == "lead" else deal_stages(self.rules.category)
        asked = {"leads": read_items(self._kind, leads, self._user_fields()), "stages": stages_of}
        asked |= self._cards({ItemRef.parse(memory.client) for memory in memories.values() if memory.client})
        for ref, memory in memories.items():
            if self._may_go_back(memory):
                asked[f"history_{ref.id}"] = stage_history(ref)
        heirs = [one for memory in memories.values() for one in self._heirs(memory)]
        return asked | self._about_heirs(heirs, latest)

    def _about_heirs(self, heirs: Sequence[Direction], ts: int) -> dict[str, Command]:
        """How busy they are, and who is away (Q8, S11)."""
        window = self._window
        departments = sorted({one.department for one in heirs} - {0})
        members = {user for number in departments for user in window.directory.members(number)}
        people = members | {one.user for one in heirs if one.user}
        return window.teams.questions(departments, ts) | window.presence.questions(people)

    def _user_fields(self) -> list[str]:
        theirs = self._conversion.lead_fields if self._conversion else []
        return list(dict.fromkeys([*self.rules.user_fields, *theirs]))

    def _needs_people(self) -> bool:
        names = any(one.user or one.department or one.confirm for one in self.rules.directions.values())
        return names or any(one.type in _PEOPLE for one in self.rules.fields.values())

    def _may_go_back(self, memory: LeadMemory) -> bool:
        """Leads that had gaps, or that we have not seen: only they are likely to be moved."""
        return self.rules.returns and (memory.values is None or bool(gaps(memory.values, self.rules)))

    def _heirs(self, memory: LeadMemory) -> Iterable[Direction]:
        """Directions whose people may get the lead by this event; a lead we have not seen may go to any."""
        if memory.values is None:
            return self.rules.directions.values()
        item = direction_of(memory.values, self.rules)
        direction = self.rules.directions.get(item)
        return [direction] if direction and item not in memory.handed else []

    @override
    def decide_all(
        self, works: Sequence[Work], records: Mapping[str, Record], answers: Mapping[str, Reply]
    ) -> Iterator[tuple[Work, Decision | Exception]]:
        leads = self._kept(to_items(self._kind, result_of(answers, "leads")))
        self._stages[self._kind] = to_stages(result_of(answers, "stages"))
        self._window.clients |= _clients(answers)
        self._window.teams.count(answers)
        self._window.presence.take(answers)
        for work in works:
            if error := _silent_about(work, answers):
                leads.pop(work.ref, None)
                yield work, error
        works = [work for work in works if not _silent_about(work, answers)]
        cases = {work.ref: self._case(work, answers) for work in works}
        self._ask_further(leads, cases)
        away = self._window.presence.away
        cases = {ref: replaced(self._with_client(case, leads.get(ref)), away=away) for ref, case in cases.items()}
        cases |= self._beside(leads, cases)
        decided: list[tuple[Work, Decision | Exception, int]] = []
        for work in works:
            memory = self._window.memories[work.ref]
            lead = leads.get(work.ref)
            if lead is None:
                decided += ((work, one, 0) for one in _gone(memory, cases[work.ref]))
                continue
            try:
                decided.append((work, *self._decide(lead, memory, cases[work.ref])))
            except Exception as error:  # one strange card must not hold the others up
                decided.append((work, error, 0))
        lost = self._window.teams.save()
        for work, decision, department in decided:
            yield work, Contended(f"department {department} was counted by another") if department in lost else decision

    def _decide(self, lead: Item, memory: LeadMemory, case: Case) -> tuple[Decision, int]:
        """The decision, and the department that it gives the lead to."""
        decision = decide(lead, memory, case)
        heir = heir_of(decision)
        if heir is None:
            return decision, 0
        department = self.rules.directions[decision.memory.handed[-1]].department
        if department:
            case.teams[department].take(int(lead.ref.id), heir, case.ts)
        return decision, department

    def _case(self, work: Work, answers: Mapping[str, Reply]) -> Case:
        live = self._stages[self._kind]
        events = [event for event in work.events if not event.answer and not event.sent]
        based = next((event for event in reversed(events) if event.base), None)
        history = answers.get(f"history_{work.ref.id}")
        return Case(
            rules=self.rules,
            portal=self.portal_rules,
            words=Words(
                self.rules,
                self.portal_rules.language,
                ZoneInfo(self.portal_rules.timezone),
                self._window.labels,
                self._window.directory,
            ),
            order=self._order(live),
            ts=work.ts,
            received=max((event.received for event in events), default=work.newest.received),
            base=based.base if based else "",
            token=token_of(work.ref, secrets.token_urlsafe(24)),
            form_token=token_of(work.ref, secrets.token_urlsafe(24)),
            history=to_history(history.result) if history and history.error is None else (),
            answers=tuple(
                Answer(event.question, event.answer == "confirm", event.received)
                for event in work.events
                if event.answer
            ),
            sendings=tuple(
                Sending(event.sent, event.question, dict(event.form), event.received)
                for event in work.events
                if event.sent
            ),
            moved_on=_moved_on(self._conversion),
            teams=self._window.teams.teams,
        )

    def _ask_further(self, leads: Mapping[ItemRef, Item], cases: Mapping[ItemRef, Case]) -> None:
        """What only the leads themselves could tell that it is needed: a second request, and a rare one."""
        window = self._window
        unknown = {code for ref, lead in leads.items() for code in self._unknown(lead, window.memories[ref])}
        asked = {f"labels_{code}": dropdown(self._kind, code) for code in sorted(unknown)}
        wanted = [heirs_wanted(lead, window.memories[ref], cases[ref]) for ref, lead in leads.items()]
        asked |= self._about_heirs(wanted, max((case.ts for case in cases.values()), default=0))
        links = [linked(window.memories[ref], values_of(lead, self.rules), self.rules) for ref, lead in leads.items()]
        asked |= self._cards(self._clients_of(leads.values()) - window.clients.keys())
        asked |= questions_about(card for one in links for named in one.values() for card in named.values())
        if asked:
            answers = self.portal.read(asked)
            for code in unknown:
                self._labels[code] = self._labels.get(code, {}) | to_labels(result_of(answers, f"labels_{code}"))
            window.labels |= self._labels
            window.clients |= _clients(answers)
            _name(links, titles(answers), window.labels)
            window.teams.count(answers)
            window.presence.take(answers)

    def _kept(self, found: dict[ItemRef, Item]) -> dict[ItemRef, Item]:
        """Deals of other funnels are nobody's business here."""
        if self._kind == "lead":
            return found
        return {ref: deal for ref, deal in found.items() if deal.category_id == self.rules.category}

    def _clients_of(self, deals: Iterable[Item]) -> set[ItemRef]:
        found = {client_of(deal) for deal in deals} if self.rules.card_required else set()
        return {client for client in found if client}

    def _cards(self, clients: Iterable[ItemRef]) -> dict[str, Command]:
        """Asks for the cards of deals' clients."""
        return self._read_cards(
            clients, sorted(code for one in self.rules.card_required for code in one if code.startswith("UF_"))
        )

    def _read_cards(self, clients: Iterable[ItemRef], fields: Sequence[str]) -> dict[str, Command]:
        by_kind: dict[str, list[int]] = {}
        for client in sorted(clients):
            by_kind.setdefault(client.kind, []).append(int(client.id))
        return {f"client_{kind}": read_items(kind, ids, fields) for kind, ids in by_kind.items()}

    def _with_client(self, case: Case, deal: Item | None) -> Case:
        client = client_of(deal) if deal and self.rules.card_required else None
        return replaced(case, client=self._window.clients.get(client)) if client else case

    def _beside(self, leads: Mapping[ItemRef, Item], cases: Mapping[ItemRef, Case]) -> dict[ItemRef, Case]:
        """Where conversion keeps a lead from the same stage too, or was spoken for, or may keep it from its next step:
        rare cases, and the only ones in which its memory is read (Q3, Q14)."""
        theirs = self._conversion
        held = {ref: self._is_held_twice(lead, cases[ref]) for ref, lead in leads.items() if ref in cases}
        told = {ref for ref in held if told_for_conversion(self._window.memories[ref].announced)}
        steps = {ref for ref in held if self._has_next_step(leads[ref])}
        wanted = [ref for ref in held if held[ref] or ref in told | steps]
        if theirs is None or not wanted:
            return {}
        records = self.tools.memory.load("conversion", map(str, wanted))
        memories = {ref: records[str(ref)].remembered(ConversionMemory) for ref in wanted}
        linked_cards = {card for ref in wanted for card in own_cards(memories[ref]) if _is_linked(card, leads[ref])}
        answers = self.portal.read(self._read_cards(linked_cards, [])) if linked_cards else {}
        found = {}
        for ref in wanted:
            missing = their_gaps(leads[ref], memories[ref], theirs, _clients(answers), self.portal_rules.language)
            announced = self._window.memories[ref].announced
            ours = tuple(one for one in untold(missing, memories[ref]) if held[ref] or one.key in announced)
            found[ref] = replaced(cases[ref], beside=ours, is_kept=ref in steps and bool(missing))
        return found

    def _order(self, live: Sequence[Stage]) -> Order:
        theirs = self._conversion
        onward = (theirs.new_stage, theirs.assigned_stage) if theirs else ("", "")
        return replaced(self.rules.held_at.order(live), onward=onward)

    def _is_held_twice(self, lead: Item, case: Case) -> bool:
        is_held = self._conversion_holds(lead) and case.order.holds(lead)
        return is_held and bool(gaps(values_of(lead, self.rules), self.rules))

    def _has_next_step(self, lead: Item) -> bool:
        """A stage whose next step the lead has yet to get, and from which conversion may put it back."""
        is_due = lead.stage_id in self.rules.next_steps and lead.stage_id != self._window.memories[lead.ref].next_stage
        return is_due and self._conversion_holds(lead)

    def _conversion_holds(self, lead: Item) -> bool:
        return self._conversion is not None and self._conversion.gate.order(self._stages["lead"]).holds(lead)

    def _unknown(self, lead: Item, memory: LeadMemory) -> Iterable[str]:
        """Changed dropdowns with items that have no label yet."""
        before, now = memory.values or {}, values_of(lead, self.rules)
        for code in changed(memory.values, now):
            one = self.rules.fields[code]
            if one.type == "enumeration" and code.startswith("UF_"):
                known = one.items.keys() | self._labels.get(code, {}).keys()
                if not {*_ids(before.get(code)), *_ids(now[code])} <= known:
                    yield code


def _silent_about(work: Work, answers: Mapping[str, Reply]) -> Exception | None:
    """What kept the portal from telling a lead's history; one that refuses to tell it has none."""
    history = answers.get(f"history_{work.ref.id}")
    return history.error if history and isinstance(history.error, Busy | AccessLost) else None


def _is_linked(card: ItemRef, lead: Item) -> bool:
    return card.id in lead.contact_ids if card.kind == "contact" else card.id == lead.company_id


def _moved_on(conversion: ConversionRules | None) -> dict[str, str]:
    """C1: a lead with a responsible does not stay at the new stage."""
    return {conversion.new_stage: conversion.assigned_stage} if conversion and conversion.new_stage else {}


def _clients(answers: Mapping[str, Reply]) -> dict[ItemRef, Item]:
    found: dict[ItemRef, Item] = {}
    for kind in ("contact", "company"):
        if f"client_{kind}" in answers:
            found |= to_items(kind, result_of(answers, f"client_{kind}"))
    return found


def _ids(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),) if value else ()


def _name(
    links: Iterable[Mapping[str, Mapping[str, ItemRef]]],
    titles: Mapping[ItemRef, str],
    labels: dict[str, dict[str, str]],
) -> None:
    for one in links:
        for code, named in one.items():
            found = {text: titles[card] for text, card in named.items() if card in titles}
            labels[code] = labels.get(code, {}) | found


def _gone(memory: LeadMemory, case: Case) -> Iterator[Decision]:
    """The lead is deleted, or hidden from us. Who waits for an answer's outcome on the page hears of it."""
    question = memory.question
    if question and any(answer.digest == question.digest for answer in case.answers):
        yield Decision(replace(memory, question=None, answered=memory.ended(question, "gone")))
