"""A whole company in one process: the sandbox portal, the stack's tables, and the robots' real code between them.

    def test_something(world):
        world.publish()                                   # settings/settings.yaml, or a text of your own
        lead = world.person("Петров").create("lead", title="Нитки")
        world.settle()                                    # webhooks -> robots -> portal, until nothing moves any more
        assert world.comments("lead", lead)

`world.requests` counts HTTP requests to the portal. `world.chaos = Chaos(at=7)` ends whatever runs at that moment;
`everywhere(...)` tries every moment.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import botocore.session
import httpx
from crm_robots.engine.directory import DirectoryCache
from crm_robots.engine.executor import Executor
from crm_robots.engine.hands_off import HandsOffRule
from crm_robots.engine.pipeline import Robot
from crm_robots.engine.stand_ins import StandIns
from crm_robots.engine.tools import Tools
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.errors import PortalError
from crm_robots.portal.events import read_webhook
from crm_robots.portal.forms import parse_form
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.records.journal import Journal
from crm_robots.records.memory import MemoryTable
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.records.settings_store import SettingsTable
from crm_robots.records.timer_count import count_timers
from crm_robots.records.timers import TimersTable
from crm_robots.records.vocabulary import Vocabulary
from crm_robots.robots.client_status.replanning import replan, take_over
from crm_robots.robots.client_status.timer import Calendar
from crm_robots.robots.registry import wanted_by
from crm_robots.settings.desk import Desk
from crm_robots.settings.publish import publish
from crm_robots.settings.report import Report
from crm_robots.settings.source import split
from crm_robots.shared.events import CrmEvent, by_item
from moto import mock_aws

from sandbox.portal.core import Portal
from sandbox.portal.persons import Person
from sandbox.portal.types import BY_NAME
from sandbox.seed import Company, company
from sandbox.transport import PortalTransport
from tests.support.chaos import Chaos, ChaoticClient, ChaoticTransport, Killed
from tests.support.sandbox import empty_portal
from tests.support.tables import create_tables

EXAMPLE = Path(__file__).parents[2] / "settings" / "settings.yaml"
BASE = "https://api.example/prod"
_MOST_ROUNDS = 40
_OWN_TABLES = {"MemoryTable": ("item", "robot"), "JournalTable": ("item", "at"), "TimersTable": ("item",)}


class World:
    """One company. Robots run one after another; time passes only when it is told to."""

    def __init__(
        self, dynamodb: Any, robots: dict[str, Callable[[Tools], Robot]], portal: Portal | None = None
    ) -> None:
        self.portal = portal or empty_portal()
        self.office: Company = company(self.portal)
        self.portal.subscribe(f"{BASE}/webhooks/all", ["*"], "token")
        self.chaos = Chaos()
        self.dynamodb = ChaoticClient(dynamodb, lambda: self.chaos)
        self._wire = PortalTransport(self.portal)
        self._makers = robots
        self._pending: dict[str, list[CrmEvent]] = {name: [] for name in robots}
        self.restart()

    def restart(self) -> None:
        """A new container: nothing survives but the tables and the portal."""
        self.tools = self._tools()
        self.robots = {name: make(self.tools) for name, make in self._makers.items()}

    @property
    def requests(self) -> int:
        """HTTP requests that the portal got so far."""
        return self._wire.requests

    def publish(self, text: str | None = None, *, prunes: bool = False) -> Report:
        """Publishes a settings file, or of settings/settings.yaml what the world's robots need; taken at once."""
        wanted = {"portal", *(name.replace("-", "_") for name in self._makers)}
        pieces = split(text or EXAMPLE.read_text())
        texts = {name: piece.text for name, piece in pieces.items() if text or name in wanted}
        desk = Desk(
            bitrix24=self.tools.portal,
            table=SettingsTable(self.dynamodb, "SettingsTable"),
            alone=_alone,
            count_timers=lambda status: count_timers(self.dynamodb, "TimersTable", status),
            replan_timers=lambda rules, zone: replan(self.tools.timers, Calendar(rules, zone)),
            take_over_cards=lambda rules, zone: take_over(self.tools, rules, zone),
            keep_directory=DirectoryCache(
                self.tools.portal, self.dynamodb, "SettingsTable", self.portal.clock.wall
            ).put,
            keep_hosts=lambda hosts: None,
            now=lambda: self.portal.clock.now().isoformat(),
        )
        report = publish(texts, desk, whole_file=True, prunes=prunes)
        self.restart()
        return report

    def person(self, last_name: str) -> Person:
        """An employee of the demo company, at work."""
        return self.portal.as_user(self.office.users[last_name])

    def events(self) -> None:
        """Takes what the portal has sent, as the receiving function would."""
        self.portal.deliver()
        for delivery in self.portal.sent:
            webhook = read_webhook(parse_form(delivery.body.decode()))
            now = self.portal.clock.now().timestamp()
            event = CrmEvent(webhook.event, webhook.item, webhook.ts or int(now), now, BASE, webhook.is_rule)
            for robot in wanted_by("all", webhook.event, webhook.item):
                if robot in self._pending:
                    self._pending[robot].append(event)
        self.portal.sent.clear()

    def queue(self, robot: str, event: CrmEvent) -> None:
        """Puts an event into a robot's queue, as something other than the portal does."""
        self._pending[robot].append(event)

    def work(self) -> bool:
        """Lets every robot handle what waits; what fails waits on. False when nothing was waiting."""
        self.events()
        busy = False
        for name, robot in self.robots.items():
            waiting, self._pending[name] = self._pending[name], []
            if not waiting:
                continue
            busy = True
            # Until the end of a window nothing is deleted from the queue.
            self._pending[name] = waiting
            try:
                failures = robot.handle(by_item(waiting))
            except PortalError as error:  # the pipeline's part: everything comes back
                failures = {event.item: error for event in waiting}
            self._pending[name] = [event for event in waiting if event.item in failures]
        return busy

    def settle(self) -> int:
        """Works until nothing moves; returns the rounds. A killed function is followed by a new container."""
        for round_ in range(_MOST_ROUNDS):
            try:
                if not self.work():
                    return round_
            except Killed:
                self.restart()
            self.portal.clock.advance(timedelta(seconds=1))
        raise AssertionError("the world does not settle")

    def bookmark(self) -> Callable[[], None]:
        """Remembers the portal as it is; what it returns takes the world back there, with robots that remember nothing.

        Rows that are there now must stay unchanged meanwhile.
        """
        before = {table: (set(table.rows), table.last_id) for table in self.portal.tables.every()}

        def back() -> None:
            for table, (ids, last_id) in before.items():
                for row_id in set(table.rows) - ids:
                    table.remove(row_id)
                table.last_id = last_id
            for name, keys in _OWN_TABLES.items():
                for row in self.dynamodb.scan(TableName=name)["Items"]:
                    self.dynamodb.delete_item(TableName=name, Key={key: row[key] for key in keys})
            self.events()
            self._pending = {name: [] for name in self._pending}
            self.restart()

        return back

    def comments(self, kind: str, item_id: int) -> list[str]:
        """Texts in the timeline of an item, oldest first."""
        rows = self.portal.timeline.comments(BY_NAME[kind].id, item_id)
        return [row["text"] for row in rows]

    def _tools(self) -> Tools:
        transport = ChaoticTransport(self._wire, lambda: self.chaos)
        clock = self.portal.clock
        limiter = LocalLimiter(clock=clock.wall, sleep=self._sleep)
        http = httpx.Client(transport=transport, timeout=65)
        bitrix24 = Bitrix24(self.office.webhook, http, limiter, sleep=self._sleep, clock=clock.wall)
        memory, journal = (
            MemoryTable(self.dynamodb, "MemoryTable"),
            Journal(self.dynamodb, "JournalTable", Vocabulary(self.dynamodb, "SettingsTable")),
        )
        directory = DirectoryCache(bitrix24, self.dynamodb, "SettingsTable", clock.wall)
        settings = SettingsReader(self.dynamodb, "SettingsTable")
        stand_ins = StandIns(directory.get, settings.portal)
        hands_off = HandsOffRule(memory, settings.portal)
        return Tools(
            portal=bitrix24,
            memory=memory,
            timers=TimersTable(self.dynamodb, "TimersTable"),
            journal=journal,
            executor=Executor(bitrix24, memory, journal, stand_ins=stand_ins, hands_off=hands_off),
            settings=settings,
            directory=directory.get,
            directory_now=directory.fresh,
            stand_ins=stand_ins,
            hands_off=hands_off,
        )

    def _sleep(self, seconds: float) -> None:
        self.portal.clock.advance(timedelta(seconds=seconds))


class _alone:  # noqa: N801 - it stands where a function does
    def __enter__(self) -> None:
        """Nobody else publishes here."""

    def __exit__(self, *_: object) -> None:
        """And nobody waits."""


def new_world(robots: dict[str, Callable[[Tools], Robot]]) -> Iterator[World]:
    """A world on fresh tables, gone with the test."""
    with mock_aws():
        dynamodb = botocore.session.get_session().create_client("dynamodb", region_name="eu-central-1")
        create_tables(dynamodb)
        yield World(dynamodb, robots)


def everywhere(
    robots: dict[str, Callable[[Tools], Robot]],
    scenario: Callable[[World], None],
    check: Callable[[World], None],
    *,
    cut: bool = False,
    every: int = 1,
    settings: str | None = None,
) -> int:
    """Plays the scenario undisturbed, then once per moment with a kill (or a cut answer) there; checks every end.

    The scenario sets the world up, then acts and settles. Returns how many moments were tried.
    """
    for world in new_world(robots):
        world.publish(settings)
        begin = world.bookmark()
        moments = _played(world, scenario, check, Chaos(cut=cut))
        for at in range(0, moments, every):
            begin()
            try:
                _played(world, scenario, check, Chaos(at, cut=cut))
            except AssertionError as error:
                raise AssertionError(f"{'cut' if cut else 'killed'} at moment {at} of {moments}: {error}") from error
    return moments


def _played(world: World, scenario: Callable[[World], None], check: Callable[[World], None], chaos: Chaos) -> int:
    world.chaos = chaos
    scenario(world)
    world.chaos = Chaos()
    check(world)
    return chaos.moments
