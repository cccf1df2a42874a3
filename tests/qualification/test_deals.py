"""Q15: the same in deals, for companies that work without leads."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from crm_robots.robots.qualification.robot import QualificationRobot

from tests.qualification.test_form import Page, html
from tests.support.world import EXAMPLE, World, new_world

DEALS = """\
  deals:
    category: Общая
    gate_stage: В работе
    contact_required: [PHONE|EMAIL]
    direction_field: UF_CRM_DEAL_DIRECTION_KIND
    fields:
      UF_CRM_DEAL_DIRECTION_KIND: {label: Направление, type: enumeration, values: [Опт, Розница]}
      UF_CRM_DEAL_SIZE: {label: Объём, type: integer}
    directions:
      Опт: {required: [UF_CRM_DEAL_SIZE], confirm: [UF_CRM_DEAL_SIZE]}
      Розница: {}
"""
WHOLESALE = {"UF_CRM_DEAL_DIRECTION_KIND": "Опт"}
PHONE = [{"typeId": "PHONE", "value": "+79161234567"}]


@pytest.fixture
def world() -> Iterator[World]:
    for one in new_world({"qualification": QualificationRobot}):
        text = EXAMPLE.read_text()
        assert "  deals: null" in text
        one.publish(text.replace("  deals: null", f"{DEALS}  #"))
        yield one


def deal(world: World, **fields: Any) -> int:
    number: int = world.person("Смирнов").create("deal", title="Нитки", **fields)
    world.settle()
    return number


def stage(world: World, number: int) -> str:
    return str(world.person("Смирнов").read("deal", number)["stageId"])


def contact(world: World, **fields: Any) -> int:
    number: int = world.person("Смирнов").create("contact", name="Анна", lastName="Орлова", **fields)
    return number


def test_q15_a_deal_with_gaps_goes_back_and_its_responsible_hears_why(world):
    number = deal(world, contactId=contact(world, fm=PHONE), **WHOLESALE)
    world.person("Смирнов").move("deal", number, "В работе")
    world.settle()

    assert stage(world, number) == "NEW"
    offered, told = world.comments("deal", number)
    assert "Для направления «Опт» нужно заполнить:\n• Объём" in offered
    assert told == "Сделка возвращена на стадию «Новая»: не заполнены обязательные поля.\n• Объём"
    (todo,) = world.portal.activities.todos(2, number)
    assert todo["SUBJECT"] == "Заполнить: Объём"
    (notice,) = world.person("Смирнов").notifications()
    assert "Сделка" in notice["text"]
    assert "возвращена на стадию «Новая»: не заполнено: Объём." in notice["text"]

    world.person("Смирнов").update("deal", number, UF_CRM_DEAL_SIZE=5)
    world.person("Смирнов").move("deal", number, "В работе")
    world.settle()
    assert stage(world, number) == "EXECUTING"
    assert world.comments("deal", number)[-1].endswith("Все обязательные поля заполнены.")


def test_q15_a_missing_phone_is_named_with_a_link_to_the_card_that_lacks_it(world):
    person = contact(world)
    number = deal(world, contactId=person, UF_CRM_DEAL_SIZE=5, **WHOLESALE)
    world.person("Смирнов").move("deal", number, "В работе")
    world.settle()

    assert stage(world, number) == "NEW"
    told = world.comments("deal", number)[-1]
    assert re.search(rf"• Телефон или E-mail \(\[URL=[^\]]*/crm/contact/details/{person}/\]Анна Орлова\[/URL\]\)", told)
    (todo,) = world.portal.activities.todos(2, number)
    assert todo["SUBJECT"] == "Заполнить: Телефон или E-mail (Анна Орлова)"


def test_q15_the_company_is_asked_where_there_is_no_contact(world):
    company = world.person("Смирнов").create("company", title="ООО «Нить»", fm=PHONE)
    number = deal(world, companyId=company, UF_CRM_DEAL_SIZE=5, **WHOLESALE)
    world.person("Смирнов").move("deal", number, "В работе")
    world.settle()

    assert stage(world, number) == "EXECUTING"


def test_q15_a_deal_without_a_client_lacks_the_clients_data(world):
    number = deal(world, UF_CRM_DEAL_SIZE=5, **WHOLESALE)
    world.person("Смирнов").move("deal", number, "В работе")
    world.settle()

    assert "• Телефон или E-mail (у сделки нет ни контакта, ни компании)" in world.comments("deal", number)[-1]


def test_q15_other_funnels_are_left_alone(world):
    funnel = next(
        one["id"]
        for one in world.tools.portal.call("crm.category.list", {"entityTypeId": 2})["categories"]
        if one["name"] == "Продажи"
    )
    number = deal(world, categoryId=funnel, **WHOLESALE)

    assert world.comments("deal", number) == []


def test_q7_q15_a_change_of_a_deal_waits_for_consent(world):
    number = deal(world, contactId=contact(world, fm=PHONE), UF_CRM_DEAL_SIZE=5, **WHOLESALE)
    world.person("Смирнов").update("deal", number, UF_CRM_DEAL_SIZE=9)
    world.settle()

    assert str(world.person("Смирнов").read("deal", number)["UF_CRM_DEAL_SIZE"]) == "5"
    assert re.search(rf"/confirm/d{number}-[\w-]{{32}}\]", world.comments("deal", number)[-1])


def test_q11_q15_the_page_asks_fields_of_the_deal_only(world):
    """Q11, Q15: a missing phone is named with a link to the card that lacks it, and no other data of the client."""
    person = contact(world)
    number = deal(world, contactId=person, **WHOLESALE)
    (link,) = re.findall(r"/form/(d\d+-[\w-]{32})", world.comments("deal", number)[-1])
    page = Page(world)

    shown = html(page.open(link))
    assert set(re.findall(r'name="(UF_\w+|PHONE|EMAIL)"', shown)) == {"UF_CRM_DEAL_SIZE"}
    assert "<li>Телефон или E-mail</li>" in shown
    assert f"/crm/contact/details/{person}/" in shown
    assert "Анна" not in shown

    assert page.send(link, UF_CRM_DEAL_SIZE="1 200").state == "written"
    assert str(world.person("Смирнов").read("deal", number)["UF_CRM_DEAL_SIZE"]) == "1200"
    assert page.open(link).state == "fill"  # the phone is missing yet


def test_section_9_q15_one_request_when_nothing_changes_two_when_something_does(world):
    number = deal(world, contactId=contact(world, fm=PHONE), **WHOLESALE)

    def requests() -> int:
        before = world.requests
        world.work()
        return world.requests - before

    world.person("Смирнов").update("deal", number, title="Иначе")
    assert requests() == 1
    world.person("Смирнов").move("deal", number, "В работе")
    assert requests() == 2


def test_q15_where_deals_are_not_kept_their_events_cost_nothing(world):
    world.publish(EXAMPLE.read_text())
    before = world.requests
    deal(world)

    assert world.requests == before
