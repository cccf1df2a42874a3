"""C8, C10 and F4: killed, or cut off from an answer, at every single moment, conversion leaves one of each."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import permutations

import pytest
from crm_robots.robots.conversion.robot import ConversionRobot

from tests.support.chaos import Chaos
from tests.support.conversion import ACCOUNT, INDIVIDUAL, INN, LEGAL, convert_by_hand, make_lead, phone, rows, win
from tests.support.world import EXAMPLE, World, everywhere, new_world

ROBOTS = {"conversion": ConversionRobot}
SETTINGS = EXAMPLE.read_text()


def about_leads(world: World, kind: str, number: int) -> list[str]:
    """Without what is said of a company's papers (C11)."""
    return [text for text in world.comments(kind, number) if "Для договора" not in text]


def one_of_each(world: World) -> None:
    """One contact, company, requisite, account and deal, linked, and one set of comments."""
    (lead,) = rows(world, "lead")
    (contact,), (company,), (deal,) = rows(world, "contact"), rows(world, "company"), rows(world, "deal")
    (requisite,) = world.portal.requisites.of(4, company["id"])
    (bank,) = world.portal.requisites.bank_details(requisite["id"])
    assert (requisite["RQ_INN"], bank["RQ_ACC_NUM"]) == (INN, ACCOUNT)
    assert lead["contactIds"] == deal["contactIds"] == [contact["id"]]
    assert contact["companyIds"] == [deal["companyId"]] == [company["id"]]
    assert lead["companyId"] == company["id"]
    for kind, row, comments in (("lead", lead, 2), ("contact", contact, 1), ("company", company, 1), ("deal", deal, 1)):
        assert len(about_leads(world, kind, row["id"])) == comments


def full_conversion(world: World) -> None:
    lead = make_lead(world, **LEGAL, companyTitle="Сбер")
    world.settle()
    win(world, lead)
    world.settle()


@pytest.mark.parametrize("cut", [False, True], ids=["killed", "answer cut"])
def test_c8_a_full_conversion_leaves_one_of_each_wherever_it_is_interrupted(cut):
    moments = everywhere(ROBOTS, full_conversion, one_of_each, cut=cut, settings=SETTINGS)

    assert moments > 10


PARTS = {
    "phone": {"name": "Анна", "fm": [phone("8 916 123-45-67")]},
    "type": {"UF_CRM_CLIENT_TYPE": LEGAL["UF_CRM_CLIENT_TYPE"]},
    "inn": {name: value for name, value in LEGAL.items() if name != "UF_CRM_CLIENT_TYPE"},
    "stage": {"stageId": "OFFER"},
}


def step_by_step(order: Iterable[str], world: World) -> None:
    lead = make_lead(world, companyTitle="Сбер", name="", fm=[])
    for part in order:
        world.person("Петров").update("lead", lead, **PARTS[part])
        world.settle()
    win(world, lead)
    world.settle()


def test_c2_c6_in_whatever_order_phone_type_inn_and_stage_come_there_is_one_of_each():
    for world in new_world(ROBOTS):
        world.publish(SETTINGS)
        begin = world.bookmark()
        for order in permutations(PARTS):
            begin()
            step_by_step(order, world)
            one_client(world)


@pytest.mark.parametrize("order", ["phone type inn stage", "inn type phone stage", "stage inn type phone"])
@pytest.mark.parametrize("cut", [False, True], ids=["killed", "answer cut"])
def test_c2_c6_f4_an_interruption_anywhere_on_these_ways_leaves_one_of_each(order, cut):
    everywhere(ROBOTS, partial(step_by_step, order.split()), one_client, cut=cut, settings=SETTINGS, every=3)


def one_client(world: World) -> None:
    """However the comments are divided."""
    (lead,) = rows(world, "lead")
    (contact,), (company,), (deal,) = rows(world, "contact"), rows(world, "company"), rows(world, "deal")
    (requisite,) = world.portal.requisites.of(4, company["id"])
    (bank,) = world.portal.requisites.bank_details(requisite["id"])
    assert (requisite["RQ_INN"], bank["RQ_ACC_NUM"]) == (INN, ACCOUNT)
    assert lead["contactIds"] == deal["contactIds"] == [contact["id"]]
    assert contact["companyIds"] == [lead["companyId"]] == [deal["companyId"]] == [company["id"]]
    for kind, row in (("contact", contact), ("company", company), ("deal", deal)):
        assert len(about_leads(world, kind, row["id"])) == 1


def one_contact_and_one_deal(world: World) -> None:
    """However it came about."""
    (lead,) = rows(world, "lead")
    (contact,), (deal,) = rows(world, "contact"), rows(world, "deal")
    assert lead["contactIds"] == deal["contactIds"] == [contact["id"]]
    assert [one["value"] for one in contact["fm"]] == ["+79161234567"]
    assert deal["leadId"] == lead["id"]
    assert len([text for text in world.comments("lead", lead["id"]) if "/crm/deal/" in text]) == 1


def converted_at(world: World, at: int | None, *, harmless: bool) -> int:
    """Plays the conversion of an individual; at that moment a person converts it too. Returns the moments."""
    lead = make_lead(world, **INDIVIDUAL)
    by_hand = partial(convert_by_hand, world, lead)
    chaos = world.chaos = Chaos(at, meanwhile=by_hand, harmless=harmless)
    world.settle()
    win(world, lead)
    world.settle()
    world.chaos = Chaos()
    one_contact_and_one_deal(world)
    return chaos.moments


@pytest.mark.parametrize("harmless", [True, False], ids=["undisturbed", "killed"])
def test_c8_a_person_who_converts_the_lead_by_hand_at_any_moment_doubles_nothing(harmless):
    for world in new_world(ROBOTS):
        world.publish(SETTINGS)
        begin = world.bookmark()
        moments = converted_at(world, None, harmless=harmless)
        for at in range(moments):
            begin()
            try:
                converted_at(world, at, harmless=harmless)
            except (AssertionError, ValueError) as error:
                raise AssertionError(f"by hand at moment {at} of {moments}: {error}") from error
        assert moments > 10


def broken_at(world: World, skip: int, play: Callable[[World], None]) -> bool:
    """Plays with a fault at that command, inside a batch too; False when there are no more commands."""
    fault = world.portal.faults.add("internal", "crm.*", inner=True, skip=skip)
    play(world)
    unused = fault in [one["id"] for one in world.portal.faults.active()]
    world.portal.faults.clear()
    return not unused


def at_every_command(play: Callable[[World], None], check: Callable[[World], None]) -> int:
    for world in new_world(ROBOTS):
        world.publish(SETTINGS)
        begin = world.bookmark()
        for skip in range(200):
            begin()
            if not broken_at(world, skip, play):
                break
            try:
                check(world)
            except (AssertionError, ValueError) as error:
                raise AssertionError(f"broken off at command {skip}: {error}") from error
    return skip


def test_c8_a_batch_that_breaks_off_at_any_command_leaves_one_of_each():
    assert at_every_command(full_conversion, one_of_each) > 20


def test_c8_a_person_who_converts_while_half_a_batch_is_done_doubles_nothing():
    def half_and_by_hand(world: World) -> None:
        lead = make_lead(world, **INDIVIDUAL, stageId="CONVERTED")
        world.work()
        convert_by_hand(world, lead)
        world.settle()

    assert at_every_command(half_and_by_hand, one_contact_and_one_deal) > 10
