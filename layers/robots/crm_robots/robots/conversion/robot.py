"""Leads from the queue -> what is known about their clients -> the decision -> the portal."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar, override

import httpx
import msgspec

from crm_robots.engine.executor import Failures
from crm_robots.engine.item_robot import ItemRobot, result_of
from crm_robots.engine.tools import Tools
from crm_robots.portal.commands import Command, Reply, rows_of
from crm_robots.portal.items import read_items, to_items
from crm_robots.portal.lead_stages import lead_stages, to_stages
from crm_robots.records.memory import Contended
from crm_robots.records.parameters import MissingParameter
from crm_robots.robots.conversion.choice import Asking, answered
from crm_robots.robots.conversion.claims import Claims
from crm_robots.robots.conversion.companies import Companies
from crm_robots.robots.conversion.dadata import TOKEN, Dadata
from crm_robots.robots.conversion.decide import decide, outlook
from crm_robots.robots.conversion.findings import Findings
from crm_robots.robots.conversion.known import DirectoryAnswer, Known
from crm_robots.robots.conversion.lookups import look_up
from crm_robots.robots.conversion.questions import Search, client_cards, clients_in, clients_of, first_questions
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.robots.conversion.spoken import Spoken, is_spoken_for
from crm_robots.robots.conversion.together import together
from crm_robots.robots.conversion.waiting import note
from crm_robots.robots.qualification.beside import told_for_conversion
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import Work
from crm_robots.shared.gate.rules import Reminders
from crm_robots.shared.gate.stages import Order, Stage
from crm_robots.shared.items import Item
from crm_robots.shared.plan import Record
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.stop_list import HasStopList
from crm_robots.shared.tokens import token_of

_FEW = 2
"""Up to so many leads, what goes by their ids alone is asked for together with them: a request less if they convert."""
_LEAD_MADE = "ONCRMLEADADD"


class ConversionRobot(ItemRobot[ConversionRules]):
    """C1–C10: a lead leaves contact, company and deal behind."""

    name = "conversion"
    section = "conversion"
    rules_type = ConversionRules
    beside: ClassVar = {"qualification": QualificationRules, "client_status": HasStopList}

    def __init__(self, tools: Tools, http: httpx.Client | None = None) -> None:
        super().__init__(tools)
        self._qualification: QualificationRules | None = None
        self._stages: tuple[Stage, ...] = ()
        """Of leads, as the portal last told them."""
        self._directory = Dadata(self._token, http or httpx.Client())

    def _token(self) -> str:
        try:
            return self.tools.secret(TOKEN)
        except MissingParameter:
            return ""

    @override
    def completed(self, rules: ConversionRules, beside: Mapping[str, Any]) -> ConversionRules:
        self._qualification = beside.get("qualification")
        theirs = self._qualification or Reminders()
        gate = msgspec.structs.replace(rules.gate, todo_hours=theirs.todo_hours)
        stop_list = beside.get("client_status", HasStopList()).skip_when
        return msgspec.structs.replace(rules, gate=gate, stop_list=stop_list, confirm_hours=theirs.confirm_hours)

    @override
    def handle(self, works: Sequence[Work]) -> Failures:
        """Leads, and companies with their papers, which are read in another way."""
        leads = [work for work in works if work.ref.kind == "lead"]
        others = [work for work in works if work.ref.kind != "lead"]
        failures = super().handle(leads) if leads else {}
        settings = self.tools.settings.load(self.section, self.rules_type, self.beside) if others else None
        if settings is not None and (settings.rules.contract_requires or settings.rules.recheck_days):
            failures |= self.companies(settings.rules, settings.portal).handle(others)
        return failures

    def companies(self, rules: ConversionRules, portal: PortalRules) -> Companies:
        """What works on companies, with these rules; the directory gets another chance."""
        self._directory.begin()
        url = rules.party_directory_url
        return Companies(self.tools, self.name, rules, portal, lambda inn, bik: self._directory.ask(url, inn, bik))

    @override
    def questions(self, works: Sequence[Work], records: Mapping[str, Record]) -> dict[str, Command]:
        leads = sorted(int(work.ref.id) for work in works)
        asked = {"leads": read_items("lead", leads, self._user_fields()), "stages": lead_stages()}
        asked |= clients_of(_memory(records, work) for work in works)
        if len(leads) <= _FEW:
            for work in works:
                memory = _memory(records, work)
                if not memory.converted:
                    lead_id = int(work.ref.id)
                    asked |= first_questions(lead_id, self.rules) | client_cards(lead_id, memory, self.rules)
        return asked

    def _user_fields(self) -> list[str]:
        theirs = self._qualification.user_fields if self._qualification else []
        return list(dict.fromkeys([*self.rules.lead_fields, *theirs]))

    @override
    def decide_all(
        self, works: Sequence[Work], records: Mapping[str, Record], answers: Mapping[str, Reply]
    ) -> Iterator[tuple[Work, Decision | Exception]]:
        memories = {work.ref: _answered(_memory(records, work), work) for work in works}
        clients = clients_in(answers)
        leads = {
            ref: together(lead, memories[ref], clients) if ref in memories else lead
            for ref, lead in to_items("lead", result_of(answers, "leads")).items()
        }
        self._stages = to_stages(rows_of(answers["stages"]))
        onward = (self.rules.new_stage, self.rules.assigned_stage)
        order = replace(self.rules.gate.order(self._stages), onward=onward)
        searches = {
            work.ref: self._search(work, leads[work.ref], memories[work.ref], order)
            for work in works
            if work.ref in leads
        }
        self._directory.begin()
        busy = [one for one in searches.values() if not one.view.is_quiet]
        sought = [one.lead for one in busy] if self.rules.links_duplicates else []
        claims = Claims(self.tools.memory, sought, self.rules.inn_field, self.portal_rules.country)
        found = look_up(self.portal, busy, answers)
        for work in works:
            if work.ref in searches:
                decision = self._decide(work, searches[work.ref], found.get(work.ref))
                yield work, self._claimed(claims, records[str(work.ref)], decision)

    def _claimed(self, claims: Claims, record: Record, decision: Decision) -> Decision | Exception:
        try:
            if self.rules.links_duplicates:
                claims.take(record, decision)
        except Contended as contended:
            return contended
        return decision

    @override
    def work_off(self, works: Sequence[Work], records: Mapping[str, Record]) -> Failures:
        before = {work: _memory(records, work).to_complete for work in works}
        failures = super().work_off(works, records)
        after = {work: _memory(records, work).to_complete for work in works}
        waiting = [int(work.ref.id) for work in works if after[work]]
        settled = [int(work.ref.id) for work in works if before[work] and not after[work]]
        if waiting or settled:
            note(self.tools.memory, waiting, settled)
        return failures

    def _search(self, work: Work, lead: Item, memory: ConversionMemory, order: Order) -> Search:
        is_new = any(event.event == _LEAD_MADE for event in work.events)
        view = outlook(lead, memory, self.rules, order, self.portal_rules, is_new=is_new)
        return Search(lead, memory, view, self.rules, self.portal_rules.country)

    def _decide(self, work: Work, search: Search, found: Findings | None) -> Decision:
        known = found.known_with(self._asked(search, found.known)) if found else Known()
        return decide(
            search.lead,
            search.memory,
            search.view,
            known,
            found.history if found else (),
            self.rules,
            self.portal_rules,
            datetime.fromtimestamp(work.ts, UTC),
            creator_is_person=bool(found and found.creator_is_person),
            asking=self._asking(work) if self.rules.asks else None,
            spoken=self._spoken(search),
        )

    def _spoken(self, search: Search) -> Spoken:
        """What qualification says of the lead's gaps; its memory is read only where we would say something (Q3)."""
        lead, theirs, keys = search.lead, self._qualification, {gap.key for gap in search.view.gaps}
        if theirs is None or not keys or not search.view.order.holds(lead):
            return Spoken()
        if is_spoken_for(lead, theirs, self._stages):
            return Spoken(is_silent=True, moves=theirs.returns)
        if keys <= set(search.memory.gate.announced):
            return Spoken()
        record = self.tools.memory.load("qualification", [str(lead.ref)])[str(lead.ref)]
        return Spoken(told=told_for_conversion(record.remembered(LeadMemory).announced))

    def _asking(self, work: Work) -> Asking:
        based = next((event.base for event in reversed(work.events) if event.base), "")
        names = {number: user.name for number, user in self.tools.directory().users.items()}
        token = token_of(work.ref, secrets.token_urlsafe(24))
        return Asking(based, token, work.ts, work.newest.received, self.rules.confirm_hours, names)

    def _asked(self, search: Search, known: Known) -> DirectoryAnswer:
        inn, bik = search.unknown_codes(known)
        return self._directory.ask(self.rules.party_directory_url, inn, bik) if inn or bik else DirectoryAnswer()


def _answered(memory: ConversionMemory, work: Work) -> ConversionMemory:
    return msgspec.structs.replace(memory, choices=answered(memory.choices, work.events))


def _memory(records: Mapping[str, Record], work: Work) -> ConversionMemory:
    return records[str(work.ref)].remembered(ConversionMemory)
