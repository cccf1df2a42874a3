"""F4: several cards changed at once share requests; wherever that is interrupted, each is acted upon exactly once."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from crm_robots.engine.pipeline import Robot
from crm_robots.engine.tools import Tools
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.robots.routing.robot import RoutingRobot

from tests.support.client_status import FIELD
from tests.support.conversion import INDIVIDUAL, make_lead, phone, rows
from tests.support.world import EXAMPLE, World, everywhere, new_world

MANY = 3


def leads_without_their_fields(world: World) -> None:
    """Dragged past the gate of qualification, all at once."""
    person = world.person("Петров")
    direction = {"UF_CRM_DIRECTION": "Оптовик"}
    leads = [person.create("lead", title="Шторы", stageId="IN_PROCESS", name="Анна", **direction) for _ in range(MANY)]
    world.settle()
    for lead in leads:
        person.move("lead", lead, "QUALIFIED")
    world.settle()


def back_once(world: World) -> None:
    for lead in rows(world, "lead"):
        assert lead["stageId"] == "IN_PROCESS"
        asked, returned = world.comments("lead", lead["id"])
        assert "/form/" in asked
        assert returned.startswith("Лид возвращён")
        assert len(world.portal.activities.todos(1, lead["id"])) == 1
    assert len(world.person("Петров").notifications()) == MANY


def leads_of_new_clients(world: World) -> None:
    """Won, all at once, with nothing made of them yet."""
    leads = [make_lead(world, **INDIVIDUAL, fm=[phone(f"8 916 123-45-0{number}")]) for number in range(MANY)]
    for lead in leads:
        world.person("Петров").move("lead", lead, "CONVERTED")
    world.settle()


def converted_once(world: World) -> None:
    leads, contacts, deals = rows(world, "lead"), rows(world, "contact"), rows(world, "deal")
    assert [row["leadId"] for row in sorted(deals, key=lambda row: row["leadId"])] == [row["id"] for row in leads]
    assert len(contacts) == MANY
    of_lead = {deal["leadId"]: deal for deal in deals}
    for lead in leads:
        deal = of_lead[lead["id"]]
        assert lead["contactIds"] == deal["contactIds"]
        told = {"lead": lead["id"], "deal": deal["id"], "contact": lead["contactIds"][0]}
        assert [len(world.comments(kind, number)) for kind, number in told.items()] == [1, 1, 1]


def reports_of_visits(world: World) -> None:
    """Written into the leads all at once."""
    person = world.person("Петров")
    leads = [person.create("lead", title="Ромашка", name="Анна") for _ in range(MANY)]
    world.settle()
    for lead in leads:
        person.update("lead", lead, UF_CRM_SERVICES=["Монтаж", "Проектирование"])
    world.settle()


def drawn_once(world: World) -> None:
    deals = Counter((row["leadId"], row["title"].partition(":")[0]) for row in rows(world, "deal"))
    assert set(deals.values()) == {1}
    assert len(deals) == 2 * MANY
    assert len(list(world.portal.tables.tasks)) == 2 * MANY
    told = Counter(row["userId"] for row in world.portal.tables.notifications)
    assert told.total() == sum(
        len({row["assignedById"] for row in rows(world, "deal") if row["leadId"] == lead["id"]})
        for lead in rows(world, "lead")
    )


def statuses_without_calls(world: World) -> None:
    """Changed by one person, on several cards at once."""
    person = world.person("Петров")
    clients = [person.create("company", title="Ромашка", **{FIELD: "Горячий"}) for _ in range(MANY)]
    world.settle()
    for client in clients:
        person.update("company", client, **{FIELD: "Тёплый"})
    world.settle()


def put_back_once(world: World) -> None:
    assert [len(world.comments("company", row["id"])) for row in rows(world, "company")] == [1] * MANY
    assert len({row[FIELD] for row in rows(world, "company")}) == 1
    assert len(world.person("Петров").notifications()) == MANY


EDITS: dict[str, tuple[Callable[[Tools], Robot], Callable[[World], None], Callable[[World], None]]] = {
    "qualification": (QualificationRobot, leads_without_their_fields, back_once),
    "conversion": (ConversionRobot, leads_of_new_clients, converted_once),
    "routing": (RoutingRobot, reports_of_visits, drawn_once),
    "client-status": (ClientStatusRobot, statuses_without_calls, put_back_once),
}


@pytest.mark.parametrize("cut", [False, True], ids=["killed", "answer cut"])
@pytest.mark.parametrize("name", EDITS)
def test_f4_a_mass_edit_interrupted_at_any_moment_acts_once_on_each(name, cut):
    """F4: the function killed, or cut off from an answer, at every moment in turn."""
    make, edit, check = EDITS[name]

    assert everywhere({name: make}, edit, check, cut=cut, settings=EXAMPLE.read_text()) >= 8


@pytest.mark.parametrize("name", EDITS)
def test_f4_a_mass_edit_that_breaks_off_at_any_command_acts_once_on_each(name):
    """F4: one command of the shared requests fails, those behind it are not reached."""
    make, edit, check = EDITS[name]
    for world in new_world({name: make}):
        world.publish(EXAMPLE.read_text())
        begin = world.bookmark()
        for skip in range(200):
            begin()
            world.portal.faults.add("internal", inner=True, skip=skip)
            edit(world)
            reached = not world.portal.faults.active()
            world.portal.faults.clear()
            try:
                check(world)
            except AssertionError as error:
                raise AssertionError(f"broken off at command {skip}: {error}") from error
            if not reached:
                break
    assert skip >= 8


def refused(world: World, times: int | None) -> None:
    """The portal takes one status back and refuses the next: so often, or for good (None)."""
    world.portal.faults.clear()
    world.portal.faults.add("empty_code", "crm.item.update", times=times, skip=1, inner=True)
    statuses_without_calls(world)


def told_as_it_is(world: World) -> None:
    """Nobody hears twice of a refusal, or of a status that was not put back. Another try may have put it back."""
    statuses = Counter()
    for row in rows(world, "company"):
        told = Counter(
            "не удалось" if "не удалось" in text else "возвращён" for text in world.comments("company", row["id"])
        )
        assert max(told.values()) == 1
        statuses[row[FIELD], told["возвращён"]] += 1
    assert len(statuses) == len({status for status, _ in statuses})
    back = sum(count for (_, is_back), count in statuses.items() if is_back)
    assert len(world.person("Петров").notifications()) == back >= 1


@pytest.mark.parametrize("cut", [False, True], ids=["killed", "answer cut"])
@pytest.mark.parametrize("times", [1, None], ids=["once", "for good"])
def test_f4_a_mass_edit_with_a_refusal_in_the_middle_acts_once_on_each(times, cut):
    """F4: who stood behind a refusal goes on in parts; a kill between the parts repeats none of them."""
    robots = {"client-status": ClientStatusRobot}

    assert everywhere(robots, partial(refused, times=times), told_as_it_is, cut=cut) >= 8


@pytest.mark.parametrize("applied", range(3 * MANY + 1))
def test_f4_a_portal_that_breaks_down_in_a_shared_request_sends_no_message_twice(applied):
    """F4: a message counts as sent if the comment in front of it was written, not if the card was changed."""
    for world in new_world({"client-status": ClientStatusRobot}):
        world.publish()
        person = world.person("Петров")
        clients = [person.create("company", title="Ромашка", **{FIELD: "Горячий"}) for _ in range(MANY)]
        world.settle()
        for client in clients:
            person.update("company", client, **{FIELD: "Тёплый"})
        world.portal.faults.add("cut", "batch", skip=1, applied=applied)
        world.settle()

        assert not world.portal.faults.active()
        assert [len(world.comments("company", client)) for client in clients] == [1] * MANY
        # Between a comment and its message nobody can tell; twice would be worse.
        unsure = applied % 3 == 2
        assert len(person.notifications()) == MANY - unsure
