"""Q5 and Q6: what the timeline tells of changes."""

import pytest
from crm_robots.robots.qualification.decide import decide
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.rules import LeadField

from tests.support.qualification import (
    AREA,
    CHAIN,
    DIRECTION,
    FIELDS,
    INDIVIDUAL,
    ORDER_SIZE,
    PRODUCTS,
    SEWING,
    STORES,
    VOLUME,
    WHOLESALE,
    comments,
    make_case,
    make_lead,
    make_rules,
    remembered,
    seen,
)


def told(before, after, **case):
    surroundings = make_case(**case)
    memory = seen(make_lead(**before), case=surroundings)
    return comments(decide(make_lead(**after), memory, surroundings))


def test_q5_a_change_is_told_with_label_old_and_new_value():
    assert told({DIRECTION: INDIVIDUAL, VOLUME: 31}, {DIRECTION: INDIVIDUAL, VOLUME: "32"}) == [
        "Изменено:\n• Объёмы: до 500 → 500 – 5 000"
    ]


def test_q5_several_changes_make_one_comment():
    (text,) = told({DIRECTION: INDIVIDUAL, STORES: 3}, {DIRECTION: INDIVIDUAL, STORES: 0, PRODUCTS: [42, 41]})
    assert text == "Изменено:\n• Что шьют: не заполнено → Трикотаж, Спецодежда\n• Магазинов: 3 → 0"


def test_q5_the_first_sight_of_a_lead_is_no_change():
    assert told({}, {}) == []
    assert decide(make_lead(**{DIRECTION: INDIVIDUAL, VOLUME: 31}), LeadMemory(), make_case()).actions == ()


def test_q5_a_field_that_the_robot_begins_to_look_at_has_not_changed():
    memory = seen(make_lead(**{DIRECTION: INDIVIDUAL}), case=make_case(rules=make_rules(looked_at=FIELDS[:1])))
    assert decide(make_lead(**{DIRECTION: INDIVIDUAL, STORES: 3}), memory, make_case()).actions == ()


def test_q5_another_spelling_is_no_change():
    assert (
        told({DIRECTION: INDIVIDUAL, AREA: 120, PRODUCTS: []}, {DIRECTION: 11, AREA: "120.00", PRODUCTS: False}) == []
    )
    assert told({DIRECTION: INDIVIDUAL, VOLUME: 31}, {DIRECTION: INDIVIDUAL, VOLUME: [31]}) == []


def test_q5_the_order_of_texts_is_a_change_that_of_dropdown_items_is_none():
    """Q5: the first phone is the one that people call."""
    before = {DIRECTION: INDIVIDUAL, PRODUCTS: [41, 42], "PHONE": ("2", "1")}
    assert told(before, before | {PRODUCTS: ["42", "41"]}) == []
    assert told(before, before | {"PHONE": ("1", "2")}) == ["Изменено:\n• Телефон: 2, 1 → 1, 2"]


def test_q5_the_order_of_linked_cards_is_no_change():
    rules = make_rules(looked_at=(FIELDS[0], LeadField("UF_CRM_X", "Поле", "crm", True)))
    before = {DIRECTION: INDIVIDUAL, "UF_CRM_X": ["D_7", "C_3"]}
    assert told(before, before | {"UF_CRM_X": ["C_3", "D_7"]}, rules=rules) == []


def test_q5_items_that_were_added_after_publishing_have_names_too():
    (text,) = told({DIRECTION: INDIVIDUAL}, {DIRECTION: INDIVIDUAL, VOLUME: 39}, labels={VOLUME: {"39": "более 5 000"}})
    assert text.endswith("• Объёмы: не заполнено → более 5 000")


def test_q5_never_an_id_even_if_the_item_is_gone():
    (text,) = told({DIRECTION: INDIVIDUAL, VOLUME: 38}, {DIRECTION: INDIVIDUAL, VOLUME: 31})
    assert text.endswith("• Объёмы: удалённый пункт → до 500")


@pytest.mark.parametrize(
    ("kind", "raw", "russian", "english"),
    [
        ("boolean", "Y", "да", "yes"),
        ("boolean", "0", "нет", "no"),
        ("date", "2026-03-01T00:00:00+03:00", "01.03.2026", "2026-03-01"),
        ("datetime", "2026-03-01T06:30:00+00:00", "01.03.2026 09:30", "2026-03-01 09:30"),
        ("money", "100.50|RUB", "100.5 RUB", "100.5 RUB"),
        ("employee", 9, "Анна Орлова", "Анна Орлова"),
        ("employee", 77, "сотрудник, которого больше нет", "a person who is no longer there"),
        ("file", {"id": 5, "urlMachine": "secret"}, "файл", "a file"),
        ("crm", "D_7", "элемент CRM", "a CRM item"),
        ("address", "Москва, Тверская 1|55.7;37.6", "Москва, Тверская 1", "Москва, Тверская 1"),
        ("string", "[URL=http://x]тут[/URL] [см]", "(URL=http://x)тут(/URL) [см]", "(URL=http://x)тут(/URL) [см]"),
    ],
)
def test_q5_every_type_in_words(kind, raw, russian, english):
    rules = make_rules(looked_at=(FIELDS[0], LeadField("UF_CRM_X", "Поле", kind)))
    for language, word, empty in (("ru", russian, "не заполнено"), ("en", english, "empty")):
        (text,) = told(
            {DIRECTION: INDIVIDUAL}, {DIRECTION: INDIVIDUAL, "UF_CRM_X": raw}, rules=rules, language=language
        )
        assert text.endswith(f"• Поле: {empty} → {word}")


def test_q6_what_only_the_old_direction_required_is_listed_as_no_longer_needed():
    full = {DIRECTION: SEWING, VOLUME: 31, PRODUCTS: [41], STORES: 2}
    (text,) = told(full, full | {DIRECTION: INDIVIDUAL})
    assert text == (
        "Изменено:\n• Направление: Швейное предприятие → Физические лица\n\n"
        "Для направления «Физические лица» больше не нужны, значения сохранены:\n"
        "• Объёмы: до 500\n• Что шьют: Трикотаж"
    )


def test_q6_empty_fields_and_fields_still_needed_are_not_listed():
    rules = make_rules(required_always=((STORES,),))
    (text,) = told({DIRECTION: CHAIN, STORES: 2}, {DIRECTION: WHOLESALE, STORES: 2}, rules=rules)
    assert "больше не нужны" not in text


def test_q6_the_old_direction_is_remembered_while_none_is_chosen():
    memory = seen(make_lead(**{DIRECTION: WHOLESALE, ORDER_SIZE: 21}), make_lead(**{ORDER_SIZE: 21}))
    (text,) = comments(decide(make_lead(**{DIRECTION: INDIVIDUAL, ORDER_SIZE: 21}), memory, make_case()))
    assert text.endswith("• Средний заказ: до 50 000 ₽")


def test_q6_a_cleared_direction_lists_nothing():
    """Q6: which fields are needed no longer shows once there is a new direction."""
    (text,) = told({DIRECTION: WHOLESALE, ORDER_SIZE: 21}, {ORDER_SIZE: 21})
    assert text == "Изменено:\n• Направление: Оптовик → не заполнено"


def test_q6_nothing_is_erased():
    full = {DIRECTION: SEWING, VOLUME: 31, PRODUCTS: [41]}
    decision = decide(make_lead(**full | {DIRECTION: INDIVIDUAL}), seen(make_lead(**full)), make_case())
    assert remembered(decision).values[VOLUME] == "31"
    assert {type(action).__name__ for action in decision.actions} == {"AddComment"}


def test_q5_in_english():
    assert told({DIRECTION: INDIVIDUAL}, {DIRECTION: INDIVIDUAL, STORES: 3}, language="en") == [
        "Changed:\n• Магазинов: empty → 3"
    ]
