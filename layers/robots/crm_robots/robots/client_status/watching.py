"""D9: the cards, deals and calls that the robot has not heard of."""

from collections.abc import Iterable, Iterator, Sequence
from typing import override

from crm_robots.engine.sweep.watching import Watcher
from crm_robots.engine.tools import Tools
from crm_robots.portal.changes import ChangedCall, ChangedItem
from crm_robots.robots.client_status.deals import DealMemory
from crm_robots.robots.client_status.missed import is_missed_call, is_missed_card, is_missed_deal
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.client_status.timer_records import timer_of
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.row import Row


class ClientWatcher(Watcher):
    """Goes by the timers, and by what the robot remembers of deals."""

    calls = True

    def __init__(self, row: Row, tools: Tools, calendar: Calendar) -> None:
        super().__init__(row)
        rules = calendar.rules
        self.fields = {"deal": [], **{kind: rules.fields_of(kind) for kind in rules.entities}}
        self._robot = row.name
        self._tools = tools
        self._calendar = calendar

    @override
    def missed(self, kind: str, changes: Sequence[ChangedItem]) -> Iterator[ChangedItem]:
        yield from self._deals(changes) if kind == "deal" else self._cards(changes)

    @override
    def missed_calls(self, calls: Sequence[ChangedCall]) -> Iterator[ChangedCall]:
        timers = self._timers(str(one.owner) for one in calls if one.owner)
        for one in calls:
            if is_missed_call(one.call, one.owner, timers.get(str(one.owner))):
                yield one

    def _deals(self, changes: Sequence[ChangedItem]) -> Iterator[ChangedItem]:
        records = self._tools.memory.load(self._robot, (str(change.item.ref) for change in changes))
        for change in changes:
            if is_missed_deal(change.item, records[str(change.item.ref)].remembered(DealMemory), self._calendar):
                yield change

    def _cards(self, changes: Sequence[ChangedItem]) -> Iterator[ChangedItem]:
        timers = self._timers(str(change.item.ref) for change in changes)
        for change in changes:
            timer = timers.get(str(change.item.ref))
            if is_missed_card(change.item, timer, self._calendar, is_new=change.is_new):
                yield change

    def _timers(self, items: Iterable[str]) -> dict[str, Timer]:
        return {item: timer_of(row) for item, row in self._tools.timers.rows(items).items()}


def watcher(row: Row, tools: Tools, portal: PortalRules) -> Watcher | None:
    """By the settings in force; None while there are none."""
    settings = tools.settings.load(row.section, ClientStatusRules)
    return ClientWatcher(row, tools, Calendar(settings.rules, portal.timezone)) if settings else None
