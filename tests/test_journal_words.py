"""T1: the journal speaks in words, as they were then."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.robots.registry import ROBOTS as NAMES
from crm_robots.robots.why import why
from crm_robots.shared.people import Directory, User
from crm_robots.shared.plan import Cause
from crm_robots.shared.words.catalog import Catalog, FieldWords
from crm_robots.shared.words.causes import because
from crm_robots.shared.words.values import Words

from tests.support.conversion import INDIVIDUAL, email, make_lead, phone, rows, win
from tests.support.journal import journal, stored
from tests.support.world import EXAMPLE, World, new_world

KEYS = ["at", "item", "run", "robot", "rule", "field", "old", "new", "event"]
WORDS = ["card", "field_label", "old_text", "new_text", "why", "because"]
ROBOTS = Path(__file__).parents[1] / "layers" / "robots" / "crm_robots" / "robots"
_WRITE_UNIT = 1024


@pytest.fixture
def world() -> Iterator[World]:
    for one in new_world(
        {"conversion": ConversionRobot, "lost-deal": LostDealRobot, "client-status": ClientStatusRobot}
    ):
        one.publish(EXAMPLE.read_text())
        yield one


def converted(world: World) -> int:
    people = {"lastName": "Орлова", "assignedById": world.office.users["Волкова"]}
    lead = make_lead(
        world, title="Нитки", fm=[phone("8 916 123-45-67"), email("anna@example.ru")], **INDIVIDUAL, **people
    )
    world.settle()
    win(world, lead)
    world.settle()
    return lead


def test_t1_rows_have_exactly_these_keys_oldest_first(world):
    lead = converted(world)
    found = journal(world, f"lead:{lead}")

    assert all(list(row) == KEYS + WORDS for row in found)
    assert [row["at"] for row in found] == sorted(row["at"] for row in found)
    assert {row["run"] for row in found} == {""}


def test_t1_what_was_made_is_told_under_its_cause_and_under_itself(world):
    lead = converted(world)
    (deal,) = rows(world, "deal")
    (made,) = [row for row in journal(world, f"deal:{deal['id']}") if row["new"] == deal["id"] and not row["field"]]

    assert made in journal(world, f"lead:{lead}")
    assert made["new_text"] == f"Создана сделка «{deal['title']}», ответственный Игорь Петров"
    assert (made["field_label"], made["old_text"]) == (None, None)
    assert made["card"] == "Нитки"
    assert made["because"].startswith("Изменение карточки: Нитки (")


def test_t1_a_change_is_told_by_names_under_its_card_and_under_the_card_behind_it(world):
    petrov = world.person("Петров")
    contact = petrov.create("contact", name="Анна", lastName="Орлова")
    deal = petrov.create("deal", title="Ткань", contactId=contact)
    world.settle()
    petrov.update("deal", deal, stageId="NO_MONEY")
    world.settle()
    marked = [row for row in journal(world, f"contact:{contact}") if row["robot"] == "lost-deal" and row["field"]]

    assert marked
    assert all(row in journal(world, f"deal:{deal}") for row in marked)
    assert marked[0]["card"] == "Анна Орлова"
    assert marked[0]["field_label"] != marked[0]["field"]
    assert (marked[0]["old_text"], marked[0]["new_text"]) == ("не заполнено", "НЕТ")
    assert "Ткань" in marked[0]["because"]


def test_t1_later_renames_and_deletions_change_no_word(world):
    lead = converted(world)
    before = journal(world, f"lead:{lead}")
    world.portal.tables.users.get(world.office.users["Волкова"])["LAST_NAME"] = "Другая"
    world.person("Петров").delete("lead", lead)
    world.settle()

    assert journal(world, f"lead:{lead}")[: len(before)] == before


def test_t1_words_fit_into_the_write_unit_that_an_entry_costs_anyway(world):
    converted(world)
    sizes = [
        sum(len(name) + len(str(next(iter(value.values()))).encode()) for name, value in row.items())
        for row in stored(world)
    ]

    assert max(sizes) <= _WRITE_UNIT
    assert sum(sizes) / len(sizes) < 900


def test_t1_words_cost_the_portal_nothing(world):
    contact = world.person("Петров").create("contact", name="Анна", lastName="Орлова")
    world.settle()
    before = world.requests
    deal = world.person("Петров").create("deal", title="Ткань", contactId=contact)
    world.settle()

    named = ("crm.item.fields", "crm.status", "userfield")
    asked = [str(call["params"]) for call in world.portal.calls][-(world.requests - before) :]
    assert not [one for one in asked if any(word in one for word in named)]
    assert journal(world, f"deal:{deal}")


CATALOG = Catalog(
    "ru",
    "Europe/Moscow",
    {"company": {"UF_S": FieldWords("Статус клиента", "enumeration", {"28": "Горячий", "33": "Тёплый"})}},
    {"deal": {"C3:NEW": "Новая"}},
)
NAMES_THEN = Directory({4: User(4, "Дарья Волкова"), 8: User(8, "Елена Соколова")})
TELLER = Words(CATALOG, NAMES_THEN)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("UF_S", 28, "Горячий"),
        ("UF_S", ["28", "33"], "Горячий, Тёплый"),
        ("UF_S", 99, "удалённый пункт"),
        ("UF_S", None, "не заполнено"),
        ("ASSIGNED_BY_ID", "8", "Елена Соколова"),
        ("OPENED", "Y", "Y"),
        ("COMPANY_ID", 5, "Ромашка"),
        ("COMPANY_ID", 6, "Компания 6"),
    ],
)
def test_t1_values_by_their_names(field, value, text):
    assert TELLER.value("company", field, value, {"company:5": "Ромашка"}) == text


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (Cause("schedule", "company:5", 0, run="daily-2026-03-02"), "Ежедневный запуск за 02.03.2026"),
        (Cause("import", "company:5", 1772434800, run="import-1772434800"), "Импорт статусов 02.03.2026 10:00"),
        (Cause("ONCRMDEALUPDATE", "deal:7", 0, by=4), "Изменение карточки: Монтаж (Дарья Волкова)"),
        (Cause("ONCRMDEALADD", "deal:7", 0, by=4), "Новая карточка: Монтаж (Дарья Волкова)"),
        (Cause("ONVOXIMPLANTCALLEND", "activity:9", 0, by=8), "Звонок: Исходящий (Елена Соколова)"),
        (Cause("CONFIRMATION", "deal:7", 0, answer="confirm"), "Ответ на странице «подтвердить»: Монтаж"),
        (Cause("", "deal:8", 0), "Правило автоматизации: Сделка 8"),
        (Cause("SCHEDULE", "deal:7", 0), "Повторная проверка по расписанию: Монтаж"),
    ],
)
def test_t1_because_of_whose_change_which_call_which_run_whose_answer(cause, text):
    assert because(cause, TELLER, {"deal:7": "Монтаж", "activity:9": "Исходящий"}) == text


@pytest.mark.parametrize("robot", NAMES)
def test_t1_every_rule_has_a_sentence_in_both_languages(robot):
    folder = ROBOTS / robot.replace("-", "_")
    for path in folder.glob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            for word in call.keywords:
                if word.arg == "rule" and isinstance(word.value, ast.Constant) and word.value.value:
                    rule = word.value.value
                    sentences = {why(robot, rule, language) for language in ("ru", "en")}
                    assert len(sentences) == 2, f"{path.name}: {rule} has no sentence"
