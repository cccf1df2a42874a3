"""Leads from the queue -> their reports -> the draws -> visits, deals, tasks and comments on the portal."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, override

import msgspec

from crm_robots.engine.item_robot import ItemRobot
from crm_robots.engine.tools import Tools
from crm_robots.portal.commands import Command, Reply
from crm_robots.robots.routing import draw
from crm_robots.robots.routing.ballot import Ballot, ballot
from crm_robots.robots.routing.decide import decide
from crm_robots.robots.routing.memory import Draw, RoutingMemory
from crm_robots.robots.routing.report import to_draw
from crm_robots.robots.routing.rules import NewLeads, RoutingRules
from crm_robots.robots.routing.turn_table import TurnTable
from crm_robots.robots.routing.window import Window, is_born
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import Work
from crm_robots.shared.items import Item
from crm_robots.shared.plan import Record

_RANDOM = random.SystemRandom()
_ROUNDS = 3
"""How often it may turn out that something else must be asked."""


class RoutingRobot(ItemRobot[RoutingRules]):
    """R1–R8. Chance enters here, and is written down with everything else before it has any effect."""

    name = "routing"
    section = "routing"
    rules_type = RoutingRules
    beside: ClassVar = {"conversion": NewLeads}

    def __init__(self, tools: Tools, chance: Callable[[], float] = _RANDOM.random) -> None:
        super().__init__(tools)
        self._chance = chance
        self._turns = TurnTable(tools.memory, self.name)

    @override
    def completed(self, rules: RoutingRules, beside: Mapping[str, Any]) -> RoutingRules:
        new_leads = beside.get("conversion")
        return msgspec.structs.replace(rules, creator_leads=bool(new_leads and new_leads.assign_creator))

    @override
    def questions(self, works: Sequence[Work], records: Mapping[str, Record]) -> dict[str, Command]:
        memories = {work.ref: records[str(work.ref)].remembered(RoutingMemory) for work in works}
        self._memories = memories
        self._window = Window(works, memories, self.rules, self.portal_rules, self.tools.directory())
        return self._window.questions()

    @override
    def decide_all(
        self, works: Sequence[Work], records: Mapping[str, Record], answers: Mapping[str, Reply]
    ) -> Iterator[tuple[Work, Decision | Exception]]:
        window = self._window
        window.answers |= answers
        for _ in range(_ROUNDS):
            if left := window.left():
                window.answers |= self.portal.read(left)
        leads = window.leads()
        self._company = window.people.company(window.answers)
        open_deals = window.people.open_deals(window.answers)
        for work in works:
            if lead := leads.get(work.ref):
                try:
                    yield work, self._decided(work, lead, open_deals)
                except Exception as error:
                    yield work, error

    def _decided(self, work: Work, lead: Item, open_deals: Counter[int]) -> Decision:
        memory = self._memories[work.ref]
        services = to_draw(lead, memory, self.rules, born=is_born(work))
        client_deals = self._window.client_deals(lead) if services else []
        ballots = [ballot(service, lead, self._company, client_deals) for service in services]
        draws: list[Draw] = []
        for one in ballots:
            draws.append(self._draw(one, work, open_deals, (*memory.draws, *draws)))
        facts = self._window.facts(work, lead, self._company, self._chance())
        return decide(lead, memory, draws, facts, self.rules, self.portal_rules)

    def _draw(self, one: Ballot, work: Work, open_deals: Counter[int], before: Sequence[Draw]) -> Draw:
        """A lead's earlier draw of the department counts first (R2), then the client's manager (R4), then chance."""
        again = draw.same(one, before, self._company.directory, work.ts)
        drawn = again or draw.kept(one, work.ts) or self._by_lot(one, work, open_deals)
        open_deals[drawn.manager] += 1
        return drawn

    def _by_lot(self, one: Ballot, work: Work, open_deals: Counter[int]) -> Draw:
        if self.rules.pick == "round_robin":
            name = f"{work.ref}:{one.service.item}"
            return draw.in_turn(one, self._turns.take(one.service.department, name, one.eligible), work.ts)
        if self.rules.pick == "least_loaded":
            return draw.least_loaded(one, open_deals, self._chance(), work.ts)
        return draw.at_random(one, self._chance(), work.ts)
