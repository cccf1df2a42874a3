"""Attacks that once worked, on a whole portal: what is typed into a form never acts with the webhook's rights."""

from collections.abc import Iterator
from typing import Any

import pytest
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.robots.routing.robot import RoutingRobot

from tests.support.conversion import INDIVIDUAL, make_lead, phone, rows, win
from tests.support.world import EXAMPLE, World, new_world

ROBOTS: dict[str, Any] = {
    "qualification": QualificationRobot,
    "conversion": ConversionRobot,
    "routing": RoutingRobot,
}
PARAMETERS = "[&entityTypeId=2&id=1&fields%5Btitle%5D=X&x=]"


@pytest.fixture
def world() -> Iterator[World]:
    for world in new_world(ROBOTS):
        world.publish(EXAMPLE.read_text())
        yield world


@pytest.fixture
def converting() -> Iterator[World]:
    """Without the robot that asks for more data first."""
    for world in new_world({name: make for name, make in ROBOTS.items() if name != "qualification"}):
        world.publish(EXAMPLE.read_text())
        yield world


@pytest.mark.parametrize("command", ["step0_0", "p0_step0_0", "contact", "p0_contact", "leads", "deal"])
def test_a_surname_does_not_overwrite_somebody_elses_deal(converting: World, command: str) -> None:
    world = converting
    victim = world.person("Смирнов").create("deal", title="Чужая сделка", opportunity=900)
    world.person("Смирнов").create("contact", name="Анна", fm=[phone("+7 916 123-45-67")])
    world.settle()
    before = world.person("Смирнов").read("deal", victim)
    surname = f"$result[{command}]{PARAMETERS.replace('id=1', f'id={victim}')}"

    lead = make_lead(world, lastName=surname, name="Анна", **INDIVIDUAL)
    world.settle()
    win(world, lead)
    world.settle()

    after = world.person("Смирнов").read("deal", victim)
    assert {name: after[name] for name in ("title", "opportunity", "assignedById")} == {
        name: before[name] for name in ("title", "opportunity", "assignedById")
    }
    assert not [row for row in rows(world, "deal") if row["title"] == "X"]


def test_a_title_does_not_read_its_neighbours(world: World) -> None:
    """Leads share batches: one of them asks for what the other's task holds."""
    secret = world.person("Петров").create("lead", title="Тайна", name="Мария", fm=[phone("+7 900 777-66-55")])
    spies = [
        world.person("Петров").create("lead", title=f"Запрос $result[p{number}_visit][task][{field}]")
        for number in range(4)
        for field in ("description", "id")
    ]
    world.settle()

    told = {row["TITLE"]: row for row in world.portal.tables.tasks}
    assert len(told) == len(spies) + 1
    for title, task in told.items():
        if "Тайна" not in title:
            assert "777-66-55" not in f"{title}{task['DESCRIPTION']}"
            assert f"[URL={world.office.webhook.partition('/rest')[0]}/crm/lead/details/{secret}/]" not in title


def test_a_lead_that_looks_like_a_reference_goes_on_being_worked_on(world: World) -> None:
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="$result[a]", stageId="NEW", companyTitle="$result[a]", address="$result[b][c]")
    world.settle()
    manager.move("lead", lead, "Квалификация пройдена")
    world.settle()
    manager.update("lead", lead, comments="$result[a]")
    world.settle()

    record = world.tools.memory.load("qualification", [f"lead:{lead}"])[f"lead:{lead}"]
    assert record.remembered(LeadMemory).announced
    assert not record.is_begun_anew
    assert manager.read("lead", lead)["stageId"] != "QUALIFIED"


@pytest.mark.parametrize("name", ["$result[contact][item][id]", "$result[a]", "$RESULT[p0_contact]"])
def test_a_client_keeps_the_name_that_was_typed_and_is_made_once(converting: World, name: str) -> None:
    """What we wrote compares equal to what comes back: nothing is made twice, and no echo counts as a change."""
    world = converting
    lead = make_lead(world, name=name, title=name, **INDIVIDUAL)
    world.settle()
    win(world, lead)
    world.settle()
    (contact,), (deal,) = rows(world, "contact"), [row for row in rows(world, "deal") if row["leadId"] == lead]
    assert seen(contact["name"]) == seen(name)
    assert name in seen(deal["title"])
    spoken, tasks = len(world.comments("lead", lead)), len(list(world.portal.tables.tasks))

    again = make_lead(world, name=name, title=name, **INDIVIDUAL)
    win(world, again)
    world.person("Петров").update("lead", lead, comments="ещё раз")
    world.settle()

    assert len(rows(world, "contact")) == 1
    assert len(world.comments("lead", lead)) == spoken
    assert len(list(world.portal.tables.tasks)) == tasks


def test_markup_in_a_name_is_not_live_in_the_task_of_the_visit(world: World) -> None:
    typed = "[url=https://evil.example]Анна[/url]"
    world.person("Петров").create("lead", title=typed, name=typed, address=typed, fm=[phone(typed)])
    world.settle()

    (task,) = world.portal.tables.tasks
    assert "[url=https://evil" not in f"{task['TITLE']}{task['DESCRIPTION']}"
    assert "(url=https://evil.example)Анна(/url)" in task["DESCRIPTION"]


def seen(text: str) -> str:
    """As people see it."""
    return text.replace("\u2060", "")
