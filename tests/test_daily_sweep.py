"""D9: changes whose events were lost reach the robots with the day's sweep."""

from datetime import timedelta

import pytest
from crm_robots.engine.sweep.decide import OVERLAP, SweepMemory, event_of, event_of_call
from crm_robots.engine.sweep.run import Sweep
from crm_robots.portal.changes import ChangedItem
from crm_robots.robots.client_status.missed import is_missed_call, is_missed_card
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.robots.registry import ROWS
from crm_robots.shared.calls import Call
from crm_robots.shared.firing import Firing
from crm_robots.shared.items import Item, ItemRef

from tests.support.client_status import FIELD, ITEMS, NOON, calendar
from tests.support.days import DAY, client, label, moment_of, timer
from tests.support.world import World, new_world

ROBOTS = {"client-status": ClientStatusRobot, "lost-deal": LostDealRobot}


@pytest.fixture
def world():
    for made in new_world(ROBOTS):
        made.publish()
        yield made


def sweep(world: World, at: str = "09:00") -> int | None:
    moment = moment_of(world, at)

    def feed(robots, event):
        for robot in robots:
            if robot in world._pending:
                world._pending[robot].append(event)

    return Sweep(world.tools, feed, ROWS).fire(Firing(int(moment.timestamp())), "09:00")


def deaf(world: World) -> None:
    """Loses everything that the portal has sent so far."""
    world.portal.deliver()
    world.portal.sent.clear()


def test_d9_a_new_card_that_nobody_told_of_gets_its_timer(world):
    number = world.person("Петров").create("company", title="Ромашка")
    deaf(world)
    assert sweep(world, "09:30")
    world.settle()

    assert label(world, "company", number) == "Новый"


def test_d9_a_status_changed_without_an_event_is_judged_at_the_time_of_the_change(world):
    number = client(world)
    world.portal.clock.advance(5 * DAY)
    world.person("Петров").call("company", number)
    world.person("Петров").update("company", number, **{FIELD: "Тёплый"})
    deaf(world)
    world.portal.clock.advance(timedelta(hours=20))
    assert sweep(world) == 2  # the card and the call
    world.settle()

    assert label(world, "company", number) == "Тёплый"
    assert timer(world, f"company:{number}").last_call


def test_d9_a_lost_deal_that_nobody_told_of_marks_its_client(world):
    contact = world.person("Петров").create("contact", name="Анна")
    deal = world.person("Петров").create("deal", title="Сделка", contactIds=[contact])
    world.settle()
    world.person("Петров").move("deal", deal, "Нет денег")
    deaf(world)
    assert sweep(world, "10:00")
    world.settle()

    assert world.comments("deal", deal)


def test_d9_with_nothing_lost_nothing_is_handed_on_and_two_requests_are_enough(world):
    client(world)
    contact = world.person("Петров").create("contact", name="Анна")
    world.person("Петров").create("deal", title="Сделка", contactIds=[contact])
    world.settle()
    world.person("Петров").call("contact", contact)
    world.settle()
    before = world.requests

    assert sweep(world, "10:00") == 0
    assert world.requests - before <= 2


def test_d9_once_a_day_and_not_before_its_time(world):
    world.portal.clock.advance(timedelta(hours=15))

    assert sweep(world, "08:45") is None
    assert sweep(world, "09:00") == 0
    assert sweep(world, "09:15") is None


def test_d9_what_one_sweep_has_seen_the_next_one_does_not_see_again(world):
    world.person("Петров").create("company", title="Ромашка")
    deaf(world)
    assert sweep(world, "09:30") == 1
    world.settle()
    world.portal.clock.advance(DAY)

    assert sweep(world) == 0


def test_d9_more_changes_than_a_page_holds(world):
    for number in range(120):
        world.person("Петров").create("company", title=f"Клиент {number}")
    deaf(world)

    assert sweep(world, "10:00") == 120


def test_d9_a_portal_that_filters_by_the_classic_name_only(world):
    world.person("Петров").create("company", title="Ромашка")
    deaf(world)
    world.portal.faults.add("error_200", "crm.item.list", times=4, inner=True)
    assert sweep(world, "09:30") == 1


CARD = ItemRef("company", 42)


@pytest.mark.parametrize(
    ("owner", "timer", "is_missed"),
    [
        (None, None, True),
        (CARD, None, True),
        (CARD, Timer(status="hot", last_call=NOON - 1), True),
        (CARD, Timer(status="hot", last_call=NOON), False),
        (CARD, Timer(), False),
    ],
)
def test_d9_a_call_is_missed_unless_its_owners_timer_knows_it(owner, timer, is_missed):
    """D9: of one without an owner, or whose owner has no timer, only the robot finds out whom it concerns."""
    assert is_missed_call(Call(9, NOON, NOON + 60), owner, timer) is is_missed


@pytest.mark.parametrize(
    ("shown", "timer", "is_new", "is_missed"),
    [
        ("hot", None, False, True),
        (None, None, True, True),
        (None, None, False, False),
        ("hot", Timer(status="warm"), False, True),
        ("hot", Timer(status="hot"), True, False),
        (None, Timer(), True, False),
    ],
)
def test_d9_a_card_is_missed_if_it_shows_another_status_than_its_timer(shown, timer, is_new, is_missed):
    card = Item(CARD, {FIELD: ITEMS["company"].get(shown)})
    assert is_missed_card(card, timer, calendar(), is_new=is_new) is is_missed


@pytest.mark.parametrize(("is_new", "change"), [(True, "ADD"), (False, "UPDATE")])
def test_d9_what_was_made_since_the_last_sweep_is_new(is_new, change):
    event = event_of(ChangedItem(Item(CARD, {}), NOON + 5, is_new))
    assert (event.event, event.item, event.ts) == (f"ONCRMCOMPANY{change}", "company:42", NOON + 5)


def test_d9_a_call_that_was_ticked_off_early_took_place_when_it_ended():
    assert event_of_call(Call(9, NOON, NOON + 60), NOON).ts == NOON + 60
    assert event_of_call(Call(9, NOON, NOON + 60), NOON + 90).ts == NOON + 90


@pytest.mark.parametrize(("until", "since"), [(0, NOON - 86400), (NOON, NOON - OVERLAP), (NOON + 1, NOON - 86400)])
def test_d9_a_sweep_looks_back_to_the_last_one(until, since):
    """D9: the first one a day back, and so one of a portal whose clock was set back."""
    assert SweepMemory(until=until).since(NOON) == since
