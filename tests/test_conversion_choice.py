"""C13: several cards fit, and a person chooses on a page."""

import re
from datetime import timedelta

import pytest
from crm_robots.pages.choice import html
from crm_robots.pages.choice.answers import ASK, TAKEN, UNCLEAR, UNKNOWN, ChoicePage
from crm_robots.pages.waiting import Patience
from crm_robots.robots.conversion.choice import CHOSEN, LAPSED, OVERTAKEN, REPLACED
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.shared.events import CrmEvent

from tests.support.conversion import INDIVIDUAL, INN, LEGAL, make_lead, phone, rows, win
from tests.support.world import EXAMPLE, World, new_world

ROBOTS = {"conversion": ConversionRobot}


@pytest.fixture
def world():
    for one in new_world(ROBOTS):
        one.publish(EXAMPLE.read_text().replace("ambiguous: best", "ambiguous: ask"))
        yield one


class WorldsInbox:
    """Puts answers into the world's queue."""

    def __init__(self, world: World) -> None:
        self._world = world

    def put(self, robots, event, name):
        for robot in robots:
            self._world.queue(robot, CrmEvent(**event))


def page(world: World) -> ChoicePage:
    ticks = iter(range(100))
    return ChoicePage(world.tools.memory, WorldsInbox(world), Patience(lambda _: world.settle(), lambda: next(ticks)))


def links(world: World, person: str = "Петров"):
    texts = [one["text"] for one in world.portal.news.notifications(world.office.users[person])]
    return [found for text in texts for found in re.findall(r"/choice/([\w-]+)", text)]


def now(world: World) -> float:
    return world.portal.clock.now().timestamp()


def two_of_them(world: World):
    person = world.person("Петров")
    first = person.create("contact", name="Анна", lastName="Орлова", fm=[phone("+79161234567")])
    second = person.create("contact", name="Анна <b>", fm=[phone("89161234567")])
    person.create("deal", title="Тюль", contactIds=[second])
    return first, second


def test_c13_nothing_is_linked_until_somebody_chose_and_a_won_lead_waits(world):
    first, second = two_of_them(world)
    lead = make_lead(world, **INDIVIDUAL)
    win(world, lead)
    world.settle()

    assert world.person("Петров").read("lead", lead)["contactIds"] == []
    assert len(rows(world, "deal")) == 1
    (token,) = links(world)
    shown = page(world).show(token, now(world))
    assert shown.state == ASK
    assert [(one.id, one.open_deals) for one in shown.choice.candidates] == [(second, 1), (first, 0)]
    assert "Петров" in shown.choice.candidates[0].responsible

    world.person("Петров").update("lead", lead, comments="!")
    world.settle()
    assert links(world) == [token]

    ended = page(world).answer(token, str(first), now(world))
    assert (ended.state, html.status_of(ended)) == (CHOSEN, 200)
    world.settle()
    deal = rows(world, "deal")[-1]
    assert (deal["contactIds"], deal["leadId"]) == ([first], lead)
    assert len(rows(world, "contact")) == 2

    again = page(world).answer(token, str(second), now(world))
    assert (again.state, html.status_of(again)) == (CHOSEN, 410)


def test_c13_none_of_these_makes_a_new_card(world):
    two_of_them(world)
    lead = make_lead(world)
    world.settle()
    page(world).answer(links(world)[0], "0", now(world))
    world.settle()

    assert len(rows(world, "contact")) == 3
    assert world.person("Петров").read("lead", lead)["contactIds"] == [rows(world, "contact")[-1]["id"]]


def test_c13_companies_of_one_inn_are_asked_about_as_well(world):
    person = world.person("Петров")
    companies = [person.create("company", title=title) for title in ("Сбер", "Сбербанк")]
    for number in companies:
        owner = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": number, "PRESET_ID": 1, "NAME": "x"}
        world.portal.requisites.add(1, owner | {"RQ_INN": INN})
    lead = make_lead(world, **LEGAL)
    world.settle()
    (token,) = links(world)
    assert page(world).show(token, now(world)).choice.kind == "company"

    page(world).answer(token, str(companies[1]), now(world))
    world.settle()
    assert world.person("Петров").read("lead", lead)["companyId"] == companies[1]
    assert len(rows(world, "company")) == 2


def test_c13_a_link_lapses_and_a_card_that_is_linked_by_hand_ends_the_question(world):
    first, _ = two_of_them(world)
    lead = make_lead(world)
    world.settle()
    (token,) = links(world)
    late = now(world) + 25 * 3600

    assert page(world).show(token, late).state == LAPSED
    assert page(world).answer(token, "77", now(world)).state == UNCLEAR
    assert page(world).show(token + "x", now(world)).state == UNKNOWN

    world.person("Петров").update("lead", lead, contactIds=[first])
    world.settle()
    assert page(world).show(token, now(world)).state == OVERTAKEN


def test_c13_one_that_lapsed_is_asked_anew_with_the_leads_next_change(world):
    """C13: the lead waits on, so somebody has to be able to answer; the old link says why it does not work."""
    two_of_them(world)
    lead = make_lead(world)
    world.settle()
    (first,) = links(world)
    world.portal.clock.advance(timedelta(hours=25))
    world.settle()
    assert links(world) == [first]

    world.person("Петров").update("lead", lead, comments="!")
    world.settle()
    world.person("Петров").update("lead", lead, comments="?")
    world.settle()
    _, second = links(world)
    old = page(world).show(first, now(world))
    assert (old.state, html.status_of(old)) == (LAPSED, 410)
    assert page(world).show(second, now(world)).state == ASK


def test_c13_another_card_that_fits_is_another_question(world):
    two_of_them(world)
    lead = make_lead(world)
    world.settle()
    third = world.person("Петров").create("contact", name="Анна", fm=[phone("+7 916 123 45 67")])
    world.person("Петров").update("lead", lead, comments="!")
    world.settle()

    first, second = links(world)
    old = page(world).show(first, now(world))
    assert (old.state, html.status_of(old)) == (REPLACED, 410)
    assert third in page(world).show(second, now(world)).choice.ids


@pytest.mark.parametrize("language", ["ru", "en"])
def test_c13_the_page_shows_enough_to_choose_and_escapes_it(world, language):
    two_of_them(world)
    make_lead(world)
    world.settle()
    shown = page(world).show(links(world)[0], now(world))
    text = html.render(shown, language, "https://portal/lead")

    assert "Анна &lt;b&gt;" in text
    assert "+7916" not in text
    assert text.count("<button") == 3
    assert ("12.01.2026" if language == "ru" else "2026-01-12") in text
    for state in (TAKEN, CHOSEN, OVERTAKEN, REPLACED, LAPSED, UNKNOWN, UNCLEAR, "broken"):
        assert "<h1>" in html.render(type(shown)(state), language)


def test_c3_without_asking_the_one_touched_last_is_taken_among_equals():
    for world in new_world(ROBOTS):
        world.publish(EXAMPLE.read_text())
        person = world.person("Петров")
        person.create("contact", name="Анна", fm=[phone("+79161234567")])
        world.portal.clock.advance(timedelta(hours=1))
        second = person.create("contact", name="Анна", fm=[phone("89161234567")])
        lead = make_lead(world)
        world.settle()

        assert world.person("Петров").read("lead", lead)["contactIds"] == [second]
