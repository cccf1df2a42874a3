"""Texts are data, a file per language: both have the same keys, and the same placeholders under each."""

import ast
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
from crm_robots import robots
from crm_robots.robots.client_status import texts

from tests.support.client_status import RULES


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


ROBOTS = Path(robots.__file__).parent
TABLES = [
    pytest.param(file.parent.name, name, id=f"{file.parent.name} {name}")
    for file in sorted(ROBOTS.glob("*/texts_ru.py"))
    for name in vars(import_module(f"crm_robots.robots.{file.parent.name}.texts_ru"))
    if name.isupper()
]


@pytest.mark.parametrize(("robot", "table"), TABLES)
def test_both_languages_have_the_same_keys_and_placeholders(robot, table):
    ru, en = (getattr(import_module(f"crm_robots.robots.{robot}.texts_{code}"), table) for code in ("ru", "en"))

    assert ru.keys() == en.keys()
    for key, text in ru.items():
        assert placeholders(text) == placeholders(en[key]), key


def test_a_robot_keeps_no_texts_in_its_code():
    """What a translator has to read stands in `texts_ru.py` and `texts_en.py` alone."""
    found = [
        f"{file.parent.name}/{file.name}:{node.lineno}"
        for file in ROBOTS.glob("*/*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "ru" and isinstance(value, ast.Dict | ast.Constant)
    ]

    assert found == []


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
