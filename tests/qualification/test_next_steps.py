"""Q14: what the responsible of a complete lead does next at its stage; and answers of the page that nobody expects."""

import random
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from crm_robots.robots.qualification.form import read_form
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.robots.qualification.words import Words

from tests.qualification.test_form import published
from tests.support.qualification import CHAIN, DIRECTION, FIELDS, RULES
from tests.support.world import World, new_world

STEPS = ("next_steps: {}", "next_steps: {В работе: Позвонить, Квалификация пройдена: Узнать ответ}")
FULL = {"UF_CRM_DIRECTION": "Сеть магазинов", "UF_CRM_STORES": 3, "UF_CRM_AREA": 100}
NASTY = ("", " ", "3,7", "-1", "1e9", "٣", "0" * 5000, "\x00", "$result[a]", "[b]", "{x}", "\udcff", "<i>", "\n" * 99)


@pytest.fixture
def world() -> Iterator[World]:
    for one in new_world({"qualification": QualificationRobot}):
        published(one, STEPS)
        yield one


def todos(world: World, lead: int) -> list[tuple[str, str]]:
    return [(row["SUBJECT"], row["COMPLETED"]) for row in world.portal.activities.todos(1, lead)]


def test_q14_a_complete_lead_gives_its_stages_next_step_and_takes_it_back_when_it_leaves(world):
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Сеть", stageId="NEW", **FULL)
    world.settle()
    assert todos(world, lead) == []

    manager.move("lead", lead, "В работе")
    world.settle()
    manager.update("lead", lead, comments="звонил")
    world.settle()
    assert todos(world, lead) == [("Позвонить", "N")]

    manager.move("lead", lead, "Квалификация пройдена")
    world.settle()
    assert sorted(todos(world, lead)) == [("Позвонить", "Y"), ("Узнать ответ", "N")]


def test_q14_a_lead_that_becomes_complete_at_its_stage_gets_it_then(world):
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Сеть", stageId="IN_PROCESS", UF_CRM_DIRECTION="Сеть магазинов")
    world.settle()
    assert todos(world, lead) == []

    before = world.requests
    manager.update("lead", lead, UF_CRM_STORES=3, UF_CRM_AREA=100)
    world.work()
    assert world.requests - before == 2
    assert todos(world, lead) == [("Позвонить", "N")]


@pytest.mark.parametrize("seed", range(40))
def test_q11_whatever_strangers_send_is_a_value_or_a_word(seed):
    chance = random.Random(seed)
    words = Words(RULES, "ru", ZoneInfo("Europe/Moscow"))
    form = {field.code: [chance.choice(NASTY) for _ in range(chance.randint(0, 3))] for field in FIELDS}

    reading = read_form(form, {DIRECTION: chance.choice((CHAIN, None))}, RULES, words)

    assert set(reading.values) | set(reading.wrong) <= set(form)
    assert all(reading.wrong.values())
