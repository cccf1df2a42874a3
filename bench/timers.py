"""What a reindex asks of the portal, and what a webhook writes when it changes nothing in the timer's status."""

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import batched
from typing import Any

from crm_robots.engine.pipeline import Robot
from crm_robots.engine.tools import Tools
from crm_robots.records.look_on import shard_of
from crm_robots.robots.client_status.reindexing import Reindexing
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.window import Window

from bench.row import at_most, emit
from sandbox.portal.types import BY_NAME
from tests.support.world import World, new_world

TABLE = "Timers"
FIELD = "UF_CRM_CLIENT_STATUS"
CARDS = 12_000
"""Companies and contacts, half of each."""
ROBOTS: dict[str, Callable[[Tools], Robot]] = {"client-status": ClientStatusRobot}


def main() -> None:
    """A reindex of cards whose timers are right, then webhooks one by one."""
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    for world in new_world(ROBOTS):
        world.publish()
        asked = reindexed(world)
        emit(
            at_most(
                TABLE,
                f"reindex of {CARDS:,} cards: HTTP requests, against ceil({CARDS:,}/2,500)",
                asked / math.ceil(CARDS / 2500),
                1.2,
            )
        )
    for world in new_world(ROBOTS):
        world.publish()
        units, webhooks = unchanged(world)
        figure = "write units per webhook that changes nothing in the timer's status (saves, calls, deals; each alone)"
        emit(at_most(TABLE, figure, units / webhooks, 1.6, ""))


def reindexed(world: World) -> int:
    """HTTP requests of a run over cards that all have a status."""
    settings = world.tools.settings.load("client_status", ClientStatusRules)
    if settings is None:
        raise SystemExit("client_status was not published")
    for kind in ("company", "contact"):
        cards_with_timers(world, kind, CARDS // 2)
    window = Window(world.tools, settings.rules, settings.portal, "reindex")
    today = world.portal.clock.now().date()
    before = world.requests
    outcome = Reindexing(world.tools.portal, world.tools.timers, window.calendar, today).run(lambda *_: None)
    if outcome.cards != CARDS:
        raise SystemExit(f"{outcome.cards} cards were read, not {CARDS}")
    return world.requests - before


def cards_with_timers(world: World, kind: str, count: int) -> list[int]:
    """Ids of that many new cards, which the robot knows already. Nobody is told of them."""
    settings = world.tools.settings.load("client_status", ClientStatusRules)
    if settings is None:
        raise SystemExit("client_status was not published")
    name = {"company": {"title": "Ромашка"}, "contact": {"name": "Анна"}}[kind]
    fields = {**name, FIELD: settings.rules.items[kind]["hot"]}
    numbers: list[int] = [world.portal.items.add(BY_NAME[kind].id, dict(fields), 1)["id"] for _ in range(count)]
    for some in batched(numbers, 25, strict=False):
        requests = [{"PutRequest": {"Item": _timer(f"{kind}:{number}")}} for number in some]
        world.dynamodb.batch_write_item(RequestItems={"TimersTable": requests})
    world.portal.deliver()
    world.portal.sent.clear()
    return numbers


def _timer(item: str) -> dict[str, Any]:
    row = {"item": item, "status": "hot", "since": "2026-01-12", "look_on": "2026-02-08", "shard": shard_of(item)}
    return {name: {"S": text} for name, text in row.items()} | {"version": {"N": "1"}}


def unchanged(world: World) -> tuple[int, int]:
    """Units written, the shared limiter's one per request included; and webhooks."""
    person = world.person("Петров")
    companies = [person.create("company", title="Ромашка", **{FIELD: "Тёплый"}) for _ in range(20)]
    deals = [person.create("deal", title="Сделка", companyId=number) for number in companies]
    world.settle()
    acts = [
        act
        for company, deal in zip(companies, deals, strict=True)
        for act in (
            partial(person.update, "company", company, title="Лютик"),
            partial(person.update, "company", company, comments="Звонили"),
            partial(person.update, "deal", deal, title="Та же"),
            partial(person.call, "company", company),
        )
    ]
    with _writes(world) as written:
        before = world.requests
        for act in acts:
            act()
            world.work()
        return len(written) + world.requests - before, len(acts)


@contextmanager
def _writes(world: World) -> Iterator[list[Any]]:
    written: list[Any] = []
    for name in ("PutItem", "UpdateItem", "DeleteItem"):
        world.dynamodb.meta.events.register(f"before-call.dynamodb.{name}", lambda model, **_: written.append(model))
    yield written


if __name__ == "__main__":
    main()
