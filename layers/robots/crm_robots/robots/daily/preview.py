"""`robots daily --dry-run`: what the day would do. Reads as the run does; writes nothing, here or on the portal."""

from collections.abc import Sequence
from datetime import date
from itertools import batched, chain

import msgspec

from crm_robots.engine.tools import Tools
from crm_robots.portal.people import read_directory
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.daily.clients import Clients, Effects
from crm_robots.robots.daily.hand_over import BESIDE, HandOvers, absent_ones
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.people import People
from crm_robots.robots.daily.schedule import Run
from crm_robots.robots.daily.telling import ROBOT
from crm_robots.robots.daily.timers import DayWindow
from crm_robots.robots.routing.turns import Turn, Turns, take
from crm_robots.shared.firing import Firing
from crm_robots.shared.items import ItemRef
from crm_robots.shared.people import Directory
from crm_robots.shared.plan import Record

_CHUNK = 2500


class Foreseen(msgspec.Struct, frozen=True):
    """One client, in an administrator's words. `action`: drop, lost, or warn."""

    item: str
    client: str
    url: str
    action: str
    status: str
    becomes: str
    due: date | None
    """When the new status would end; the present one for a warning."""
    responsible: str
    handed_to: str = ""


class Preview(msgspec.Struct, frozen=True):
    """`day`: None while the robot is switched off."""

    day: date | None = None
    clients: tuple[Foreseen, ...] = ()


class NoEffects(Effects):
    """Nothing is written down."""

    def __init__(self) -> None:
        self.feed = lambda ref: None

    def note_call(self, item: str, at: int) -> None:
        """A run would note it."""

    def plan_anew(self, record: Record) -> None:
        """A run would move it."""

    def forget(self, item: str) -> None:
        """A run would remove it."""


def preview(tools: Tools, firing: Firing) -> Preview:
    """Today's run, even before its time."""
    settings = tools.settings.load("client_status", ClientStatusRules, BESIDE)
    if settings is None:
        return Preview()
    window = DayWindow(tools, settings.rules, settings.portal)
    run = Run(window.calendar.today(firing.ts), firing.ts)
    people = People(tools.portal, lambda: read_directory(tools.portal, Directory()))
    clients = Clients(
        window,
        run,
        people,
        HandOvers(tools.portal, _Turns(tools).take, skips_absent=absent_ones(settings)),
        NoEffects(),
    )
    found: list[Foreseen] = []
    for chunk in batched(chain.from_iterable(tools.timers.due(run.day)), _CHUNK, strict=False):
        found += _of(window, clients, people, chunk)
    return Preview(run.day, tuple(sorted(found, key=lambda one: (ORDER.index(one.action), one.due or date.max))))


ORDER = ("lost", "drop", "warn")
ACTIONS = {"lost": "lost", "dropped": "drop", "warned": "warn"}


def _of(window: DayWindow, clients: Clients, people: People, items: Sequence[str]) -> list[Foreseen]:
    window.timers.news.clear()
    records = window.timers.load(items)
    clients.decide({item: record for item, record in records.items() if _waits(window, clients, record)})
    return [_foreseen(window, people, window.timers.news[item]) for item in items if _is_new(window, clients, item)]


def _waits(window: DayWindow, clients: Clients, record: Record) -> bool:
    news = window.timers.news.pop(record.item, None)
    has_had_its_step = news is not None and news.run == clients.run.day
    return bool(record.version) and not has_had_its_step and bool(record.remembered(Timer).status)


def _is_new(window: DayWindow, clients: Clients, item: str) -> bool:
    news = window.timers.news.get(item)
    return news is not None and news.run == clients.run.day


def _foreseen(window: DayWindow, people: People, news: News) -> Foreseen:
    name = people.lately.name
    return Foreseen(
        item=news.item,
        client=news.name,
        url=window.portal_rules.url + ItemRef.parse(news.item).path,
        action=ACTIONS[news.kind],
        status=window.rules.label(news.old),
        becomes=window.rules.label(news.new) if news.kind != "warned" else "",
        due=news.due,
        responsible=name(news.responsible) if news.responsible else "",
        handed_to=name(news.heir) if news.heir else "",
    )


class _Turns:
    """The turns that would be taken, without taking them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._known: dict[int, Turns] = {}

    def take(self, department: int, draw: str, eligible: Sequence[int]) -> Turn:
        """As TurnTable."""
        if department not in self._known:
            item = f"department:{department}"
            self._known[department] = self._tools.memory.load(ROBOT, [item])[item].remembered(Turns)
        self._known[department], turn = take(self._known[department], draw, eligible)
        return turn
