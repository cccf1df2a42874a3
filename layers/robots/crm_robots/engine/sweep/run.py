"""D9: once a day, changes whose events never arrived are handed to the robots as if they had."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched

from aws_lambda_powertools import Logger

from crm_robots.engine.rounds import Round, load
from crm_robots.engine.sweep.decide import SweepMemory, due_sweep, event_of, event_of_call
from crm_robots.engine.sweep.watching import Watcher
from crm_robots.engine.tools import Tools
from crm_robots.portal.calls import portal_time
from crm_robots.portal.changes import Changes
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.firing import Firing
from crm_robots.shared.plan import to_json
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.row import Row

logger = Logger(child=True)

ROBOT = "daily-run"
_ITEM = "daily:sweep"
_AT_ONCE = 500

type Missed = tuple[list[str], CrmEvent]
"""Who should have heard of it, and what."""


class Sweep:
    """`feed`: puts an event into the queues of these robots."""

    def __init__(self, tools: Tools, feed: Callable[[Sequence[str], CrmEvent], None], rows: Sequence[Row]) -> None:
        self._tools = tools
        self._feed = feed
        self._rows = rows

    def fire(self, firing: Firing, begins: str) -> int | None:
        """How many lost changes were handed on; None when the sweep is not due, or nothing is published yet."""
        portal = self._tools.settings.portal()
        if portal is None:
            return None
        record = self._tools.memory.load(ROBOT, [_ITEM])[_ITEM]
        memory = record.remembered(SweepMemory)
        day = due_sweep(memory, firing, begins, portal.timezone)
        if day is None:
            return None
        watchers = self._watchers(portal)
        changes = self._changes(watchers, portal, memory, firing.ts)
        found = 0
        for robots, event in self._missed(watchers, changes):
            self._feed(robots, event)
            found += 1
        now = changes.now or firing.ts
        record.memory = to_json(SweepMemory(day, now))
        self._tools.memory.save(record)
        logger.info("changes picked up", count=found)  # the dashboard shows them
        return found

    def _watchers(self, portal: PortalRules) -> list[tuple[Row, Watcher]]:
        """Of the robots that are switched on."""
        on = self._tools.settings.on(row.section for row in self._rows)
        rows = [row for row in self._rows if row.section in on]
        found = [(row, load(row.watcher)(row, self._tools, portal) if row.watcher else Watcher(row)) for row in rows]
        return [(row, watcher) for row, watcher in found if watcher]

    def _changes(
        self, watchers: Sequence[tuple[Row, Watcher]], portal: PortalRules, memory: SweepMemory, ts: int
    ) -> Changes:
        """What was changed since the last sweep, by the portal's own clock. Its clock may have been set back."""
        kinds: dict[str, list[str]] = {}
        for _, watcher in watchers:
            for kind, fields in watcher.fields.items():
                kinds.setdefault(kind, []).extend(fields)
        now = 0 if memory.until else self._time(portal, ts)
        changes = Changes(self._tools.scanner, kinds, portal.timezone, memory.since(max(now, memory.until)))
        if (changes.now or ts) < memory.until:
            return Changes(self._tools.scanner, kinds, portal.timezone, memory.since(changes.now or ts))
        return changes

    def _time(self, portal: PortalRules, ts: int) -> int:
        return portal_time(self._tools.portal, portal.timezone) or ts

    def _missed(self, watchers: Sequence[tuple[Row, Watcher]], changes: Changes) -> Iterator[Missed]:
        for kind in changes.kinds:
            interested = [(row, watcher) for row, watcher in watchers if kind in watcher.fields]
            for some in batched(changes.items(kind), _AT_ONCE, strict=False):
                news = {row.name: {one.item.ref for one in watcher.missed(kind, some)} for row, watcher in interested}
                for change in some:
                    event = event_of(change)
                    robots = [row.name for row, _ in interested if row.wants(event.event, event.item)]
                    if wanted := [robot for robot in robots if change.item.ref in news[robot]]:
                        yield wanted, event
        listeners = [(row, watcher) for row, watcher in watchers if watcher.calls]
        for calls in batched(changes.calls() if listeners else (), _AT_ONCE, strict=False):
            heard = {row.name: {one.call.id for one in watcher.missed_calls(calls)} for row, watcher in listeners}
            for one in calls:
                if robots := [row.name for row, _ in listeners if one.call.id in heard[row.name]]:
                    yield robots, event_of_call(one.call, one.updated)


def sweep(rows: Sequence[Row]) -> Callable[[Round], int | None]:
    """The duty."""
    return lambda round_: Sweep(round_.tools, round_.put, rows).fire(round_.firing, round_.begins())
