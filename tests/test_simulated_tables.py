"""The simulation's DynamoDB against moto's: the same calls by the same adapters leave the same rows behind."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError
from crm_robots.engine.shared_limiter import SharedLimiter
from crm_robots.portal.errors import Busy
from crm_robots.records.heartbeat import Heartbeat
from crm_robots.records.journal import Entry, Journal
from crm_robots.records.lease import Taken, lease
from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.records.settings_store import SettingsTable, Stored
from crm_robots.records.timer_count import count_timers
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import TimerRecords
from crm_robots.shared.decision import Decision
from crm_robots.shared.plan import Cause, Plan, Record, to_json

from tests.simulation.tables import Tables
from tests.support.client_status import calendar

TABLES = ("MemoryTable", "TimersTable", "JournalTable", "LimiterTable", "SettingsTable")
ITEMS = ("contact:1", "company:2", "lead:3")


class Adapters:
    """All adapters on one client, and random calls to them. What they answer or raise is noted."""

    def __init__(self, client: Any, seed: int) -> None:
        self.client = client
        self.random = Random(seed)
        self.memory = MemoryTable(client, "MemoryTable")
        self.table = TimersTable(client, "TimersTable")
        self.timers = TimerRecords(self.table, calendar(), clock=lambda: 1000.0)
        self.limiter = SharedLimiter(
            client, "LimiterTable", "https://p/rest/1/x/", clock=self._clock, sleep=lambda _: None
        )
        self.now = 1000.0
        self.stale: list[Record] = []

    def _clock(self) -> float:
        return self.now

    def call(self) -> Any:
        """One random call."""
        calls: list[Callable[[str], Any]] = [
            self._save, self._save, self._forget, self._timer, self._timer, self._release, self._note_call,
            self._due, self._journal, self._limit, self._settings, self._lease, self._count, self._remove,
        ]  # fmt: skip
        self.now += self.random.random()
        try:
            return self.random.choice(calls)(self.random.choice(ITEMS))
        except (Contended, Taken, ClientError, Busy) as error:
            return type(error).__name__

    def _save(self, item: str) -> Any:
        record = self.memory.load("routing", [item])[item]
        if self.stale and self.random.random() < 0.3:
            record = self.stale.pop()
        elif self.random.random() < 0.5:
            self.stale.append(record)
        record.plan = Plan(1, Cause("E", item, 1), Decision({"a": 1})) if self.random.random() < 0.5 else None
        record.memory = to_json({"number": self.random.randrange(9)})
        self.memory.save(record)
        return record

    def _forget(self, item: str) -> None:
        self.memory.forget(Record(item, "routing"))

    def _timer(self, item: str) -> Any:
        record = self.timers.load([item])[item]
        status = self.random.choice(("", "new", "hot", "in_work"))
        record.memory = to_json(
            Timer(status=status, since=date(2026, 3, self.random.randint(1, 20)) if status else None)
        )
        record.plan = Plan(1, Cause("E", item, 1), Decision({})) if self.random.random() < 0.4 else None
        record.last_ids = {"comment": 5} if self.random.random() < 0.5 else {}
        record.version += self.random.choice((0, 0, 0, 1))
        self.timers.save(record)
        return record

    def _release(self, item: str) -> None:
        self.timers.release(self.timers.load([item])[item])

    def _note_call(self, item: str) -> bool:
        return self.table.note_call(item, self.random.randrange(100))

    def _due(self, _: str) -> Any:
        pages = list(self.table.due(date(2026, 4, self.random.randint(1, 28))))
        return pages, sorted(row["item"]["S"] for page in self.table.all() for row in page)

    def _journal(self, item: str) -> None:
        entries = [
            Entry(item=item, robot="r", rule="", action="a", number=str(number), event="e", ts=number)
            for number in range(self.random.randrange(40))
        ]
        Journal(self.client, "JournalTable").write(entries)

    def _limit(self, _: str) -> Any:
        self.limiter.wait({"crm.item.list"})
        if self.random.random() < 0.3:
            self.limiter.pause(self.random.randrange(30))
        if self.random.random() < 0.3:
            self.limiter.park("crm.item.get", self.now)

    def _settings(self, item: str) -> Any:
        table = SettingsTable(self.client, "SettingsTable")
        table.save(Stored(item, rules="{}", version=self.random.randrange(5)))
        return table.load(*ITEMS)

    def _lease(self, item: str) -> Any:
        with lease(self.client, "SettingsTable", {"section": {"S": item}}, seconds=0, patience=0):
            return self.random.random()

    def _count(self, _: str) -> int:
        return count_timers(self.client, "TimersTable", "new")

    def _remove(self, item: str) -> None:
        self.table.remove(item)
        Heartbeat(self.client, "MemoryTable", lambda: 5.0).note(item, 0.0)


def _rows(client: Any) -> Any:
    changing = ("expires", "day", "held_until")
    return {
        name: sorted(
            repr(sorted((key, value) for key, value in row.items() if key not in changing))
            for row in client.scan(TableName=name)["Items"]
        )
        for name in TABLES
    }


@pytest.mark.parametrize("seed", range(3))
def test_both_answer_the_same_and_hold_the_same(dynamodb: Any, seed: int) -> None:
    real, fake = Adapters(dynamodb, seed), Adapters(Tables(), seed)
    for _ in range(120):
        assert real.call() == fake.call()
    assert _rows(real.client) == _rows(fake.client)
