"""T4: what other settings would do at the next day's run. Both sides ask the decisions that the run itself takes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import batched, chain
from typing import Any, cast, override

import msgspec

from crm_robots.engine.tools import Tools
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.daily.case import Case
from crm_robots.robots.daily.clients import Clients
from crm_robots.robots.daily.decide import HandOver
from crm_robots.robots.daily.hand_over import HandOvers
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.people import People
from crm_robots.robots.daily.preview import ACTIONS, ORDER, NoEffects
from crm_robots.robots.daily.schedule import Run, RunLog
from crm_robots.robots.daily.steps import Verdict, verdict
from crm_robots.robots.daily.timers import DayWindow
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.plan import Record
from crm_robots.shared.portal import PortalRules

_CHUNK = 2500
_DAY = timedelta(days=1)

type Row = dict[str, Any]


class Change(msgspec.Struct, frozen=True):
    """One client whom the other settings treat differently. `action`: drop, lost or warn."""

    item: str
    client: str
    responsible: int | None
    action: str
    added: bool
    """It would happen with the other settings only; else with those in force only."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One side; `rules` None: the robot is off."""

    portal: PortalRules
    rules: ClientStatusRules | None


def next_run(log: RunLog, today: date, ts: int) -> Run:
    """Today's run if it has not finished, else tomorrow's."""
    return Run(today + _DAY if today in log.done else today, ts)


def effect(
    tools: Tools, before: Settings, after: Settings, run: Run, progress: Callable[[int], None] = lambda done: None
) -> list[Change]:
    """Every client once, lost before drop before warn. Writes nothing; memory holds one page of timers."""
    reading = _Reading(tools.portal)
    sides = [_Side(tools, reading, one, run) if one.rules else None for one in (before, after)]
    found: list[Change] = []
    done = 0
    for rows in batched(chain.from_iterable(tools.timers.all()), _CHUNK, strict=False):
        waiting = [side.waiting(rows) if side else {} for side in sides]
        asked = {
            f"{place}_{name}": command
            for place, (side, records) in enumerate(zip(sides, waiting, strict=True))
            if side
            for name, command in side.clients.asks(records).items()
        }
        reading.prepare(asked)
        news = [side.news(records) if side else {} for side, records in zip(sides, waiting, strict=True)]
        found += _changes(news[0], news[1])
        done += len(rows)
        progress(done)
    return sorted(found, key=lambda one: (ORDER.index(one.action), not one.added, _place(one.item)))


def _changes(before: Mapping[str, News], after: Mapping[str, News]) -> Iterable[Change]:
    for item in before.keys() | after.keys():
        old = ACTIONS[before[item].kind] if item in before else ""
        new = ACTIONS[after[item].kind] if item in after else ""
        if old != new:
            action = min(filter(None, (old, new)), key=ORDER.index)
            shown = after.get(item) or before[item]
            yield Change(item, shown.name, shown.responsible, action, action == new)


def _place(item: str) -> tuple[str, int]:
    ref = ItemRef.parse(item)
    return ref.kind, int(ref.id)


class _Side:
    """Today's timers under one set of settings."""

    def __init__(self, tools: Tools, reading: "_Reading", settings: Settings, run: Run) -> None:
        self._run = run
        portal = cast(Bitrix24, reading)
        self._window = DayWindow(replace(tools, portal=portal), settings.rules, settings.portal)
        people = People(portal, tools.directory, tools.directory)
        self.clients = Clients(self._window, run, people, _NoHandOvers(portal), NoEffects())

    def waiting(self, rows: Sequence[Row]) -> dict[str, Record]:
        """The timers that this day has something to do with."""
        self._window.timers.news.clear()
        records = [self._window.timers.record(row) for row in rows]
        news = self._window.timers.news
        return {
            record.item: record
            for record in records
            if (record.item not in news or news[record.item].run != self._run.day)
            and verdict(record.remembered(Timer), self._window.calendar, self._run.day) is not Verdict.NOTHING
        }

    def news(self, waiting: Mapping[str, Record]) -> dict[str, News]:
        """What the day would do with them."""
        self._window.timers.news.clear()
        self.clients.decide(waiting)
        return dict(self._window.timers.news)


class _NoHandOvers(HandOvers):
    """Who gets a lost client changes nothing in what happens to it, so nobody is asked."""

    def __init__(self, portal: Bitrix24) -> None:
        super().__init__(portal, take=lambda department, draw, eligible: NotImplemented)

    @override
    def of(self, lost: Sequence[Item], run: Run, case: Case) -> dict[ItemRef, HandOver]:
        return {}


class _Reading:
    """The portal, asked once for what both sides want to know."""

    def __init__(self, portal: Bitrix24) -> None:
        self._portal = portal
        self._known: dict[str, Reply] = {}

    def prepare(self, commands: Mapping[str, Command]) -> None:
        """Asks for all of these together, and forgets what was known."""
        self._known.clear()
        self.read(commands)

    def read(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """As the portal would answer."""
        keys = {name: _key(command) for name, command in commands.items()}
        left = {keys[name]: command for name, command in commands.items() if keys[name] not in self._known}
        if left:
            numbered = {f"c{place}": key for place, key in enumerate(left)}
            replies = self._portal.read({name: left[key] for name, key in numbered.items()})
            self._known |= {key: replies[name] for name, key in numbered.items()}
        return {name: self._known[key] for name, key in keys.items()}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._portal, name)


def _key(command: Command) -> str:
    return f"{command.method} {msgspec.json.encode(command.params, order='deterministic').decode()}"
