"""A decision that wants to look at its item again on a day: the schedule brings it back on that day, once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from crm_robots.engine.look_again import LookAgain
from crm_robots.engine.rounds import done, duties_of, load
from crm_robots.robots.lost_deal import ROW
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.robots.registry import ROWS
from crm_robots.shared.actions import AddComment
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.events import SCHEDULE
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Cause
from crm_robots.shared.row import Row

from tests.support.chaos import Chaos, Killed
from tests.support.days import DAY, moment_of, round_of
from tests.support.world import World, new_world

CAUSE = Cause("ONCRMDEALUPDATE", "deal:5", 0)


@pytest.fixture
def world() -> Iterator[World]:
    for made in new_world({"lost-deal": LostDealRobot}):
        made.publish()
        yield made


def today(world: World) -> date:
    day: date = world.portal.clock.now().date()
    return day


def decide(world: World, on: date | None, *actions: Any, item: str = "deal:5") -> None:
    record = world.tools.memory.load("lost-deal", [item])[item]
    assert world.tools.executor.perform([(record, Decision({}, step(*actions), on), CAUSE)]) == {}


def brought(world: World, at: str = "09:00", **more: Any) -> list[str]:
    """The items that this firing brings back."""
    before = len(world._pending["lost-deal"])
    LookAgain(ROWS)(round_of(world, at, **more))
    return [event.item for event in world._pending["lost-deal"][before:]]


def test_an_item_comes_back_on_its_day_once(world):
    decide(world, today(world) + DAY)
    assert brought(world, "23:45") == []
    world.portal.clock.advance(DAY)
    world.portal.clock.set(world.portal.clock.now().replace(hour=1))

    assert brought(world, "08:45") == []  # the day has not begun
    assert brought(world, "09:00") == ["deal:5"]
    assert brought(world, "09:15") == []


def test_w8_its_event_carries_the_schedules_time(world):
    decide(world, today(world))
    LookAgain(ROWS)(round_of(world, "10:15"))

    (event,) = world._pending["lost-deal"]
    assert (event.event, event.ts) == (SCHEDULE, int(moment_of(world, "10:15").timestamp()))


def test_d7_a_day_that_was_missed_is_made_up_at_the_next_firing(world):
    decide(world, today(world) + DAY)
    world.portal.clock.advance(3 * DAY)
    world.portal.clock.set(world.portal.clock.now().replace(hour=0, minute=0))

    assert brought(world, "00:15") == ["deal:5"]


def test_every_decision_says_anew_when_it_wants_to_look(world):
    decide(world, today(world))
    decide(world, today(world) + DAY)
    assert brought(world) == []
    decide(world, None)
    world.portal.clock.advance(2 * DAY)

    assert brought(world) == []


def test_a_decision_that_acts_wants_to_look_only_once_it_has_acted(world):
    deal = world.person("Петров").create("deal", title="Сделка")
    world.portal.faults.add("html_502", "batch", times=1)
    comment = AddComment(ItemRef("deal", deal), "Привет", rule="L1")
    record = world.tools.memory.load("lost-deal", ["deal:5"])["deal:5"]

    assert world.tools.executor.perform([(record, Decision({}, step(comment), today(world)), CAUSE)])
    assert brought(world) == []
    assert world.tools.executor.resume(world.tools.memory.load("lost-deal", ["deal:5"]).values()) == {}
    assert brought(world) == ["deal:5"]


def test_a_robot_that_is_switched_off_looks_when_it_is_on_again(world):
    decide(world, today(world))
    world.publish("portal: {admins: [admin@example.ru]}")
    assert brought(world) == []
    world.publish()

    assert brought(world) == ["deal:5"]


def test_w8_a_portal_that_lives_at_another_time_is_left_alone(world):
    decide(world, today(world))

    assert brought(world, is_portals_time=lambda: False) == []


def test_f3_nobody_looks_again_at_an_item_that_is_gone(world):
    decide(world, today(world))
    world.tools.memory.forget(world.tools.memory.load("lost-deal", ["deal:5"])["deal:5"])

    assert brought(world) == []


def test_d7_wherever_the_schedule_is_cut_off_no_item_is_left_behind(world):
    items = {f"deal:{number}" for number in range(5)}
    for at in range(12):
        for item in items:
            decide(world, today(world), item=item)
        world._pending["lost-deal"].clear()
        world.chaos = Chaos(at)
        try:
            LookAgain(ROWS)(round_of(world))
        except Killed:
            world.restart()
        world.chaos = Chaos()
        LookAgain(ROWS)(round_of(world, "09:15"))

        assert {event.item for event in world._pending["lost-deal"]} == items


def test_a_row_that_waits_longer_than_memories_are_kept_is_kept_for_its_day(world):
    far = today(world) + timedelta(days=3000)
    decide(world, far)

    row = world.dynamodb.get_item(TableName="MemoryTable", Key={"item": {"S": "deal:5"}, "robot": {"S": "lost-deal"}})
    assert int(row["Item"]["expires"]["N"]) > moment_of(world, "09:00").timestamp() + 3000 * 86400


def test_one_robots_fault_keeps_no_other_from_its_duties(world):
    broken = Row("broken", ROW.events, ROW.kinds, ROW.scopes, duties=(("broken", "crm_robots.nowhere:duty"),))
    well = Row("well", ROW.events, ROW.kinds, ROW.scopes, duties=(("well", f"{__name__}:_duty"),))

    answers, failures = done(list(duties_of([broken, well])), round_of(world))

    assert (answers, failures) == ({"well": "done"}, {"broken": "ModuleNotFoundError"})


def _duty(_round: Any) -> str:
    return "done"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_rows_name_is_there(row):
    for place in [*(place for _, place in row.duties), *([row.watcher] if row.watcher else [])]:
        assert callable(load(place))
