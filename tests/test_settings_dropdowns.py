"""P7, P9: items of dropdowns are renamed and removed; people and departments are named in either form."""

import pytest
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.robots.qualification.robot import QualificationRobot

from tests.support.world import new_world

PORTAL = "portal: {admins: [admin@example.ru]}\n"
FILE = (
    PORTAL
    + """
lost_deal:
  rules:
    - {stages: [Сделка успешна], contact: {UF_CRM_KIND: "ДА"}}
  fields:
    UF_CRM_KIND: {label: Целевой, type: enumeration, values: ["ДА", "НЕТ"]RENAME}
"""
)


@pytest.fixture
def world():
    yield from new_world({"lost-deal": LostDealRobot})


def file(rename: str = "", values: str = '["ДА", "НЕТ"]') -> str:
    return FILE.replace("RENAME", f", rename: {rename}" if rename else "").replace('["ДА", "НЕТ"]', values)


def items(world) -> dict[str, int]:
    (field,) = [row for row in world.portal.tables.user_fields if row["FIELD_NAME"] == "UF_CRM_KIND"]
    return {item["value"]: int(item["id"]) for item in field["LIST"]}


def section(report):
    return next(one for one in report.sections if one.section == "lost_deal")


def test_p7_a_renamed_item_keeps_its_id_and_publishing_again_changes_nothing(world):
    world.publish(file())
    before = items(world)

    report = world.publish(file('{"Не целевой": "НЕТ"}', '["ДА", "Не целевой"]'))

    assert section(report).renamed == {"contact UF_CRM_KIND": ["НЕТ → Не целевой"]}
    assert items(world) == {"ДА": before["ДА"], "Не целевой": before["НЕТ"]}
    again = section(world.publish(file('{"Не целевой": "НЕТ"}', '["ДА", "Не целевой"]')))
    assert (again.status, again.renamed, again.added) == ("unchanged", {}, {})


@pytest.mark.parametrize(
    ("rename", "values", "reason"),
    [
        ('{"Новый": "НЕТУ"}', '["ДА", "НЕТ", "Новый"]', "rename_neither"),
        ('{"ДА": "НЕТ"}', '["ДА"]', "rename_both"),
        ('{"Новый": "НЕТ"}', '["ДА", "НЕТ"]', "rename"),
    ],
)
def test_p7_a_rename_of_neither_or_of_both_is_refused(world, rename, values, reason):
    world.publish(file())

    (problem,) = section(world.publish(file(rename, values))).problems

    assert problem.reason == reason
    if reason == "rename_neither":
        assert problem.nearest == ("НЕТ",)


def test_p7_prune_removes_what_no_card_uses_and_names_what_cards_use(world):
    world.publish(file(values='["ДА", "НЕТ", "Редко", "Никогда"]'))
    person = world.person("Петров")
    person.create("contact", name="Анна", UF_CRM_KIND=items(world)["Редко"])

    report = section(world.publish(file(), prunes=True))

    assert report.pruned == {"contact UF_CRM_KIND": ["Никогда"]}
    assert report.in_use == {"contact UF_CRM_KIND": {"Редко": 1}}
    assert set(items(world)) == {"ДА", "НЕТ", "Редко"}


QUALIFICATION = (
    PORTAL.replace("admin@example.ru", "{user: admin@example.ru}")
    + """
qualification:
  direction_field: UF_CRM_D
  gate_stage: КП отправлено
  fields:
    UF_CRM_D: {label: Направление, type: enumeration, values: [Опт]}
  directions:
    Опт: {required: [], responsible: WHO}
"""
)


@pytest.mark.parametrize(
    "who", ["Оптовые продажи", "{department: Оптовые продажи}", "smirnov@example.ru", "{user: smirnov@example.ru}"]
)
def test_p9_a_plain_name_and_the_form_are_both_understood(who):
    for world in new_world({"qualification": QualificationRobot}):
        report = world.publish(QUALIFICATION.replace("WHO", who))

        assert [problem for one in report.sections for problem in one.problems] == []
