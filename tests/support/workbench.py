"""Whole robots on the sandbox portal and moto's tables: settings are published, webhooks handed over, no sockets.

bench = Workbench(portal, office, dynamodb)
bench.publish()
lead = portal.as_user(office.users["Петров"]).create("lead", title="Нитки")
bench.settle(QualificationRobot)          # until no event is left
assert bench.comments("lead", lead) == [...]
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import httpx
from crm_robots.aws.journal import Journal
from crm_robots.aws.memory import MemoryTable
from crm_robots.aws.settings_reader import SettingsReader
from crm_robots.aws.settings_store import SettingsTable
from crm_robots.bitrix24.client import Bitrix24
from crm_robots.bitrix24.events import read_webhook
from crm_robots.bitrix24.forms import parse_form
from crm_robots.domain.events import CrmEvent, by_item
from crm_robots.domain.subscriptions import wanted_by
from crm_robots.robots.directory import DirectoryCache
from crm_robots.robots.executor import Executor, Failures
from crm_robots.robots.pipeline import Robot
from crm_robots.robots.tools import Tools
from crm_robots.settings.desk import Desk
from crm_robots.settings.publish import publish
from crm_robots.settings.report import Report

from sandbox.portal.core import Portal
from sandbox.portal.types import BY_NAME
from sandbox.seed import Company
from sandbox.transport import PortalTransport
from tests.support.settings_portal import example

BASE = "https://api.example.ru/prod"


class Unlimited:
    """Never waits."""

    def wait(self, methods: Any, *, background: bool = False) -> None: ...
    def learn(self, method: str, operating: float, operating_reset_at: float) -> None: ...
    def park(self, method: str, until: float) -> None: ...
    def pause(self, seconds: float) -> None: ...


@dataclass
class Round:
    """One invocation: what came in, how many requests went out, what is to come back."""

    events: list[CrmEvent]
    requests: int
    failures: Failures


class Workbench:
    """A stack without queues. `transport` may be wrapped to cut requests off."""

    def __init__(self, portal: Portal, office: Company, dynamodb: Any) -> None:
        self.portal = portal
        self.office = office
        self.transport = PortalTransport(portal)
        self._dynamodb = dynamodb
        self._robots: dict[Any, Robot] = {}
        self.connect(self.transport)
        portal.subscribe("https://robots.test/", ["*"], "token")

    def connect(self, transport: httpx.BaseTransport) -> None:
        """Builds everything anew, as a fresh container would."""
        http = httpx.Client(transport=transport, timeout=65)
        self.bitrix24 = Bitrix24(self.office.webhook, http, Unlimited(), sleep=lambda seconds: None)
        memory = MemoryTable(self._dynamodb, "MemoryTable")
        journal = Journal(self._dynamodb, "JournalTable")
        directory = DirectoryCache(self.bitrix24, self._dynamodb, "SettingsTable")
        self.tools = Tools(
            portal=self.bitrix24,
            memory=memory,
            journal=journal,
            executor=Executor(self.bitrix24, memory, journal),
            settings=SettingsReader(self._dynamodb, "SettingsTable"),
            directory=directory.get,
        )
        self._directory = directory
        self._robots = {}

    def publish(self, texts: Mapping[str, str] | None = None, **changes: str) -> Report:
        """Publishes the example, with sections replaced."""
        desk = Desk(
            bitrix24=self.bitrix24,
            table=SettingsTable(self._dynamodb, "SettingsTable"),
            alone=nullcontext,
            count_timers=lambda status: 0,
            keep_directory=self._directory.put,
            now=lambda: "2026-01-10T09:00:00+00:00",
        )
        report = publish({**(texts or example()), **changes}, desk, whole_file=True)
        problems = [problem for section in report.sections for problem in section.problems]
        assert not problems, problems
        self.connect(self.transport)
        return report

    def events(self, robot: str) -> list[CrmEvent]:
        """What the robot's queue would hold now."""
        self.portal.deliver()
        sent, self.portal.sent[:] = list(self.portal.sent), []
        webhooks = [read_webhook(parse_form(one.body.decode())) for one in sent]
        return [
            CrmEvent(one.event, one.item, one.ts or 0, float(one.ts or 0), BASE)
            for one in webhooks
            if one.item and robot in wanted_by("all", one.event, one.item)
        ]

    def robot(self, kind: Callable[[Tools], Robot]) -> Robot:
        """The robot of this warm container."""
        return self._robots.setdefault(kind, kind(self.tools))

    def hand(self, kind: Callable[[Tools], Robot], events: list[CrmEvent]) -> Round:
        """One invocation."""
        before = self.transport.requests
        failures = self.robot(kind).handle(by_item(events))
        return Round(events, self.transport.requests - before, failures)

    def turn(self, kind: Callable[[Tools], Robot]) -> Round:
        """Hands over everything that waits."""
        robot = self.robot(kind)
        return self.hand(kind, self.events(robot.name))

    def settle(self, kind: Callable[[Tools], Robot], most: int = 10) -> list[Round]:
        """Turns until nothing comes any more; fails when it does not settle."""
        rounds: list[Round] = []
        while events := self.events(self.robot(kind).name):
            rounds.append(self.hand(kind, events))
            assert not rounds[-1].failures, rounds[-1].failures
            assert len(rounds) <= most, "the robot's own writes keep it busy"
        return rounds

    def comments(self, kind: str, item_id: int) -> list[str]:
        """The timeline of a card, oldest first."""
        rows = self.portal.timeline.comments(BY_NAME[kind].id, item_id)
        return [row["text"] for row in rows]
