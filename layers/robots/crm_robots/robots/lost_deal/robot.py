"""Deals from the queue -> their clients' cards -> the decision -> the portal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import override

from crm_robots.engine.item_robot import ItemRobot, result_of
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Gone, Refused
from crm_robots.portal.items import read_item, read_items, to_item, to_items
from crm_robots.robots.lost_deal.decide import clients_of, decide, entered_rule
from crm_robots.robots.lost_deal.rules import LostDealMemory, LostDealRules
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import Work
from crm_robots.shared.items import ENTITY_TYPE_IDS, Item, ItemRef
from crm_robots.shared.plan import Record
from crm_robots.shared.reference import Reference

_FEW = 3
"""Up to so many deals, their first clients are asked for in the same request, before we know whether they matter."""
_FIRST_CONTACTS = 3


class LostDealRobot(ItemRobot[LostDealRules]):
    """L1–L3: what the end of a deal says about its client."""

    name = "lost-deal"
    section = "lost_deal"
    rules_type = LostDealRules

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
                yield work, decide(deal, _memory(records, work), known, self.rules, self.portal_rules)

    def _clients(self, refs: Iterator[ItemRef]) -> dict[ItemRef, Item]:
        wanted = sorted(set(refs))
        commands: dict[str, Command] = {}
        for kind in ("contact", "company"):
            ids = [int(ref.id) for ref in wanted if ref.kind == kind]
            for start in range(0, len(ids), 50):
                commands[f"{kind}_{start}"] = read_items(kind, ids[start : start + 50], self.rules.fields_of(kind))
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
