"""Section 9 for the conversion robot: HTTP requests to the portal per event, alone and in a flood."""

import pytest
from crm_robots.robots.conversion.robot import ConversionRobot

from tests.support.conversion import INDIVIDUAL, LEGAL, email, make_lead, phone, rows, win
from tests.support.world import EXAMPLE, World, new_world

PRODUCT = {
    "discountTypeId": 2,
    "discountRate": 0.0,
    "discountSum": 0.0,
    "taxRate": 20.0,
    "taxIncluded": "Y",
    "measureName": "м",
    "sort": 10,
}


@pytest.fixture
def world():
    for one in new_world({"conversion": ConversionRobot}):
        one.publish(EXAMPLE.read_text())
        yield one


def cost(world: World) -> int:
    """Requests for what is waiting, without the echoes of the robot's own writes."""
    before = world.requests
    world.work()
    return world.requests - before


def test_an_event_that_changes_nothing_costs_one_request(world):
    make_lead(world, fm=[])
    world.settle()
    make_lead(world, fm=[])

    assert cost(world) == 1


def test_a_known_contact_becomes_a_deal_in_three_requests(world):
    lead = make_lead(world, **INDIVIDUAL)
    world.settle()
    win(world, lead)

    assert cost(world) == 3
    assert len(rows(world, "deal")) == 1


def test_a_repeat_lead_becomes_a_deal_in_three_requests(world):
    client = world.person("Петров").create("contact", name="Пётр")
    lead = make_lead(world, **INDIVIDUAL, contactIds=[client])
    world.settle()
    win(world, lead)

    assert cost(world) == 3
    assert rows(world, "deal")[0]["contactIds"] == [client]


def test_a_new_contact_costs_three_requests_beside_its_look_up(world):
    make_lead(world)

    assert cost(world) == 3 + 1
    assert len(rows(world, "contact")) == 1


def test_a_whole_legal_entity_at_once_costs_three_requests_beside_its_look_up(world):
    lead = make_lead(world, **LEGAL, companyTitle="Сбер", stageId="CONVERTED")

    assert cost(world) == 3 + 1
    assert len(rows(world, "company")) == len(rows(world, "deal")) == 1
    assert world.comments("lead", lead)


def test_twenty_five_numbers_and_an_address_are_looked_up_in_one_request(world):
    numbers = [phone(f"+7 916 000-00-{number:02}") for number in range(25)]
    known = world.person("Петров").create("contact", name="Анна", fm=[phone("8 (916) 000-00-24")])
    world.settle()
    make_lead(world, fm=[*numbers, email("a@b.ru")])

    assert cost(world) <= 3 + 2
    (contact,) = rows(world, "contact")
    assert contact["id"] == known
    assert len(contact["fm"]) == 26


def test_a_flood_of_leads_in_which_nothing_changes_costs_a_request_per_fifty(world):
    leads = [make_lead(world, fm=[]) for _ in range(50)]
    world.settle()
    for lead in leads:
        world.person("Петров").update("lead", lead, comments="!")

    assert cost(world) == 1


def test_c7_more_products_than_a_page_are_carried_over(world):
    lead = make_lead(world, **INDIVIDUAL)
    world.settle()
    for number in range(60):
        row = {"productName": f"Ткань {number}", "price": 10.0, "quantity": 1.0, "productId": 0, "measureCode": 6}
        world.portal.tables.products.add({"ownerTypeId": 1, "ownerId": lead, **PRODUCT, **row})
    win(world, lead)
    world.settle()

    (deal,) = rows(world, "deal")
    assert len(world.portal.tables.products.by("owner", (2, deal["id"]))) == 60
