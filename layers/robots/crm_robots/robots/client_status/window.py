"""One window of events under one version of the settings, and what its parts share."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any, Protocol

from crm_robots.engine.executor import Executor, Failures
from crm_robots.engine.holding import Holding
from crm_robots.engine.item_robot import result_of
from crm_robots.engine.tools import Tools
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.items import read_items, to_items
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar
from crm_robots.robots.client_status.timer_records import TimerRecords
from crm_robots.robots.lost_deal.rules import LostDealRules
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import Work
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.plan import Cause, Record
from crm_robots.shared.portal import PortalRules

_MOST_IDS = 50

type Answers = Mapping[str, Reply]


class Window:
    """What the parts of the robot work with. The executor keeps its plans in the timers.

    `holder`: a command that works on behalf of itself, not of events.
    """

    def __init__(
        self,
        tools: Tools,
        rules: ClientStatusRules,
        portal_rules: PortalRules,
        holder: str = "",
        lost_deals: LostDealRules | None = None,
    ) -> None:
        self.tools = tools
        self._lost_deals = lost_deals
        self.portal = tools.portal
        self.rules = rules
        self.portal_rules = portal_rules
        self.calendar = Calendar(rules, portal_rules.timezone)
        self.timers = TimerRecords(tools.timers, self.calendar, holder)
        executor = Executor(
            tools.portal,
            self.timers,
            tools.journal,
            has_time=tools.has_time,
            stand_ins=tools.stand_ins,
            hands_off=tools.hands_off,
        )
        self.holding = Holding(self.timers, executor)

    def marks_of(self, stage_id: str) -> dict[str, dict[str, Any]]:
        """Kind of card -> fields that the lost-deal robot sets for a deal at that stage."""
        rule = self._lost_deals.rule_for(stage_id) if self._lost_deals else None
        if rule is None:
            return {}
        fields = {"contact": rule.contact, "company": rule.company}
        return {kind: {field.name: field.value for field in found} for kind, found in fields.items() if found}

    def load(
        self, items: Iterable[str], holders: Mapping[str, str] | None = None
    ) -> tuple[dict[str, Record], Failures]:
        """The timers of these cards, and those that must wait. Plans that a crash left open are finished first."""
        records = self.timers.load(items, holders)
        failures = self.holding.resume(records.values())
        return {item: record for item, record in records.items() if item not in failures}, failures

    def perform(self, decided: Sequence[tuple[Record, Decision, Cause]]) -> Failures:
        """Sees decisions through; what cannot be finished now is open to whoever comes next."""
        return self.holding.perform(decided)


class Part(Protocol):
    """Works off the events of one kind of item. All parts of a window share its first request."""

    failures: Failures

    def questions(self) -> dict[str, Command]:
        """What to ask the portal first."""

    def work_off(self, answers: Answers) -> None:
        """Decides and acts; what must come back stands in `failures`, by the event's item."""


def ask_cards(prefix: str, refs: Iterable[ItemRef], rules: ClientStatusRules) -> dict[str, Command]:
    """Reads cards, 50 a command."""
    commands: dict[str, Command] = {}
    wanted = sorted(set(refs))
    for kind in rules.entities:
        ids = [int(ref.id) for ref in wanted if ref.kind == kind]
        for number, chunk in enumerate(batched(ids, _MOST_IDS, strict=False)):
            commands[f"{prefix}_{kind}_{number}"] = read_items(kind, chunk, rules.fields_of(kind))
    return commands


def cards_in(answers: Answers, prefix: str) -> dict[ItemRef, Item]:
    """The cards that were found; a deleted one is missing."""
    found: dict[ItemRef, Item] = {}
    for name in answers:
        if name.startswith(f"{prefix}_"):
            found |= to_items(name.split("_")[-2], result_of(answers, name))
    return found


def added(work: Work) -> bool:
    """One of the events says that the item is new."""
    return any(event.event.endswith("ADD") for event in work.events)
