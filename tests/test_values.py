"""Raw values: which mean the same, and how people read them."""

import pytest
from crm_robots.shared.values import plain_text, same_value, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [(7, "7"), ([7], 7), (["7", 8], [8, "7"]), (None, ""), (None, []), (False, None), (0.0, "0.00"), ("1", True)],
)
def test_spellings_of_one_value_are_the_same(one, other):
    assert same_value(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0, None),
        ("007", "7"),
        ("+7916", "7916"),
        ([7, 8], [7]),
        ("a", "b"),
        ("Общество «Ромашка»", "Общество «Василёк»"),
    ],
)
def test_different_values_are_not(one, other):
    assert not same_value(one, other)


def test_dropdown_ids_are_told_in_words():
    assert words_of(["41", 42], {"41": "Трикотаж", "42": "Спецодежда"}) == "Трикотаж, Спецодежда"


def test_an_empty_value_has_no_words():
    assert words_of(None, {}) == words_of([], {}) == words_of("", {}) == ""


def test_a_day_is_read_as_midnight_in_some_zone():
    assert same_value("2026-03-01T00:00:00+03:00", "2026-03-01")
    assert not same_value("2026-03-02T00:00:00+03:00", "2026-03-01")
    assert not same_value(None, "2026-03-01")


@pytest.mark.parametrize(
    "spelt", ["[B]Звонить[/B] в 9 & позже", "<b>Звонить</b> в 9 &amp; позже", "Звонить<br />в&nbsp;9 &amp;\nпозже"]
)
def test_comments_are_compared_without_markup_and_entities(spelt):
    assert plain_text(spelt) == "Звонить в 9 & позже"
