"""F2, D5, D7: a card that the portal denies to the robots waits; the others' day does not."""

from typing import Any

import pytest
from crm_robots.portal.errors import Denied
from crm_robots.shared.items import ItemRef

from sandbox.portal.errors import access_denied
from tests.support.days import DAY, ROBOTS, client, fire, label, messages, timer
from tests.support.world import World, new_world


@pytest.fixture
def world():
    for made in new_world(ROBOTS):
        made.publish()
        yield made


class Forbidden:
    """Cards on which nobody may comment, while they stand in `numbers`."""

    def __init__(self, world: World, *numbers: int) -> None:
        self.numbers = set(numbers)
        self._comment = world.portal.timeline.comment
        world.portal.timeline.comment = self.comment  # type: ignore[method-assign]

    def comment(self, type_id: int, item_id: int, *rest: Any) -> Any:
        if item_id in self.numbers:
            raise access_denied()
        return self._comment(type_id, item_id, *rest)


def clients(world: World) -> tuple[int, ...]:
    """The first one's comment goes with the message, the others' with their steps."""
    found = tuple(client(world, name=name) for name in ("Первая", "Закрытая", "Ромашка"))
    world.portal.clock.advance(30 * DAY)
    return found


@pytest.mark.parametrize("settles", [True, False])
def test_f2_d5_one_denied_card_does_not_keep_others_from_hearing_of_their_day(world, settles):
    """Its own step is finished by the card's events or by the next run, and is told then."""
    _, denied, other = clients(world)
    forbidden = Forbidden(world, denied)

    first = fire(world, "09:00")
    assert (first.status, first.waiting) == ("failed", 1)
    assert isinstance(first.cause, Denied)
    assert first.cause.ref == ItemRef("company", denied)
    assert label(world, "company", other) == "Тёплый"
    assert messages(world, "Петров") == []

    later = fire(world, "10:00")
    assert (later.status, later.dropped, later.waiting) == ("finished", 2, 1)
    assert isinstance(later.cause, Denied)
    (message,) = messages(world, "Петров")
    assert "Ромашка" in message
    assert "Закрытая" not in message

    forbidden.numbers.clear()
    if settles:
        world.settle()
    world.portal.clock.advance(DAY)
    assert fire(world, "09:00").status == "finished"
    assert timer(world, f"company:{denied}").status == "warm"
    assert "«Горячий» → «Тёплый»" in world.comments("company", denied)[-1]
    _, second = messages(world, "Петров")
    assert "Закрытая" in second
    assert "Ромашка" not in second


def test_f2_d7_a_right_that_comes_back_within_the_hour_is_no_reason_for_a_second_message(world):
    _, denied, _ = clients(world)
    forbidden = Forbidden(world, denied)
    fire(world, "09:00")

    forbidden.numbers.clear()
    report = fire(world, "09:30")

    assert (report.status, report.dropped) == ("finished", 3)
    (message,) = messages(world, "Петров")
    assert "Закрытая" in message
    assert "Ромашка" in message


def test_f2_where_every_card_is_denied_the_run_waits_for_the_right(world):
    every = clients(world)
    forbidden = Forbidden(world, *every[1:])
    world.portal.faults.add("access_denied", "im.notify*", times=None, inner=True)
    assert [fire(world, at).status for at in ("09:00", "10:30")] == ["failed"] * 2
    assert messages(world, "Петров") == []

    forbidden.numbers.clear()
    world.portal.faults.clear()

    assert fire(world, "15:15").status == "finished"
    assert len(messages(world, "Петров")) == 1


def test_f2_a_denied_comment_in_the_messages_own_batch_holds_nobody_back(world):
    number = client(world)
    world.portal.clock.advance(30 * DAY)
    Forbidden(world, number)

    reports = [fire(world, at).status for at in ("09:00", "09:15", "10:00", "10:15")]

    assert reports == ["failed", "failed", "finished", "done"]
    assert len(messages(world, "Петров")) == 1
