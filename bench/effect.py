"""`check --effect` over 1,000 clients whom another setting would spare."""

import math
import os
from datetime import date

import msgspec
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.effect import Settings, effect
from crm_robots.robots.daily.schedule import Run

from bench.daily_run import ROBOTS, TODAY, due_clients
from bench.row import at_most, emit
from tests.support.world import World, new_world

TABLE = "Preview"
CLIENTS = 1_000


def main() -> None:
    """Prints the row."""
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    for world in new_world(ROBOTS):
        world.publish()
        figure = f"`check --effect`, {CLIENTS:,} clients: HTTP requests, against ceil(reads/2,500)"
        emit(at_most(TABLE, figure, _requests(world, TODAY) / math.ceil(CLIENTS / 2500), 1.1))


def _requests(world: World, day: date) -> int:
    settings = world.tools.settings.load("client_status", ClientStatusRules)
    if settings is None:
        raise SystemExit("client_status was not published")
    due_clients(world, CLIENTS)
    world.tools.directory()
    longer = tuple(msgspec.structs.replace(one, days=365 if one.days else None) for one in settings.rules.statuses)
    other = msgspec.structs.replace(settings.rules, statuses=longer)
    before = world.requests
    run = Run(day, int(world.portal.clock.now().timestamp()))
    found = effect(world.tools, Settings(settings.portal, settings.rules), Settings(settings.portal, other), run)
    if len(found) != CLIENTS:
        raise SystemExit(f"{len(found)} clients would be treated differently, not {CLIENTS}")
    return world.requests - before


if __name__ == "__main__":
    main()
