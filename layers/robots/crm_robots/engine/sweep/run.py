"""D9: once a day, changes whose events never arrived are handed to the robots as if they had."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched

from crm_robots.engine.sweep.decide import (
    SweepMemory,
    due_sweep,
    event_of,
    event_of_call,
    is_missed_call,
    is_missed_card,
    is_missed_deal,
    is_missed_stage,
)
from crm_robots.engine.tools import Tools
from crm_robots.portal.calls import moment
from crm_robots.records.timer_records import timer_of
from crm_robots.robots.client_status.deals import DealMemory
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.daily.changes import Changes
from crm_robots.robots.daily.schedule import Firing
from crm_robots.robots.lost_deal.rules import LostDealMemory
from crm_robots.robots.registry import wanted_by
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import Item
from crm_robots.shared.plan import to_json
from crm_robots.shared.portal import PortalRules

ROBOT = "daily-run"
_ITEM = "daily:sweep"
_AT_ONCE = 500
_STATUS, _LOST = "client-status", "lost-deal"

type Missed = tuple[list[str], CrmEvent]
"""Who should have heard of it, and what."""


class Sweep:
    """`feed`: puts an event into the queues of these robots."""

    def __init__(self, tools: Tools, feed: Callable[[list[str], CrmEvent], None]) -> None:
        self._tools = tools
        self._feed = feed

    def fire(self, firing: Firing) -> int | None:
        """How many lost changes were handed on; None when the sweep is not due, or nothing is published yet."""
        portal = self._tools.settings.portal()
        if portal is None:
            return None
        own = self._tools.settings.load("client_status", ClientStatusRules)
        record = self._tools.memory.load(ROBOT, [_ITEM])[_ITEM]
        memory = record.remembered(SweepMemory)
        day = due_sweep(memory, firing, own.rules.notifications.at if own else None, portal.timezone)
        if day is None:
            return None
        changes = self._changes(portal, own.rules if own else None, memory, firing.ts)
        found = 0
        for robots, event in self._missed(changes, portal, own.rules if own else None):
            self._feed(robots, event)
            found += 1
        now = changes.now or firing.ts
        record.memory = to_json(SweepMemory(day, now))
        self._tools.memory.save(record)
        return found

    def _changes(self, portal: PortalRules, rules: ClientStatusRules | None, memory: SweepMemory, ts: int) -> Changes:
        """What was changed since the last sweep, by the portal's own clock. Its clock may have been set back."""
        clients = {kind: [rules.status_field] for kind in rules.entities} if rules else {}
        kinds = {"lead": [], "deal": [], **clients}
        now = 0 if memory.until else self._time(portal, ts)
        changes = Changes(self._tools.portal, kinds, portal.timezone, memory.since(max(now, memory.until)))
        if (changes.now or ts) < memory.until:
            return Changes(self._tools.portal, kinds, portal.timezone, memory.since(changes.now or ts))
        return changes

    def _time(self, portal: PortalRules, ts: int) -> int:
        return moment(self._tools.portal.call("server.time"), portal.timezone) or ts

    def _missed(self, changes: Changes, portal: PortalRules, rules: ClientStatusRules | None) -> Iterator[Missed]:
        calendar = Calendar(rules, portal.timezone) if rules else None
        since = changes.since

        def missed(item: Item, robots: list[str] | None = None) -> Missed:
            event = event_of(item, changes.updated(item) or since, changes.created(item), since)
            wanted = wanted_by("all", event.event, event.item)
            return [one for one in wanted if robots is None or one in robots], event

        for lead in changes.items("lead"):
            yield missed(lead)
        for deals in batched(changes.items("deal"), _AT_ONCE, strict=False):
            for deal, robots in self._deals(deals, calendar):
                yield missed(deal, robots)
        for kind in rules.entities if rules else ():
            for cards in batched(changes.items(kind), _AT_ONCE, strict=False):
                for card in self._cards(cards, changes, since, calendar):
                    yield missed(card)
        if calendar:
            yield from self._calls(changes)

    def _deals(self, deals: Sequence[Item], calendar: Calendar | None) -> Iterator[tuple[Item, list[str]]]:
        names = [str(deal.ref) for deal in deals]
        status, lost = (self._tools.memory.load(robot, names) for robot in (_STATUS, _LOST))
        for deal in deals:
            name = str(deal.ref)
            robots = [_LOST] if is_missed_stage(deal, lost[name].remembered(LostDealMemory)) else []
            if calendar and is_missed_deal(deal, status[name].remembered(DealMemory), calendar):
                robots.append(_STATUS)
            if robots:
                yield deal, robots

    def _cards(self, cards: Sequence[Item], changes: Changes, since: int, calendar: Calendar | None) -> Iterator[Item]:
        timers = self._timers(str(card.ref) for card in cards)
        for card in cards:
            is_new = (changes.created(card) or 0) >= since
            if calendar and is_missed_card(card, timers.get(str(card.ref)), calendar, is_new=is_new):
                yield card

    def _calls(self, changes: Changes) -> Iterator[Missed]:
        for calls in batched(changes.calls(), _AT_ONCE, strict=False):
            timers = self._timers(str(owner) for _, owner, _ in calls if owner)
            for call, owner, updated in calls:
                if is_missed_call(call, owner, timers.get(str(owner))):
                    yield [_STATUS], event_of_call(call, updated)

    def _timers(self, items: Iterator[str]) -> dict[str, Timer]:
        return {item: timer_of(row) for item, row in self._tools.timers.rows(items).items()}
