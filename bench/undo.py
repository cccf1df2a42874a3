"""`undo --run` over 1,000 clients whom a day's run dropped."""

import math
import os
from contextlib import nullcontext

from crm_robots.robots.daily.run import DailyRun
from crm_robots.shared.firing import Firing

from bench.capacity import Meter
from bench.daily_run import ROBOTS, due_clients
from bench.row import Row, at_most, emit
from tests.support.journal import entries
from tests.support.undo import undo
from tests.support.world import World, new_world

TABLE = "Undo"
CLIENTS = 1_000
WRITES = 2
"""For each client: the status, and the comment."""


def main() -> None:
    """Prints the row."""
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    for world in new_world(ROBOTS):
        world.publish()
        fewest = math.ceil(CLIENTS / 2500) + math.ceil(CLIENTS * WRITES / 50)
        figure = f"`undo` of {CLIENTS:,} clients: HTTP requests, against ceil(reads/2,500) + ceil(writes/50)"
        requests, units = _cost(world)
        emit(
            at_most(TABLE, figure, requests / fewest, 1.1),
            Row(TABLE, f"`undo` of {CLIENTS:,} clients: write units for each", f"{units / CLIENTS:.1f}"),
        )


def _cost(world: World) -> tuple[int, int]:
    """Requests to the portal and write units."""
    due_clients(world, CLIENTS)
    world.portal.outbox.faults.drop = 1.0
    run = DailyRun(world.tools, lambda ref, ts: None, nullcontext, sleep=lambda seconds: None)
    run.fire(Firing(int(world.portal.clock.now().timestamp()), now=True))
    name = next(one.run for one in entries(world) if one.run)
    before, meter = world.requests, Meter(world.dynamodb)
    outcome = undo(world, run=name)
    if len(outcome.cards) != CLIENTS or outcome.stayed:
        raise SystemExit(f"{len(outcome.cards)} clients were taken back, {len(outcome.stayed)} changes stayed")
    return world.requests - before, meter.writes


if __name__ == "__main__":
    main()
