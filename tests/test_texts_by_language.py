"""Texts are data, a file per language: both have the same keys, and the same placeholders under each."""

from string import Formatter

import pytest
from crm_robots.robots.client_status import texts, texts_en, texts_ru
from crm_robots.robots.daily import texts_en as daily_en
from crm_robots.robots.daily import texts_ru as daily_ru
from crm_robots.robots.lost_deal import texts_en as lost_en
from crm_robots.robots.lost_deal import texts_ru as lost_ru

from tests.support.client_status import RULES


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("ru", "en"), [(texts_ru, texts_en), (daily_ru, daily_en), (lost_ru, lost_en)])
def test_both_languages_have_the_same_keys_and_placeholders(ru, en):
    assert ru.WORDS.keys() == en.WORDS.keys()
    for key, text in ru.WORDS.items():
        assert placeholders(text) == placeholders(en.WORDS[key]), key


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("hot", "warm", "понижен"),
        ("cold", "hot", "повышен"),
        ("lost", "hot", "повышен"),
        ("new", "hot", "изменён"),
        ("in_work", "cold", "изменён"),
        ("hot", "in_work", "изменён"),
    ],
)
def test_s4_up_and_down_are_words_of_the_ladder_alone(old, new, word):
    expected = f"Статус {word}: «{RULES.label(old)}» → «{RULES.label(new)}»."
    assert texts.moved("ru", RULES, old, new) == expected
