"""A mass edit in which every card needs a reaction: how many requests it takes, and how long."""

import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import batched

from crm_robots.engine.pipeline import WINDOW
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.shared.events import CrmEvent, by_item

from bench.row import Row, at_most, emit
from sandbox.portal.types import BY_NAME
from tests.support.world import BASE, EXAMPLE, World, new_world

LEADS = 1_000
ROBOT = "qualification"
BEFORE, GATE = "IN_PROCESS", "QUALIFIED"
EDIT = f"A mass edit: {LEADS:,} leads dragged past the gate, each goes back, with a comment and a to-do"
REFUSED = "… the portal refuses every one of the moves: a comment and a to-do say so"


def main() -> None:
    """The portal's limits are on, time is simulated."""
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    for table, stage, most in ((EDIT, BEFORE, 0.15), (REFUSED, GATE, 0.25)):
        for world in new_world({ROBOT: QualificationRobot}):
            world.publish(EXAMPLE.read_text())
            emit(*edited(world, table, stage, most))


def edited(world: World, table: str, stage: str, most: float) -> Iterator[Row]:
    """`stage`: where the leads stand in the end."""
    person = world.person("Петров")
    common = {"title": "Шторы", "stageId": BEFORE, "name": "Анна", "UF_CRM_DIRECTION": "Оптовик"}
    leads = [person.create("lead", **common) for _ in range(LEADS)]
    _worked_off(world, leads)
    for lead in leads:
        person.move("lead", lead, GATE)
    if stage == GATE:
        world.portal.faults.add("empty_code", "crm.item.update", times=None, inner=True)
    world.portal.clock.advance(timedelta(minutes=5))
    world.portal.limits.requests = True
    calls, began = len(world.portal.calls), world.portal.clock.wall()
    requests, failed = _worked_off(world, leads)
    seconds = world.portal.clock.wall() - began
    limited = sum(call["status"] == 503 for call in list(world.portal.calls)[calls:])
    yield at_most(table, "requests per event", requests / LEADS, most, "")
    yield Row(table, "until the last is worked off, seconds of the portal's clock", f"{seconds:.0f}")
    yield Row(table, "503s; events that had to come again", f"{limited}; {failed}", "0; 0", limited + failed == 0)
    echoes, _ = _worked_off(world, leads)
    yield at_most(table, "requests per echo of the robot's own writes", echoes / LEADS, 0.05, "")
    once = sum(_acted_once(world, lead, stage) for lead in leads)
    yield Row(table, "leads acted upon exactly once", f"{once:,}", f"{LEADS:,}", once == LEADS)


def _worked_off(world: World, leads: Sequence[int]) -> tuple[int, int]:
    """Handles an event of each lead, window by window. Returns the requests, and how many events failed."""
    now = int(world.portal.clock.now().timestamp())
    events = [CrmEvent("ONCRMLEADUPDATE", f"lead:{lead}", now, now, BASE) for lead in leads]
    before = world.requests
    failed = [len(world.robots[ROBOT].handle(by_item(window))) for window in batched(events, WINDOW, strict=False)]
    return world.requests - before, sum(failed)


def _acted_once(world: World, lead: int, stage: str) -> bool:
    card = world.portal.items.table(BY_NAME["lead"].id).rows[lead]
    told, todos = world.comments("lead", lead), world.portal.activities.todos(1, lead)
    return card["stageId"] == stage and len(told) == len(todos) == 1


if __name__ == "__main__":
    main()
