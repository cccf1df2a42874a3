"""Q10 and Q11 on the sandbox portal: the offer in the timeline, the page, and what becomes of what people send."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

import msgspec
import pytest
from crm_robots.pages.form.answers import Forms, Shown
from crm_robots.pages.form.html import render
from crm_robots.pages.form.texts import status_of
from crm_robots.pages.waiting import Patience
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.robots.qualification.rules import Direction
from crm_robots.robots.qualification.words import Words
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import ItemRef
from msgspec.structs import replace

from tests.support import qualification as example
from tests.support.world import EXAMPLE, World, new_world

WHOLESALE = {"UF_CRM_DIRECTION": "Оптовик"}
MASTER = {"UF_CRM_DIRECTION": "Частный мастер"}
MATERIAL = "required: [UF_CRM_NOMENCLATURE, UF_CRM_REGULARITY, UF_CRM_MATERIAL]"


@pytest.fixture
def world() -> Iterator[World]:
    for one in new_world({"qualification": QualificationRobot}):
        one.publish()
        yield one


class Page:
    """A person at the page; while it waits, the robot works."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._numbers = count(1)
        ticks = count()
        self.forms = Forms(
            world.tools.memory,
            self,
            world.tools.settings,
            world.tools.directory,
            Patience(lambda seconds: world.settle() and None, lambda: next(ticks)),
        )

    def put(self, robots: list[str], message: dict, request_id: str) -> None:
        self.world.queue(robots[0], msgspec.convert(msgspec.json.decode(msgspec.json.encode(message)), CrmEvent))

    @property
    def now(self) -> float:
        return self.world.portal.clock.now().timestamp()

    def open(self, token: str) -> Shown:
        return self.forms.show(token, self.now)

    def send(self, token: str, **form: str | list[str]) -> Shown:
        lists = {code: [one] if isinstance(one, str) else one for code, one in form.items()}
        return self.forms.send(token, lists, f"sending-{next(self._numbers)}", self.now)


def links(world: World, number: int) -> list[str]:
    found = [re.search(r"/form/([\w-]+)", text) for text in world.comments("lead", number)]
    return [one[1] for one in found if one]


def lead_with(world: World, **fields: object) -> tuple[int, str]:
    number = world.person("Смирнов").create("lead", title="Нитки <b>оптом</b>", **fields)
    world.settle()
    return number, links(world, number)[-1]


def item(world: World, code: str, label: str) -> str:
    field = next(one for one in world.portal.tables.user_fields if one["FIELD_NAME"] == code)
    return next(str(one["id"]) for one in field["LIST"] if one["value"] == label)


def field(world: World, number: int, code: str) -> object:
    return world.person("Смирнов").read("lead", number)[code]


def html(shown: Shown) -> str:
    return render(shown, "ru", "https://acme.bitrix24.example/crm/lead/details/1/")


def published(world: World, *changes: tuple[str, str]) -> None:
    text = EXAMPLE.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    world.publish(text)


def test_q10_choosing_a_direction_offers_its_fields_once_for_good(world):
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Х")
    world.settle()
    assert world.comments("lead", lead) == []

    for direction in ("Оптовик", "Сеть магазинов", "Оптовик"):
        manager.update("lead", lead, UF_CRM_DIRECTION=direction)
        world.settle()

    told = world.comments("lead", lead)
    assert [text.count("Для направления «Оптовик» нужно заполнить:\n• Сумма среднего заказа") for text in told] == [
        1,
        0,
        0,
    ]
    assert "Для направления «Сеть магазинов» нужно заполнить:\n• Количество магазинов" in told[1]
    assert len(links(world, lead)) == 2
    assert "Ссылка действует 72 ч." in told[0]


def test_q10_offer_and_reminder_are_one_comment_at_the_gate(world):
    manager = world.person("Смирнов")
    lead = manager.create("lead", title="Х", stageId="NEW")
    world.settle()
    manager.update("lead", lead, stageId="QUALIFIED", **WHOLESALE)
    world.settle()

    (told,) = [text for text in world.comments("lead", lead) if "Сумма среднего заказа" in text]
    assert "Лид возвращён" in told
    assert "Заполнить на странице" in told


def test_q10_no_page_without_form_hours(world):
    published(world, ("form_hours: 72", "form_hours: null"))
    lead = world.person("Смирнов").create("lead", title="Х", **WHOLESALE)
    world.settle()

    assert ["/form/" in text for text in world.comments("lead", lead)] == [False]


def test_q10_closed_leads_are_offered_nothing(world):
    lead = world.person("Смирнов").create("lead", title="Х", stageId="JUNK", **WHOLESALE)
    world.settle()

    assert world.comments("lead", lead) == []


def test_q11_the_page_asks_exactly_for_what_is_missing_and_shows_no_client(world):
    _, token = lead_with(world, name="Анна", fm=[{"typeId": "PHONE", "value": "+79161234567"}], **MASTER)

    page = html(Page(world).open(token))

    assert "Нитки &lt;b&gt;оптом&lt;/b&gt;" in page
    assert re.findall(r'name="(UF_\w+)"', page).count("UF_CRM_REGULARITY") == 1
    assert set(re.findall(r'name="(\w+)"', page)) - {"viewport", "robots"} == {
        "UF_CRM_NOMENCLATURE",
        "UF_CRM_REGULARITY",
    }
    assert "Анна" not in page
    assert "9161234567" not in page


def test_q11_opening_changes_nothing_and_asks_the_portal_nothing(world):
    lead, token = lead_with(world, **WHOLESALE)
    before, rows = world.requests, world.comments("lead", lead)

    assert Page(world).open(token).state == Page(world).open(token).state == "fill"

    world.settle()
    assert world.requests == before
    assert world.comments("lead", lead) == rows


def test_q11_what_is_sent_is_written_with_a_comment_and_the_link_is_spent(world):
    lead, token = lead_with(world, **MASTER)
    page = Page(world)
    chosen = [item(world, "UF_CRM_NOMENCLATURE", one) for one in ("Нитки", "Ткани")]

    shown = page.send(token, UF_CRM_NOMENCLATURE=chosen)

    assert (shown.state, status_of(shown.state)) == ("written", 200)
    assert "Осталось заполнить:" in html(shown)
    assert [str(one) for one in field(world, lead, "UF_CRM_NOMENCLATURE")] == chosen
    assert world.comments("lead", lead)[-1] == ("Заполнено на странице:\n• Что интересует: не заполнено → Нитки, Ткани")

    done = page.send(token, UF_CRM_REGULARITY=item(world, "UF_CRM_REGULARITY", "Разовый"))
    assert done.state == "written"
    assert "<form" not in html(done)
    assert world.comments("lead", lead)[-1].startswith("Заполнено на странице:\n• Заказ разовый или регулярный")
    again = page.open(token)
    assert (again.state, status_of(again.state)) == ("full", 410)
    assert "Нитки" not in html(again)


def test_q4_q11_the_last_gap_filled_on_the_page_is_one_comment_and_closes_the_todo(world):
    manager = world.person("Смирнов")
    lead, token = lead_with(world, stageId="NEW", **MASTER)
    manager.move("lead", lead, "Квалификация пройдена")
    world.settle()
    Page(world).send(
        token,
        UF_CRM_REGULARITY=item(world, "UF_CRM_REGULARITY", "Разовый"),
        UF_CRM_NOMENCLATURE=[item(world, "UF_CRM_NOMENCLATURE", "Нитки")],
    )

    last = world.comments("lead", lead)[-1]
    assert last.startswith("Заполнено на странице:")
    assert last.endswith("Все обязательные поля заполнены.")
    assert [row["COMPLETED"] for row in world.portal.activities.todos(1, lead)] == ["Y"]


def test_q11_a_sending_costs_one_read_and_one_write(world):
    _, token = lead_with(world, **MASTER)
    before = world.requests

    Page(world).send(token, UF_CRM_REGULARITY=item(world, "UF_CRM_REGULARITY", "Разовый"))

    assert world.requests - before == 3  # read, written, and the echo of our own write


@pytest.mark.parametrize(
    ("stores", "area", "wrong"),
    [
        ("3,7", "120", {"UF_CRM_STORES": "Введите целое число, например 4."}),
        ("4", "много", {"UF_CRM_AREA": "Введите число, например 1 250,5."}),
        ("4", "1.2.3", {"UF_CRM_AREA": "Введите число, например 1 250,5."}),
    ],
)
def test_q11_a_wrong_value_is_refused_nothing_is_written_and_the_rest_stays(world, stores, area, wrong):
    lead, token = lead_with(world, UF_CRM_DIRECTION="Сеть магазинов")
    shown = Page(world).send(token, UF_CRM_STORES=stores, UF_CRM_AREA=area)

    assert (status_of(shown.state), shown.wrong) == (422, wrong)
    page = html(shown)
    assert f'value="{stores}"' in page
    assert f'value="{area}"' in page
    world.settle()
    assert not field(world, lead, "UF_CRM_STORES")
    assert len(world.comments("lead", lead)) == 1


def test_q11_a_decimal_comma_and_spaces_are_taken(world):
    lead, token = lead_with(world, UF_CRM_DIRECTION="Сеть магазинов")

    assert Page(world).send(token, UF_CRM_STORES="1 204", UF_CRM_AREA="12\u00a0500,75").state == "written"

    assert str(field(world, lead, "UF_CRM_STORES")) == "1204"
    assert float(str(field(world, lead, "UF_CRM_AREA"))) == 12500.75


def test_q11_a_forged_option_is_refused(world):
    lead, token = lead_with(world, **MASTER)
    shown = Page(world).send(
        token, UF_CRM_REGULARITY="99999", UF_CRM_NOMENCLATURE=[item(world, "UF_CRM_NOMENCLATURE", "Нитки")]
    )

    assert status_of(shown.state) == 422
    assert shown.wrong == {"UF_CRM_REGULARITY": "Выберите вариант из списка."}
    world.settle()
    assert not field(world, lead, "UF_CRM_NOMENCLATURE")


def test_q11_what_was_filled_meanwhile_keeps_its_value(world):
    """Q11: also where the page does not know of it yet."""
    lead, token = lead_with(world, UF_CRM_DIRECTION="Сеть магазинов")
    page = Page(world)
    world.person("Смирнов").update("lead", lead, UF_CRM_STORES=7)  # its event is still on its way

    shown = page.send(token, UF_CRM_STORES="9", UF_CRM_AREA="10")

    assert shown.state == "written"
    assert str(field(world, lead, "UF_CRM_STORES")) == "7"
    assert float(str(field(world, lead, "UF_CRM_AREA"))) == 10


def test_q11_fields_that_were_not_asked_are_ignored(world):
    lead, token = lead_with(world, **WHOLESALE)
    amount = item(world, "UF_CRM_AVG_ORDER", "до 50 000 ₽")

    shown = Page(world).send(token, UF_CRM_AVG_ORDER=amount, UF_CRM_STORES="4", TITLE="Взлом", ASSIGNED_BY_ID="1")

    assert shown.state == "written"
    assert not field(world, lead, "UF_CRM_STORES")
    assert field(world, lead, "title") == "Нитки <b>оптом</b>"


def test_q11_an_empty_form_is_sent_back(world):
    _, token = lead_with(world, **WHOLESALE)

    assert status_of(Page(world).send(token, UF_CRM_AVG_ORDER=" ").state) == 422


def test_q11_the_link_lapses_after_form_hours_and_names_nobody(world):
    _, token = lead_with(world, **WHOLESALE)
    world.portal.clock.advance(timedelta(hours=73))
    shown = Page(world).open(token)

    assert (shown.state, status_of(shown.state)) == ("lapsed", 410)
    assert "Нитки" not in html(shown)


def test_q11_the_link_lapses_by_an_event_of_the_portals_clock(world):
    lead, token = lead_with(world, **WHOLESALE)
    page = Page(world)
    early = page.now
    world.portal.clock.advance(timedelta(hours=73))
    world.person("Смирнов").update("lead", lead, title="Позже")
    world.settle()

    assert page.forms.show(token, early).state == "lapsed"


@pytest.mark.parametrize(
    "token", ["", "1", "1-short", "99-" + "x" * 32, "1-" + "x" * 32, "d1-" + "x" * 32, "../1-" + "x" * 32]
)
def test_q11_a_guessed_link_leads_nowhere(world, token):
    lead_with(world, **WHOLESALE)
    shown = Page(world).open(token)

    assert (shown.state, status_of(shown.state)) == ("unknown", 404)
    assert "Нитки" not in html(shown)


def test_q11_a_deleted_lead_has_no_page(world):
    lead, token = lead_with(world, **WHOLESALE)
    world.person("Смирнов").delete("lead", lead)
    world.settle()

    assert Page(world).open(token).state == "unknown"


def test_q11_a_link_of_another_direction_asks_for_the_fields_of_today(world):
    lead, token = lead_with(world, **WHOLESALE)
    world.person("Смирнов").update("lead", lead, UF_CRM_DIRECTION="Сеть магазинов")
    world.settle()

    page = html(Page(world).open(token))

    assert "UF_CRM_STORES" in page
    assert "UF_CRM_AVG_ORDER" not in page


def test_q11_the_portal_refuses_what_was_sent(world):
    lead, token = lead_with(world, **WHOLESALE)
    world.portal.faults.add("empty_code", "crm.item.update", times=1, inner=True)

    shown = Page(world).send(token, UF_CRM_AVG_ORDER=item(world, "UF_CRM_AVG_ORDER", "до 50 000 ₽"))

    assert shown.state == "refused"
    assert "портал отказал: Access denied." in world.comments("lead", lead)[-1]
    assert Page(world).open(token).state == "fill"


def test_q11_the_portal_is_down_and_the_answers_wait(world):
    lead, token = lead_with(world, **WHOLESALE)
    fault = world.portal.faults.add("html_502", times=None)
    page = Page(world)
    page.forms._patience.sleep = lambda seconds: world.work() and None

    shown = page.send(token, UF_CRM_AVG_ORDER=item(world, "UF_CRM_AVG_ORDER", "до 50 000 ₽"))

    assert (shown.state, status_of(shown.state)) == ("taken", 200)
    world.portal.faults.remove(fault)
    world.settle()
    assert field(world, lead, "UF_CRM_AVG_ORDER")


def test_q12_the_page_groups_options_by_parent_and_refuses_what_does_not_fit(world):
    published(world, ("required: [UF_CRM_NOMENCLATURE, UF_CRM_REGULARITY]", MATERIAL))
    lead, token = lead_with(world, **MASTER)
    page = Page(world)

    shown = page.open(token)
    assert re.findall(r'<optgroup label="(\w+)">', html(shown)) == ["Фурнитура", "Нитки", "Ткани"]

    threads = [item(world, "UF_CRM_NOMENCLATURE", "Нитки")]
    zips = item(world, "UF_CRM_MATERIAL", "Молнии")
    wrong = page.send(token, UF_CRM_NOMENCLATURE=threads, UF_CRM_MATERIAL=zips)
    assert wrong.wrong == {"UF_CRM_MATERIAL": "«Молнии» не относится к «Нитки»"}
    assert f'<option value="{zips}" selected>' in html(wrong)

    page.send(token, UF_CRM_NOMENCLATURE=threads)
    assert re.findall(r'<optgroup label="(\w+)">', html(page.open(token))) == ["Нитки"]
    sewing = item(world, "UF_CRM_MATERIAL", "Швейные нитки")
    assert page.send(token, UF_CRM_MATERIAL=sewing).state == "written"
    assert str(field(world, lead, "UF_CRM_MATERIAL")) == sewing


def test_q12_items_that_fit_stay_chosen_beside_one_that_does_not():
    interests, material = (replace(one, multiple=True) for one in example.LISTS)
    asks = {example.CHAIN: Direction("Сеть", ((example.MATERIAL,),))}
    rules = example.make_rules(looked_at=(*example.FIELDS, interests, material), directions=asks)
    chosen = {example.INTERESTS: (example.THREADS,), example.MATERIAL: ("61", "62")}
    words = Words(rules, "ru", ZoneInfo("Europe/Moscow"))
    shown = Shown("fill", ItemRef("lead", 1), "Сеть", {example.DIRECTION: example.CHAIN, **chosen}, words)

    assert re.findall(r'value="(\d+)" checked', html(shown)) == ["61"]
    assert "«Пуговицы» не относится к «Нитки»" in html(shown)


def test_q11_what_a_page_cannot_ask_is_named_with_a_link_to_the_card(world):
    given = {"FIELD_NAME": "UF_CRM_SCAN", "USER_TYPE_ID": "file", "EDIT_FORM_LABEL": {"ru": "Скан договора"}}
    world.tools.portal.call("crm.lead.userfield.add", {"fields": given})
    published(world, ("required_always: []", "required_always: [UF_CRM_SCAN, PHONE|EMAIL]"))
    _, token = lead_with(world, UF_CRM_DIRECTION="Физические лица")

    page = html(Page(world).open(token))

    assert "<li>Скан договора</li>" in page
    assert 'href="https://acme.bitrix24.example/crm/lead/details/1/"' in page
    assert "UF_CRM_SCAN" not in page
    assert "Достаточно одного" in page
    assert {'name="PHONE"', 'name="EMAIL"'} <= set(re.findall(r'name="\w+"', page))


def test_q11_either_of_two_fields_is_enough(world):
    published(world, ("required_always: []", "required_always: [PHONE|EMAIL]"))
    lead, token = lead_with(world, UF_CRM_DIRECTION="Физические лица")
    page = Page(world)

    assert page.send(token, EMAIL="не адрес").wrong == {"EMAIL": "Введите адрес, например name@example.ru."}
    assert page.send(token, EMAIL="a@example.ru").state == "written"
    assert page.open(token).state == "full"
    assert world.person("Смирнов").read("lead", lead)["fm"][0]["value"] == "a@example.ru"
