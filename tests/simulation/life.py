"""One company's life: the parts put together, the webhooks' way in, and what can be asked of it afterwards."""

import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from random import Random
from typing import Any
from unittest.mock import patch

import httpx
import time_machine
from crm_robots.engine.directory import DirectoryCache
from crm_robots.engine.executor import Executor
from crm_robots.engine.hands_off import HandsOffRule
from crm_robots.engine.tools import Tools
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.events import read_webhook
from crm_robots.portal.forms import parse_form
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.records.journal import Journal
from crm_robots.records.memory import MemoryTable
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.records.timers import TimersTable
from crm_robots.records.vocabulary import Vocabulary
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.registry import wanted_by
from crm_robots.robots.routing.robot import RoutingRobot

from sandbox.portal.core import Portal
from sandbox.portal.events import Delivery
from sandbox.portal.persons import Person
from sandbox.transport import PortalTransport
from tests.simulation.days import ENVIRONMENT, Days, access_notice
from tests.simulation.faults import Faults
from tests.simulation.functions import Container, Function
from tests.simulation.furnished import ROBOTS, furnished
from tests.simulation.queues import VISIBILITY, Queues
from tests.simulation.scheduler import Scheduler, SkewedClock
from tests.simulation.stubs import repeatable
from tests.simulation.tables import Tables
from tests.simulation.wires import SlowQueues, SlowTables, SlowTransport, Wires
from tests.support.sandbox import MONDAY

TOKEN = "t0ken5ecret"
"""The outgoing webhook's token: it may stand in no log line either."""
BASE = "https://api.example/prod"
_NOBODY = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(404)), trust_env=False)


class Life:
    """Everything of one seed. `bugs`: what went wrong that no fault explains; `lost`: events that never got in."""

    def __init__(self, seed: int, scheduler: Scheduler, log: io.StringIO) -> None:
        start = furnished()
        self.random = Random(seed)
        self.scheduler = scheduler
        self.log = log
        self.office = start.office
        self.portal = Portal(scheduler.clock, storage=start)  # type: ignore[arg-type]
        self.portal.subscribe(f"{BASE}/webhooks/all", ["*"], TOKEN)
        self.tables = Tables()
        self.tables.load(start.contents)
        self.faults = Faults(Random(seed + 1))
        self.wires = Wires(scheduler, self.faults)
        self.queues = Queues(lambda: scheduler.now)
        self.short_visibility = 0
        self.queues.visibility = self._visibility
        self.bugs: list[str] = []
        self.lost = 0
        self.twice = False
        """A queue broke its own promise: an item was worked on twice at a time."""
        self.deaf = 0
        self.bereft: set[str] = set()
        """Leads (`lead:17`) whose client or deal a person deleted."""
        self._wire = PortalTransport(self.portal)
        self.functions = {
            name: Function(name, self._container(make), self.queues, self.wires, scheduler, Random(seed + 2), self.bugs)
            for name, make in ROBOTS.items()
        }
        self.days = Days(
            self.tools, SlowTables(self.tables, self.wires), SlowQueues(self.queues, self.wires), self.wires, scheduler
        )
        self._messages = 0
        self.portal.sender = self._deliver
        self.portal.outbox.wake = self._wake

    @property
    def requests(self) -> int:
        """HTTP requests that the portal got."""
        return self._wire.requests

    def person(self, user_id: int) -> Person:
        """An employee at work."""
        return self.portal.as_user(user_id)

    def queue(self, robot: str, message: dict[str, Any]) -> None:
        """What the receiving function does with an accepted event."""
        self._messages += 1
        self.queues.send_message(robot, json.dumps(message), message["item"], f"request-{self._messages}")

    def sweep(self) -> None:
        """Every item's event once more, as if it had just been saved."""
        ts = int(self.portal.clock.now().timestamp())
        for table in self.portal.tables.items.values():
            for item_id in list(table.rows):
                event = f"ONCRM{table.name.upper()}UPDATE"
                for robot in wanted_by("all", event, f"{table.name}:{item_id}"):
                    self.queue(robot, self._message(event, f"{table.name}:{item_id}", ts))

    def tools(self) -> Tools:
        """A new container's, as `wiring` builds them."""
        dynamodb: Any = SlowTables(self.tables, self.wires)
        now, sleep = (lambda: self.scheduler.now), self.wires.sleep
        http = httpx.Client(transport=SlowTransport(self._wire, self.wires), timeout=65, trust_env=False)
        bitrix24 = Bitrix24(self.office.webhook, http, LocalLimiter(clock=now, sleep=sleep), sleep=sleep, clock=now)
        memory, journal = (
            MemoryTable(dynamodb, "MemoryTable"),
            Journal(dynamodb, "JournalTable", Vocabulary(dynamodb, "SettingsTable", now)),
        )
        settings = SettingsReader(dynamodb, "SettingsTable", now)
        hands_off = HandsOffRule(memory, settings.portal)
        return Tools(
            portal=bitrix24,
            memory=memory,
            timers=TimersTable(dynamodb, "TimersTable"),
            journal=journal,
            executor=Executor(bitrix24, memory, journal, hands_off=hands_off),
            settings=settings,
            directory=DirectoryCache(bitrix24, dynamodb, "SettingsTable", now).get,
            hands_off=hands_off,
        )

    def _container(self, make: Callable[..., Any]) -> Callable[[], Container]:
        def new() -> Container:
            tools = self.tools()
            robot = make(tools, *self._more(make))
            dynamodb = SlowTables(self.tables, self.wires)
            notice = access_notice(dynamodb, tools, lambda: self.scheduler.now)
            return Container(robot, notice)

        return new

    def _more(self, make: Callable[..., Any]) -> tuple[Any, ...]:
        """What robots get beside the tools: chance, and a client of the directory that nobody asks here."""
        if make is RoutingRobot:
            return (self.random.random,)
        return (_NOBODY,) if make is ConversionRobot else ()

    def _visibility(self) -> float:
        if self.short_visibility:
            self.short_visibility -= 1
            self.twice = True
            return self.random.uniform(0.1, 3.0)
        return VISIBILITY

    def _wake(self) -> None:
        """The outbox has something: it goes out when it is due."""
        due = self.portal.outbox.next_due()
        if due is not None:
            # A moment later, for clocks count in whole microseconds.
            self.scheduler.at(due - self.scheduler.clock.skew + 0.001, self._send)

    def _send(self) -> None:
        self.portal.deliver()
        self._wake()

    def _deliver(self, delivery: Delivery) -> None:
        """Requests travel at different speeds, so they arrive in any order."""
        arrival = self.scheduler.now + self.random.uniform(0.02, 1.0)
        self.scheduler.at(arrival, lambda: self._receive(delivery))

    def _receive(self, delivery: Delivery) -> None:
        webhook = read_webhook(parse_form(delivery.body.decode()))
        robots = wanted_by("all", webhook.event, webhook.item)
        if robots and self.deaf:
            # The receiving function failed, and Bitrix24 never asks again.
            self.deaf -= 1
            self.lost += 1
            return
        for robot in robots:
            self.queue(robot, self._message(webhook.event, webhook.item, webhook.ts or int(self.scheduler.now)))

    def _message(self, event: str, item: str, ts: int) -> dict[str, Any]:
        now = self.scheduler.now
        return {"event": event, "item": item, "ts": ts, "received": now, "base": BASE, "rule": not event}


@contextmanager
def life(seed: int) -> Iterator[Life]:
    """A life in simulated time, its log lines captured."""
    clock = SkewedClock(MONDAY)
    clock.skew = Random(seed).uniform(-90, 90)
    log = io.StringIO()
    with ExitStack() as stack:
        furnished()
        traveller = stack.enter_context(time_machine.travel(clock.wall(), tick=False))
        scheduler = Scheduler(clock, traveller)
        stack.enter_context(repeatable(Random(seed + 3), lambda: scheduler.now))
        stack.enter_context(_captured(log))
        stack.enter_context(redirect_stdout(log))
        stack.enter_context(patch.dict(os.environ, {"POWERTOOLS_METRICS_NAMESPACE": "CrmRobots", **ENVIRONMENT}))
        lived = Life(seed, scheduler, log)
        stack.enter_context(lived.days.stand_ins())
        yield lived


@contextmanager
def _captured(log: io.StringIO) -> Iterator[None]:
    """Everything that the robots' loggers write."""
    loggers = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    handlers = {id(h): h for one in loggers for h in one.handlers if isinstance(h, logging.StreamHandler)}
    before = [(handler, handler.setStream(log)) for handler in handlers.values()]
    try:
        yield
    finally:
        for handler, stream in before:
            handler.setStream(stream or sys.stdout)
