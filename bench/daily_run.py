"""The day's run over 12,000 and over 1,000,000 timers, 10,000 of them due."""

import math
import os
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm_robots.engine.pipeline import Robot
from crm_robots.engine.tools import Tools
from crm_robots.records.look_on import shard_of
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.run import DailyRun
from crm_robots.shared.firing import Firing

from bench.row import at_most, emit
from bench.timers_table import TimersClient
from sandbox.portal.types import COMPANY
from tests.support.world import World, new_world

TABLE = "The day's run, 10,000 clients due"
FIELD = "UF_CRM_CLIENT_STATUS"
DUE, FEW, SMALL, LARGE = 10_000, 1_000, 12_000, 1_000_000
SINCE, TODAY = date(2025, 12, 1), date(2026, 1, 12)
ROBOTS: dict[str, Callable[[Tools], Robot]] = {"client-status": ClientStatusRobot}


@dataclass
class Measure:
    """What one run cost."""

    requests: int
    reads: int
    """Cards that were read."""
    writes: int
    index_entries: int
    rows: int
    scans: int
    peak: int
    """Peak memory above the start, in bytes; it includes what the simulated portal and tables keep."""


def main() -> None:
    """Prints the rows."""
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    large = measured(LARGE, DUE)
    light, heavy = (measured(timers, FEW, traced=True).peak for timers in (SMALL, LARGE))
    fewest = math.ceil(large.reads / 2500) + math.ceil(large.writes / 50)
    emit(
        at_most(TABLE, "HTTP requests, against ceil(reads/2,500) + ceil(writes/50)", large.requests / fewest, 1.1),
        at_most(
            TABLE, f"{LARGE:,} timers: entries of the index read, against timers due", large.index_entries / DUE, 1.1
        ),
        at_most(TABLE, f"{LARGE:,} timers: timers read, against timers due", large.rows / DUE, 1.1),
        at_most(TABLE, "scans of the timers", large.scans, 0, ""),
        at_most(TABLE, f"memory over {LARGE:,} timers, {FEW:,} of them due, against {SMALL:,}", heavy / light, 1.2),
    )


def measured(timers: int, due: int, *, traced: bool = False) -> Measure:
    """One run, on a portal with a card for each timer that is due."""
    for world in new_world(ROBOTS):
        world.publish()
        return _run(world, timers, due, traced=traced)
    raise AssertionError("no world")


def _run(world: World, timers: int, count: int, *, traced: bool) -> Measure:
    settings = world.tools.settings.load("client_status", ClientStatusRules)
    if settings is None:
        raise SystemExit("client_status was not published")
    people = sorted(world.office.users.values())
    value = settings.rules.items["company"]["hot"]
    due = [due_row(world, number, value, people[number % len(people)]) for number in range(count)]
    client = TimersClient(world.dynamodb, due, _others(timers - count))
    world.dynamodb = client  # type: ignore[assignment]
    world.restart()
    world.portal.outbox.faults.drop = 1.0
    before, made = world.requests, _made(world)
    if traced:
        tracemalloc.start()
    run = DailyRun(world.tools, lambda ref, ts: None, nullcontext, sleep=lambda seconds: None)
    report = run.fire(Firing(int(world.portal.clock.now().timestamp()), now=True))
    peak = tracemalloc.get_traced_memory()[1] if traced else 0
    tracemalloc.stop()
    if (report.status, report.dropped) != ("finished", count):
        raise SystemExit(f"the run did not do its work: {report}")
    writes = count + _made(world) - made
    return Measure(world.requests - before, count, writes, client.entries_read, client.rows_read, client.scans, peak)


def _made(world: World) -> int:
    """Comments, messages and posts so far."""
    tables = world.portal.tables
    return len(tables.comments) + len(tables.notifications) + len(tables.posts)


def due_clients(world: World, count: int) -> None:
    """Puts cards and timers of that many clients in place, all due today."""
    settings = world.tools.settings.load("client_status", ClientStatusRules)
    if settings is None:
        raise SystemExit("client_status was not published")
    value = settings.rules.items["company"]["hot"]
    for number in range(count):
        row = due_row(world, number, value, next(iter(world.office.users.values())))
        world.dynamodb.put_item(TableName="TimersTable", Item=row)


def due_row(world: World, number: int, value: int, person: int) -> dict[str, Any]:
    """A card, and the row of its timer."""
    card = world.portal.items.add(
        COMPANY.id, {"title": f"Клиент {number}", "assignedById": person, FIELD: value}, person
    )
    row = {"item": f"company:{card['id']}", "status": "hot", "since": SINCE.isoformat(), "look_on": TODAY.isoformat()}
    row["shard"] = shard_of(row["item"])
    return {name: {"S": text} for name, text in row.items()} | {"version": {"N": "1"}}


def _others(count: int) -> Iterator[tuple[str, date]]:
    for number in range(count):
        yield f"company:{DUE * 2 + number}", TODAY + timedelta(days=1 + number % 30)


if __name__ == "__main__":
    main()
