"""Q3: a lead that qualification and conversion both keep from a stage: one comment with everything, one to-do."""

from collections.abc import Iterator

import pytest
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.qualification.robot import QualificationRobot

from tests.support.world import EXAMPLE, World, new_world

ORDERS = (("qualification", "conversion"), ("conversion", "qualification"))
MAKERS = {"qualification": QualificationRobot, "conversion": ConversionRobot}
CHAIN = {"UF_CRM_DIRECTION": "Сеть магазинов"}


@pytest.fixture(params=ORDERS, ids="-".join)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Whichever of the two comes first."""
    for one in new_world({name: MAKERS[name] for name in request.param}):
        one.publish(EXAMPLE.read_text().split("\nrouting:")[0])
        yield one


def stage(world: World, lead: int) -> str:
    return str(world.person("Смирнов").read("lead", lead)["stageId"])


def told(world: World, lead: int, since: int) -> list[str]:
    return world.comments("lead", lead)[since:]


def open_todos(world: World, lead: int) -> list[str]:
    return [row["SUBJECT"] for row in world.portal.activities.todos(1, lead) if row["COMPLETED"] != "Y"]


def lead_in_work(world: World) -> int:
    manager = world.person("Смирнов")
    lead: int = manager.create("lead", title="Сеть", **CHAIN)
    world.settle()
    manager.move("lead", lead, "В работе")
    world.settle()
    return lead


def test_q3_people_read_one_comment_with_everything_and_get_one_todo(world):
    lead, manager = lead_in_work(world), world.person("Смирнов")
    before = len(world.comments("lead", lead))
    manager.move("lead", lead, "КП отправлено")
    world.settle()

    assert stage(world, lead) == "IN_PROCESS"
    (text,) = told(world, lead, before)
    for missing in ("Количество магазинов", "Общая торговая площадь", "Тип клиента", "Имя"):
        assert f"• {missing}" in text
    assert len(open_todos(world, lead)) == 1
    assert len(manager.notifications()) == 1


def test_q4_each_further_return_is_told_to_the_mover_alone(world):
    lead, manager = lead_in_work(world), world.person("Смирнов")
    for _ in range(3):
        manager.move("lead", lead, "КП отправлено")
        world.settle()

    assert stage(world, lead) == "IN_PROCESS"
    assert sum("возвращён" in text for text in world.comments("lead", lead)) == 1
    assert len(open_todos(world, lead)) == 1
    assert len(manager.notifications()) == 3


def test_q3_q4_what_was_told_for_conversion_is_not_told_again_and_ends_with_one_comment(world):
    lead, manager = lead_in_work(world), world.person("Смирнов")
    manager.move("lead", lead, "КП отправлено")
    world.settle()
    before = len(world.comments("lead", lead))
    manager.update("lead", lead, UF_CRM_STORES=3, UF_CRM_AREA=100)
    manager.move("lead", lead, "КП отправлено")
    world.settle()

    assert stage(world, lead) != "OFFER"
    assert not any("Для стадии" in text for text in told(world, lead, before))
    assert len(open_todos(world, lead)) == 1

    phone = [{"typeId": "PHONE", "value": "+79161234567"}]
    manager.update("lead", lead, name="Анна", fm=phone, UF_CRM_CLIENT_TYPE="Физическое лицо")
    world.settle()
    assert sum("поля заполнены" in text for text in world.comments("lead", lead)) == 1
    assert open_todos(world, lead) == []
    manager.move("lead", lead, "КП отправлено")
    world.settle()
    assert stage(world, lead) == "OFFER"


def test_q3_up_to_the_first_gate_only_qualifications_gaps_are_told(world):
    lead, manager = lead_in_work(world), world.person("Смирнов")
    before = len(world.comments("lead", lead))
    manager.move("lead", lead, "Квалификация пройдена")
    world.settle()

    (text,) = told(world, lead, before)
    assert "Количество магазинов" in text
    assert "Тип клиента" not in text


def test_q3_a_lead_is_said_to_be_where_it_ends(world):
    """Q3, C1: not «возвращён на «Новый лид»» while another robot moves it on a second later."""
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Сеть", **CHAIN)
    manager.move("lead", lead, "КП отправлено")
    world.settle()

    returned = [text for text in world.comments("lead", lead) if "возвращён" in text]
    assert stage(world, lead) == "ASSIGNED"
    assert len(returned) == 1
    assert "«Менеджер назначен»" in returned[0]


def test_q14_q3_a_lead_that_conversion_puts_back_gets_no_next_step_there(world):
    """Q14: it does not stand there complete; Q3: so it has one to-do, the reminder's."""
    text = EXAMPLE.read_text().split("\nrouting:")[0]
    world.publish(text.replace("next_steps: {}", "next_steps: {КП отправлено: Перезвонить}"))
    lead, manager = lead_in_work(world), world.person("Смирнов")
    manager.update("lead", lead, UF_CRM_STORES=3, UF_CRM_AREA=100)
    manager.move("lead", lead, "КП отправлено")
    world.settle()

    todos = world.portal.activities.todos(1, lead)
    assert stage(world, lead) == "IN_PROCESS"
    assert ["Перезвонить" in row["SUBJECT"] for row in todos] == [False]

    phone = [{"typeId": "PHONE", "value": "+79161234567"}]
    manager.update("lead", lead, name="Анна", fm=phone, UF_CRM_CLIENT_TYPE="Физическое лицо")
    world.settle()
    manager.move("lead", lead, "КП отправлено")
    world.settle()
    assert stage(world, lead) == "OFFER"
    assert open_todos(world, lead) == ["Перезвонить"]
