"""Deals from the queue -> their clients' cards -> the decision -> the portal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import override

from crm_robots.engine.executor import Failures
from crm_robots.engine.item_robot import ItemRobot, cause_of, result_of
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Gone, PortalError, Refused
from crm_robots.portal.items import read_item, read_items, to_item, to_items
from crm_robots.records.memory import Contended
from crm_robots.robots.lost_deal.decide import (
    after_days,
    after_reopening,
    clients_of,
    decide,
    entered_rule,
    is_reopened,
)
from crm_robots.robots.lost_deal.marks import ClientMarks, marked
from crm_robots.robots.lost_deal.rules import LostDealMemory, LostDealRules, Rule
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import Work
from crm_robots.shared.items import ENTITY_TYPE_IDS, Item, ItemRef
from crm_robots.shared.plan import Cause, Record, to_json
from crm_robots.shared.reference import Reference

_CLIENTS = ("contact", "company")
_FEW = 3
"""Up to so many deals, their first clients are asked for in the same request, before we know whether they matter."""
_FIRST_CONTACTS = 3


class LostDealRobot(ItemRobot[LostDealRules]):
    """L1–L4: what the end of a deal says about its client."""

    name = "lost-deal"
    section = "lost_deal"
    rules_type = LostDealRules

    @override
    def work_off(self, works: Sequence[Work], records: Mapping[str, Record]) -> Failures:
        """Deals by their events; clients on the day on which a mark of theirs is over (L4)."""
        deals = [work for work in works if work.ref.kind == "deal"]
        clients = [work for work in works if work.ref.kind in _CLIENTS]
        failures = self._marks_over(clients, records) if clients else {}
        return failures | (super().work_off(deals, records) if deals else {})

    def _marks_over(self, works: Sequence[Work], records: Mapping[str, Record]) -> Failures:
        marks = {work.ref: records[str(work.ref)].remembered(ClientMarks) for work in works}
        cards = self._clients(iter(marks), [name for one in marks.values() for name in one.fields])
        decided: list[tuple[Record, Decision, Cause]] = []
        for work in works:
            record = records[str(work.ref)]
            if work.ref not in cards:
                self.tools.memory.forget(record)
                continue
            today = self.portal_rules.day_of(work.ts)
            decision = after_days(cards[work.ref], marks[work.ref], self.portal_rules, today)
            decided.append((record, decision, cause_of(work)))
        return self.tools.executor.perform(decided)

    @override
    def questions(self, works: Sequence[Work], records: Mapping[str, Record]) -> dict[str, Command]:
        deals = sorted(int(work.ref.id) for work in works)
        asked = {"deals": read_items("deal", deals, [])}
        if len(deals) <= _FEW:
            for place in range(len(deals)):
                asked |= self._first_clients(place)
        return asked

    def _first_clients(self, place: int) -> dict[str, Command]:
        """Clients by reference to the deal that the same batch reads; one that does not exist is a harmless error."""
        deal = Reference("deals", ("items", str(place)))
        guessed: dict[str, Command] = {}
        if self.rules.fields_of("contact"):
            for number in range(_FIRST_CONTACTS):
                guessed[f"contact_{place}_{number}"] = read_item("contact", deal.at("contactIds", number))
        if self.rules.fields_of("company"):
            guessed[f"company_{place}"] = read_item("company", deal.at("companyId"))
        return guessed

    @override
    def decide_all(
        self, works: Sequence[Work], records: Mapping[str, Record], answers: Mapping[str, Reply]
    ) -> Iterator[tuple[Work, Decision | Exception]]:
        deals = to_items("deal", result_of(answers, "deals"))
        known = dict(_guessed(answers))
        entered: dict[ItemRef, list[ItemRef]] = {}
        for work in works:
            deal = deals.get(work.ref)
            rule = entered_rule(deal, _memory(records, work), self.rules) if deal else None
            entered[work.ref] = clients_of(deal, rule) if deal and rule else []
        known |= self._clients(ref for refs in entered.values() for ref in refs if ref not in known)
        for work in works:
            if deal := deals.get(work.ref):
                try:
                    self._settle_marks(work, deal, _memory(records, work), known)
                except (Contended, PortalError) as error:
                    yield work, error
                    continue
                yield work, decide(deal, _memory(records, work), known, self.rules, self.portal_rules)

    def _settle_marks(self, work: Work, deal: Item, memory: LostDealMemory, known: Mapping[ItemRef, Item]) -> None:
        """What is about to be set is written down before it is; what is to be given back is, before the deal counts as
        seen: a crash at any moment leaves nothing to which nobody comes back.
        """
        rule = entered_rule(deal, memory, self.rules)
        if rule and rule.is_remembered:
            self._note_marks(work, [known[ref] for ref in clients_of(deal, rule) if ref in known], rule)
        elif rule is None and is_reopened(deal, memory):
            self._give_back(work, deal, memory)

    def _note_marks(self, work: Work, cards: Sequence[Item], rule: Rule) -> None:
        today = self.portal_rules.day_of(work.ts)
        records = self._free_records(str(card.ref) for card in cards)
        for card in cards:
            record = records[str(card.ref)]
            before = record.remembered(ClientMarks)
            after = marked(before, card, rule, int(work.ref.id), today)
            if after != before:
                record.memory, record.look_on = to_json(after), after.next_day
                self.tools.memory.save(record)

    def _give_back(self, work: Work, deal: Item, memory: LostDealMemory) -> None:
        records = self._free_records(memory.marked)
        marks = {ItemRef.parse(item): record.remembered(ClientMarks) for item, record in records.items()}
        cards = self._clients(iter(marks), [name for one in marks.values() for name in one.fields])
        decided = [
            (records[str(ref)], after_reopening(deal, cards[ref], one, self.portal_rules), cause_of(work))
            for ref, one in marks.items()
            if ref in cards
        ]
        for error in self.tools.executor.perform(decided).values():
            raise error

    def _free_records(self, items: Iterable[str]) -> dict[str, Record]:
        """What we remember of clients; a plan that a crash left open is finished first."""
        records = self.tools.memory.load(self.name, items)
        for error in self.tools.executor.resume(records.values()).values():
            raise error
        return records

    def _clients(self, refs: Iterable[ItemRef], fields: Sequence[str] = ()) -> dict[ItemRef, Item]:
        wanted = sorted(set(refs))
        commands: dict[str, Command] = {}
        for kind in _CLIENTS:
            ids = [int(ref.id) for ref in wanted if ref.kind == kind]
            for start in range(0, len(ids), 50):
                names = list(dict.fromkeys((*self.rules.fields_of(kind), *fields)))
                commands[f"{kind}_{start}"] = read_items(kind, ids[start : start + 50], names)
        answers = self.portal.read(commands) if commands else {}
        found: dict[ItemRef, Item] = {}
        for name in answers:
            found |= to_items(name.partition("_")[0], result_of(answers, name))
        return found


def _memory(records: Mapping[str, Record], work: Work) -> LostDealMemory:
    return records[str(work.ref)].remembered(LostDealMemory)


def _guessed(answers: Mapping[str, Reply]) -> Iterator[tuple[ItemRef, Item]]:
    for name, reply in answers.items():
        kind = name.partition("_")[0]
        if kind not in ENTITY_TYPE_IDS or isinstance(reply.error, Gone | Refused):
            continue
        row = result_of(answers, name)
        if isinstance(row, Mapping) and isinstance(row.get("item"), Mapping):
            item = to_item(kind, row["item"])
            yield item.ref, item
