"""The qualification robot on the sandbox portal: published settings, real webhooks, real requests."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from crm_robots.pages.consent.answers import Confirmation, Shown
from crm_robots.pages.waiting import Patience
from crm_robots.portal.errors import Busy
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.tokens import digest_of

from tests.support.world import EXAMPLE, World, everywhere, new_world

ROBOTS = {"qualification": QualificationRobot}
SEWING = {"UF_CRM_DIRECTION": "Швейное предприятие"}
FULL = {**SEWING, "UF_CRM_VOLUME": "до 500 изделий в месяц", "UF_CRM_PRODUCTS": ["Трикотаж"]}
WHOLESALE = {"UF_CRM_DIRECTION": "Оптовик", "UF_CRM_AVG_ORDER": "до 50 000 ₽"}


@pytest.fixture
def world() -> Iterator[World]:
    for one in new_world(ROBOTS):
        one.publish()
        yield one


def published(world: World, old: str, new: str) -> None:
    text = EXAMPLE.read_text()
    assert old in text
    world.publish(text.replace(old, new))


def lead_of(world: World, number: int) -> Mapping[str, Any]:
    row: Mapping[str, Any] = world.person("Смирнов").read("lead", number)
    return row


def open_todos(world: World, number: int) -> list[str]:
    return [row["SUBJECT"] for row in world.portal.activities.todos(1, number) if row["COMPLETED"] != "Y"]


def link_of(world: World, number: int) -> str:
    """The token in the newest link of the timeline."""
    linked = [text for text in world.comments("lead", number) if "/confirm/" in text]
    return linked[-1].partition("/confirm/")[2].partition("]")[0]


class Mailbox:
    """The way into the queue: `put` as `Inbox` has it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seen: set[str] = set()

    def put(self, robots: list[str], message: dict[str, Any], request_id: str) -> None:
        if request_id not in self.seen:  # a FIFO queue takes an answer once
            self.seen.add(request_id)
            self.world.queue(robots[0], msgspec.convert(message, CrmEvent))


class Page:
    """A person at the page; while it waits, the robot works."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.confirmation = Confirmation(
            world.tools.memory, Mailbox(world), Patience(lambda seconds: world.settle() and None, self._ticks)
        )
        self._seconds = 0.0

    def _ticks(self) -> float:
        self._seconds += 1
        return self._seconds

    @property
    def now(self) -> float:
        return self.world.portal.clock.now().timestamp()

    def show(self, token: str) -> Shown:
        return self.confirmation.show(token, self.now)

    def answer(self, token: str, choice: str) -> str:
        return self.confirmation.answer(token, choice, self.now).state


def test_q3_q4_a_lead_is_sent_back_filled_and_passes(world):
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Шьём", **SEWING)
    world.settle()
    manager.move("lead", lead, "В работе")
    manager.move("lead", lead, "Квалификация пройдена")
    world.settle()
    assert lead_of(world, lead)["stageId"] == "IN_PROCESS"
    assert open_todos(world, lead) == ["Заполнить: Объёмы производства, Что именно шьют"]
    offered, told = world.comments("lead", lead)
    assert "Заполнить на странице" in offered
    assert told.endswith("• Объёмы производства\n• Что именно шьют")

    manager.update("lead", lead, **FULL)
    manager.move("lead", lead, "Переговоры")
    world.settle()
    assert lead_of(world, lead)["stageId"] == "NEGOTIATION"
    assert open_todos(world, lead) == []
    assert world.comments("lead", lead)[2].endswith("Все обязательные поля заполнены.")


def test_q3_a_lead_that_nobody_told_us_of_goes_back_by_the_portals_history(world):
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Шьём", stageId="ASSIGNED", **SEWING)
    for stage in ("VISIT", "JUNK", "OFFER"):
        manager.update("lead", lead, stageId=stage)
    world.settle()
    assert lead_of(world, lead)["stageId"] == "VISIT"


def test_q3_f1_a_history_that_the_portal_cannot_tell_just_now_is_asked_for_again(world):
    """Q3, F1: the lead goes back to where it stood, not to where a hiccup let us believe."""
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Шьём", stageId="ASSIGNED", **SEWING)
    manager.update("lead", lead, stageId="OFFER")
    world.portal.faults.add("internal", "crm.stagehistory.list", times=1, inner=True)

    world.settle()

    assert lead_of(world, lead)["stageId"] == "ASSIGNED"


def test_q3_the_portal_refuses_the_move(world):
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Шьём", stageId="NEW", **SEWING)
    world.settle()
    world.portal.faults.add("empty_code", "crm.item.update", times=1, inner=True)
    manager.move("lead", lead, "Квалификация пройдена")
    world.settle()
    assert lead_of(world, lead)["stageId"] == "QUALIFIED"
    _, told = world.comments("lead", lead)
    assert "портал отказал: Access denied." in told
    assert len(open_todos(world, lead)) == 1

    manager.update("lead", lead, comments="звонил")
    world.settle()
    assert lead_of(world, lead)["stageId"] == "NEW"
    assert len(world.comments("lead", lead)) == 2


@pytest.mark.parametrize("robot", ["qualification", "conversion"])
def test_q3_q4_a_move_that_is_refused_at_every_change_is_told_of_once(robot):
    """Q3, Q4: the same gaps are not announced twice, also while the portal goes on refusing."""
    for world in new_world({robot: {**ROBOTS, "conversion": ConversionRobot}[robot]}):
        world.publish(EXAMPLE.read_text())  # makes all fields
        world.publish()
        manager = world.person("Смирнов")
        lead = manager.create("lead", title="Шьём", stageId="ASSIGNED")
        world.settle()
        fault = world.portal.faults.add("empty_code", "crm.item.update", times=None, inner=True)
        for change in ({"stageId": "OFFER"}, {"comments": "звонил"}, {"companyTitle": "Нить"}):
            manager.update("lead", lead, **change)
            world.settle()
            assert lead_of(world, lead)["stageId"] == "OFFER"
        (told,) = world.comments("lead", lead)
        assert "портал отказал: Access denied." in told
        assert len(open_todos(world, lead)) == 1

        world.portal.faults.remove(fault)
        manager.update("lead", lead, comments="исправили")
        world.settle()
        assert lead_of(world, lead)["stageId"] == "ASSIGNED"
        assert world.comments("lead", lead) == [told]


def test_q2_standard_fields_may_be_required(world):
    published(world, "required_always: []", "required_always: [NAME, PHONE|EMAIL, COMPANY_TITLE]")
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Х", stageId="NEW", UF_CRM_DIRECTION="Физические лица", name="Анна")
    world.settle()
    manager.move("lead", lead, "Квалификация пройдена")
    world.settle()
    assert "• Телефон или E-mail\n• " in world.comments("lead", lead)[0]
    manager.update("lead", lead, fm=[{"typeId": "EMAIL", "value": "a@example.ru"}], companyTitle="Нить")
    world.settle()
    assert world.comments("lead", lead)[-1].endswith("Все обязательные поля заполнены.")


def test_q5_an_item_added_after_publishing_is_told_by_its_name(world):
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Шьём", **FULL | {"UF_CRM_VOLUME": ""})
    world.settle()
    field = next(one for one in world.portal.tables.user_fields if one["FIELD_NAME"] == "UF_CRM_VOLUME")
    world.tools.portal.call(
        "crm.lead.userfield.update", {"id": field["id"], "fields": {"LIST": [{"VALUE": "сколько угодно"}]}}
    )
    manager.update("lead", lead, UF_CRM_VOLUME="сколько угодно")
    world.settle()
    assert "Объёмы производства: не заполнено → сколько угодно" in world.comments("lead", lead)[-1]


def test_q5_linked_cards_and_items_of_dictionaries_have_names(world):
    """Q5: in words, whatever the field's type: the client's name, the dictionary's item."""
    for code, kind, label, settings in (
        ("UF_CRM_PARTNER", "crm", "Партнёр", {"CONTACT": "Y", "COMPANY": "Y"}),
        ("UF_CRM_ONLY_COMPANY", "crm", "Склад", {"COMPANY": "Y", "CONTACT": "N"}),
        ("UF_CRM_FOUND_BY", "crm_status", "Откуда узнал", {"ENTITY_TYPE": "SOURCE"}),
    ):
        given = {"FIELD_NAME": code, "USER_TYPE_ID": kind, "EDIT_FORM_LABEL": {"ru": label}, "SETTINGS": settings}
        world.tools.portal.call("crm.lead.userfield.add", {"fields": given})
    always = "[UF_CRM_PARTNER, UF_CRM_ONLY_COMPANY, UF_CRM_FOUND_BY, SOURCE_ID]"
    published(world, "required_always: []", f"required_always: {always}")
    manager = world.person("Смирнов")
    contact = manager.create("contact", name="Анна", lastName="Орлова")
    company = manager.create("company", title="ООО «Нить»")
    lead = manager.create("lead", title="Шьём", sourceId="CALL", **SEWING)
    world.settle()
    linked = {"UF_CRM_PARTNER": f"C_{contact}", "UF_CRM_ONLY_COMPANY": str(company), "UF_CRM_FOUND_BY": "CALL"}
    manager.update("lead", lead, sourceId="WEB", **linked)
    world.settle()
    manager.update("lead", lead, UF_CRM_PARTNER=f"CO_{company}", UF_CRM_ONLY_COMPANY="99")
    world.settle()

    _, first, second = world.comments("lead", lead)
    assert "• Партнёр: не заполнено → Анна Орлова\n" in first
    assert "• Склад: не заполнено → ООО «Нить»\n" in first
    assert "• Откуда узнал: не заполнено → Звонок\n" in first
    assert "• Источник: Звонок → Сайт" in first
    assert "• Партнёр: Анна Орлова → ООО «Нить»\n" in second
    assert "• Склад: ООО «Нить» → элемент CRM" in second


def change_a_confirmed_field(world: World) -> int:
    manager = world.person("Смирнов")
    number: int = manager.create("lead", title="Шьём", **FULL)
    world.settle()
    manager.update("lead", number, UF_CRM_VOLUME="более 5 000")
    world.settle()
    return number


def volume(world: World, number: int) -> str:
    field = next(one for one in world.portal.tables.user_fields if one["FIELD_NAME"] == "UF_CRM_VOLUME")
    words = {str(item["id"]): item["value"] for item in field["LIST"]}
    return words.get(str(lead_of(world, number)["UF_CRM_VOLUME"]), "")


def test_q7_confirmed_on_the_page(world):
    lead, page = change_a_confirmed_field(world), Page(world)
    token = link_of(world, lead)
    assert volume(world, lead) == "до 500 изделий в месяц"
    assert len(world.person("Смирнов").notifications()) == 1

    shown = page.show(token)
    assert (shown.state, shown.question.title) == ("ask", "Шьём")
    assert [(one.old, one.new) for one in shown.question.lines] == [("до 500 изделий в месяц", "более 5 000")]
    assert volume(world, lead) == "до 500 изделий в месяц"

    assert page.answer(token, "confirm") == "confirmed"
    assert volume(world, lead) == "более 5 000"
    assert world.comments("lead", lead)[-1].startswith("Изменение подтверждено")
    assert page.answer(token, "decline") == "confirmed"
    assert volume(world, lead) == "более 5 000"
    assert len(world.comments("lead", lead)) == 2


def test_q7_a_used_link_still_tells_the_lead_and_the_change(world):
    lead, page = change_a_confirmed_field(world), Page(world)
    token = link_of(world, lead)
    page.answer(token, "decline")
    world.person("Смирнов").update("lead", lead, comments="звонил")
    world.settle()

    shown = page.show(token)
    assert shown.question is not None
    assert (shown.state, shown.question.title, shown.question.by) == ("declined", "Шьём", "Олег Смирнов")
    assert [(one.old, one.new) for one in shown.question.lines] == [("до 500 изделий в месяц", "более 5 000")]


def test_q7_only_the_answer_that_decided_is_told_so(world):
    """Q7: of two people who press different buttons, the second finds a link that was used."""
    lead, page = change_a_confirmed_field(world), Page(world)
    token = link_of(world, lead)
    assert not page.show(token).decides
    assert page.confirmation.answer(token, "confirm", page.now).decides
    assert not page.show(token).decides
    for choice in ("confirm", "decline"):
        assert not page.confirmation.answer(token, choice, page.now).decides


def test_q7_an_answer_that_lost_a_race_did_not_decide(world):
    """Q7: both saw the question; what the first one said counts, and the second one is told what that was."""
    lead, page = change_a_confirmed_field(world), Page(world)
    token, other = link_of(world, lead), Page(world)
    page.confirmation._patience.sleep = lambda seconds: other.answer(token, "decline") and None
    page.confirmation._inbox.put = lambda *message: None  # the queue took the other's first

    late = page.confirmation.answer(token, "confirm", page.now)

    assert (late.state, late.decides) == ("declined", False)


def test_q7_declined_on_the_page(world):
    lead, page = change_a_confirmed_field(world), Page(world)
    assert page.answer(link_of(world, lead), "decline") == "declined"
    assert volume(world, lead) == "до 500 изделий в месяц"
    assert world.comments("lead", lead)[-1].startswith("Изменение отклонено")
    assert page.show(link_of(world, lead)).state == "declined"


def test_q7_the_emptied_multiple_dropdown_is_put_back_and_emptied_on_consent(world):
    manager, page = world.person("Смирнов"), Page(world)
    lead = manager.create("lead", title="Шьём", **FULL)
    world.settle()
    manager.update("lead", lead, UF_CRM_PRODUCTS=[])
    world.settle()
    assert len(lead_of(world, lead)["UF_CRM_PRODUCTS"]) == 1
    assert page.answer(link_of(world, lead), "confirm") == "confirmed"
    assert not lead_of(world, lead)["UF_CRM_PRODUCTS"]


def test_q7_a_second_change_makes_the_first_link_void(world):
    lead, page = change_a_confirmed_field(world), Page(world)
    first = link_of(world, lead)
    world.person("Смирнов").update("lead", lead, UF_CRM_VOLUME="500 – 5 000")
    world.settle()
    assert page.answer(first, "confirm") == "replaced"
    assert volume(world, lead) == "до 500 изделий в месяц"
    assert page.answer(link_of(world, lead), "confirm") == "confirmed"
    assert volume(world, lead) == "500 – 5 000"


def test_q7_the_link_lapses_by_the_apis_clock(world):
    lead, page = change_a_confirmed_field(world), Page(world)
    world.portal.clock.advance(timedelta(hours=24))
    assert page.answer(link_of(world, lead), "confirm") == "lapsed"
    assert volume(world, lead) == "до 500 изделий в месяц"


def test_q7_the_link_lapses_by_an_event_of_the_lead(world):
    lead, page = change_a_confirmed_field(world), Page(world)
    page.confirmation.show(link_of(world, lead), page.now)
    world.portal.clock.advance(timedelta(hours=25))
    world.person("Смирнов").update("lead", lead, title="Шьём больше")
    world.settle()
    assert world.comments("lead", lead)[-1].startswith("Изменение не подтвердили вовремя")
    assert page.confirmation.show(link_of(world, lead), page.now - 25 * 3600).state == "lapsed"


@pytest.mark.parametrize("token", ["", "1", "1-", "1-short", "99-" + "x" * 32, "1-" + "x" * 32, "../1-" + "x" * 32])
def test_q7_a_guessed_link_leads_nowhere(world, token):
    change_a_confirmed_field(world)
    assert Page(world).answer(token, "confirm") == "unknown"


def test_q7_an_unclear_answer_changes_nothing(world):
    lead, page = change_a_confirmed_field(world), Page(world)
    assert page.answer(link_of(world, lead), "maybe") == "ask"
    assert page.show(link_of(world, lead)).state == "ask"


def test_f3_the_lead_was_deleted_meanwhile(world):
    lead, page = change_a_confirmed_field(world), Page(world)
    token = link_of(world, lead)
    world.person("Смирнов").delete("lead", lead)
    world.portal.sent.clear()
    world.portal.deliver()
    world.portal.sent.clear()
    assert page.answer(token, "confirm") == "gone"


def test_f3_a_deleted_lead_ends_quietly(world):
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Шьём", **SEWING)
    world.settle()
    manager.move("lead", lead, "Квалификация пройдена")
    manager.delete("lead", lead)
    world.settle()


def test_q7_the_portal_is_down_and_the_answer_waits(world):
    lead, page = change_a_confirmed_field(world), Page(world)
    fault = world.portal.faults.add("html_502", times=None)

    def wait(seconds: float) -> None:
        with suppress(Busy):  # what the pipeline puts back into the queue
            world.work()

    page.confirmation._patience.sleep = wait
    assert page.answer(link_of(world, lead), "confirm") == "taken"
    world.portal.faults.remove(fault)
    world.settle()
    assert volume(world, lead) == "более 5 000"
    assert page.show(link_of(world, lead)).state == "confirmed"


def test_q8_leads_are_shared_out_by_open_leads_and_turns(world):
    manager = world.person("Волкова")
    leads = [manager.create("lead", title=f"Опт {number}", **WHOLESALE) for number in range(6)]
    world.settle()
    got = [lead_of(world, lead)["assignedById"] for lead in leads]
    assert sorted(got) == sorted(2 * [world.office.users[name] for name in ("Петров", "Кузнецова", "Смирнов")])
    assert "Ответственный теперь" in world.comments("lead", leads[0])[0]


def test_q8_someone_busy_is_spared(world):
    for name in ("Петров", "Кузнецова"):
        world.person(name).create("lead", title="Занят", stageId="NEW")
    lead = world.person("Волкова").create("lead", title="Опт", **WHOLESALE)
    world.settle()
    assert lead_of(world, lead)["assignedById"] == world.office.users["Смирнов"]


@pytest.mark.parametrize("by_chart", [False, True])
@pytest.mark.parametrize("skips", [True, False])
def test_s11_q8_people_on_leave_get_no_leads(world, by_chart, skips):
    """S11: by the calendar or the absence chart; with `routing.skip_absent: false` they take part like all others."""
    if not skips:
        text = EXAMPLE.read_text()
        world.publish(text.replace("skip_absent: true", "skip_absent: false").partition("\nlost_deal:")[0])
    now = world.portal.clock.now()
    away = world.portal.people.on_leave if by_chart else world.portal.people.absent
    for name in ("Петров", "Смирнов"):
        away(world.office.users[name], now - timedelta(days=1), now + timedelta(days=2))
    leads = [world.person("Волкова").create("lead", title=f"Опт {number}", **WHOLESALE) for number in range(3)]
    before = world.requests
    world.work()

    assert world.requests - before == 2
    world.settle()
    got = {lead_of(world, lead)["assignedById"] for lead in leads}
    assert (got == {world.office.users["Кузнецова"]}) is skips


def test_q8_a_direction_that_changes_to_another_team_is_counted_too(world):
    manager = world.person("Волкова")
    lead = manager.create("lead", title="Х", UF_CRM_DIRECTION="Физические лица", UF_CRM_AVG_ORDER="до 50 000 ₽")
    world.settle()
    manager.update("lead", lead, UF_CRM_DIRECTION="Оптовик")
    world.settle()
    assert lead_of(world, lead)["assignedById"] != world.office.users["Волкова"]


def requests(world: World) -> int:
    before = world.requests
    world.work()
    return world.requests - before


def test_section_9_one_request_when_nothing_changes_two_when_something_does(world):
    manager = world.person("Волкова")
    warm = manager.create("lead", title="Первый", UF_CRM_DIRECTION="Физические лица")
    world.settle()
    manager.update("lead", warm, title="Второй")
    assert requests(world) == 1
    lead = manager.create("lead", title="Опт", stageId="NEW", UF_CRM_DIRECTION="Оптовик")
    assert requests(world) == 2  # it says what the direction asks for (Q10)
    manager.move("lead", lead, "Квалификация пройдена")
    assert requests(world) == 2
    assert requests(world) == 1
    manager.update("lead", lead, UF_CRM_AVG_ORDER="до 50 000 ₽")
    assert requests(world) == 2
    assert lead_of(world, lead)["assignedById"] != world.office.users["Волкова"]


def test_section_9_a_window_of_fifty_is_one_request(world):
    manager = world.person("Смирнов")
    leads = [manager.create("lead", title=f"Х {n}", UF_CRM_DIRECTION="Физические лица") for n in range(50)]
    world.settle()
    for lead in leads:
        manager.update("lead", lead, title="снова")
    assert requests(world) == 1


def story(world: World) -> None:
    """Sent back, filled, changed, confirmed; and one that goes to a team."""
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Шьём", stageId="IN_PROCESS", **SEWING)
    world.settle()
    manager.move("lead", lead, "Переговоры")
    world.settle()
    manager.update("lead", lead, **FULL)
    world.settle()
    manager.update("lead", lead, UF_CRM_VOLUME="более 5 000")
    world.settle()
    digest = digest_of(link_of(world, 1))
    received = world.portal.clock.now().timestamp()
    world.queue(
        "qualification",
        CrmEvent("CONFIRMATION", "lead:1", int(received), received, answer="confirm", question=digest),
    )
    world.settle()
    world.person("Волкова").create("lead", title="Опт", **WHOLESALE)
    world.settle()


def check(world: World) -> None:
    assert lead_of(world, 1)["stageId"] == "IN_PROCESS"
    assert volume(world, 1) == "более 5 000"
    assert open_todos(world, 1) == []
    assert len(world.portal.activities.todos(1, 1)) == 1
    assert [text.split("\n")[0].partition(":")[0] for text in world.comments("lead", 1)] == [
        "Для направления «Швейное предприятие» нужно заполнить",
        "Лид возвращён на стадию «В работе»",
        "Изменено",
        "Изменение ждёт подтверждения, пока возвращено прежнее значение",
        "Изменение подтверждено по ссылке",
    ]
    assert len(world.person("Смирнов").notifications()) == 2  # of the return, and the question
    team = [world.office.users[name] for name in ("Петров", "Кузнецова", "Смирнов")]
    assert lead_of(world, 2)["assignedById"] in team
    assert len(world.comments("lead", 2)) == 1


@pytest.mark.parametrize("cut", [False, True])
def test_f4_a_crash_or_a_cut_answer_anywhere_leaves_everything_exactly_once(cut):
    # Moments come in pairs, before and after a call: every third one hits both kinds.
    assert everywhere(ROBOTS, story, check, cut=cut, every=1 if cut else 3) >= 12
