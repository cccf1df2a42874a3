"""L5: which clients the robots leave alone, and how the settings say so."""

import msgspec
import pytest
from crm_robots.robots.client_status.rules import ClientStatusRules, DeskRules, Snooze
from crm_robots.settings.publish import publish
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.stop_list import Mark, StopList, stopped

from tests.support.settings_portal import Portal, example, make_desk

TARGET = "UF_CRM_TARGET_CLIENT"
NO = Mark(TARGET, "Целевой клиент", (52,), {"51": "ДА", "52": "НЕТ"})
LIST = StopList({"contact": (NO,)})


def card(kind: str = "contact", **fields) -> Item:
    return Item(ItemRef(kind, 4), fields)


@pytest.mark.parametrize("value", [52, "52", [52], ["52"]])
def test_l5_a_marked_card_is_stopped_and_the_reason_is_in_words(value):
    assert stopped(card(**{TARGET: value}), LIST) == "Целевой клиент — НЕТ"


@pytest.mark.parametrize("value", [51, None, "", [], [51]])
def test_l5_any_other_value_stops_nobody(value):
    assert stopped(card(**{TARGET: value}), LIST) == ""


def test_l5_a_kind_of_card_without_the_field_is_never_stopped():
    assert stopped(card("company", **{TARGET: 52}), LIST) == ""


def test_l5_of_several_fields_all_must_hold_and_of_several_values_any():
    both = StopList({"contact": (NO, Mark("UF_CRM_PART", "Участие", (1, 2), {"1": "Тендер", "2": "Дилер"}))})

    assert stopped(card(**{TARGET: 52}), both) == ""
    assert stopped(card(**{TARGET: 52, "UF_CRM_PART": 2}), both) == "Целевой клиент — НЕТ, Участие — Дилер"


def test_l5_without_a_stop_list_nobody_is_stopped():
    assert stopped(card(**{TARGET: 52}), StopList()) == ""


def compiled(dynamodb, old: str, new: str):
    portal = Portal()
    desk = make_desk(dynamodb, portal)
    text = example()["client_status"]
    assert old in text
    text = text.replace("due_field: null", "# due_field: null") if "due_field:" in new else text
    report = publish(example(client_status=text.replace(old, new)), desk, whole_file=True)
    rules = msgspec.json.decode(desk.table.load("client_status")["client_status"].rules, type=ClientStatusRules | None)
    return portal, rules, next(one for one in report.sections if one.section == "client_status")


def test_l5_the_file_names_field_and_item_and_only_the_kinds_that_have_the_field_count(dynamodb):
    _, rules, _ = compiled(dynamodb, "skip_when: {}", 'skip_when: {UF_CRM_TARGET_CLIENT: "НЕТ"}')

    assert list(rules.skip_when.marks) == ["contact"]
    mark = rules.skip_when.marks["contact"][0]
    assert [mark.words[str(value)] for value in mark.values] == ["НЕТ"]
    assert TARGET in rules.fields_of("contact")
    assert TARGET not in rules.fields_of("company")


def test_l5_a_field_that_no_tracked_card_has_is_refused_with_its_key(dynamodb):
    _, _, report = compiled(dynamodb, "skip_when: {}", "skip_when: {UF_CRM_TARGT_CLIENT: НЕТ}")

    assert [problem.key for problem in report.problems] == ["client_status.skip_when.UF_CRM_TARGT_CLIENT"]


def test_s8_s9_p10_the_fields_of_due_day_and_pause_are_made_on_every_tracked_kind(dynamodb):
    new = (
        "due_field: UF_CRM_DUE\n"
        "snooze: {until_field: UF_CRM_SNOOZE_UNTIL, reason_field: UF_CRM_SNOOZE_WHY, most_days: 60}"
    )
    portal, rules, _ = compiled(dynamodb, "snooze: null", new)

    made = {(kind, row["FIELD_NAME"]): row["USER_TYPE_ID"] for kind, rows in portal.user_fields.items() for row in rows}
    for kind in ("company", "contact"):
        assert made[kind, "UF_CRM_DUE"] == made[kind, "UF_CRM_SNOOZE_UNTIL"] == "date"
        assert made[kind, "UF_CRM_SNOOZE_WHY"] == "string"
    assert (rules.due_field, rules.snooze) == ("UF_CRM_DUE", Snooze("UF_CRM_SNOOZE_UNTIL", "UF_CRM_SNOOZE_WHY", 60))


def test_p9_the_desk_is_for_heads_or_for_people_in_either_form(dynamodb):
    _, rules, _ = compiled(
        dynamodb, "desk: {weekday: monday, to: heads, days: 7}", "desk: {weekday: friday, to: [{user: 2}, 1], days: 3}"
    )

    assert rules.desk == DeskRules(4, (2, 1), 3)
