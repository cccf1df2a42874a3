"""docs/behaviours.md: a number that is cited has a heading there, and a heading has a test that carries the number."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BOOK = (ROOT / "docs" / "behaviours.md").read_text()
FACTS = (ROOT / "docs" / "bitrix24.md").read_text()
PLACES = ("layers", "functions", "admin", "sandbox", "local_aws", "setup", "settings", "bench", "tests", "docs")
LETTERS = "WPQCRLSDFT"
CITED = re.compile(rf"""(?<![\w%:])([{LETTERS}])(\d{{1,2}})(?:–[{LETTERS}]?(\d{{1,2}}))?(?![\w"'%]|:\w)""")
RULE = re.compile(rf'rule="([{LETTERS}])(\d{{1,2}})()"')
IN_NAME = re.compile(rf"_([{LETTERS.lower()}])(\d{{1,2}})()(?=_|$)")
SECTION = re.compile(r"(?:\b|_)sections?[ _](\d+)", re.IGNORECASE)

_BEING_BUILT = ""
WITHOUT_A_TEST = set(_BEING_BUILT.split())
"""Numbers whose behaviour is being built. Whoever writes the first test of one takes it out of here."""


def numbers(pattern: re.Pattern[str], text: str) -> set[str]:
    """`C1–C3` are three."""
    found = set()
    for letter, first, last in pattern.findall(text):
        found |= {f"{letter.upper()}{number}" for number in range(int(first), int(last or first) + 1)}
    return found


def cited(text: str) -> set[str]:
    sections = {f"section {number}" for number in SECTION.findall(text)}
    return numbers(CITED, text) | numbers(RULE, text) | numbers(IN_NAME, text) | sections


def headings() -> list[str]:
    found = re.findall(r"^(?:### ([A-Z]\d+)|## (\d+))\. ", BOOK, re.MULTILINE)
    return [number or f"section {section}" for number, section in found]


def without_words() -> set[str]:
    """Sections whose heading is followed by another: their numbers speak for them."""
    return {f"section {number}" for number in re.findall(r"^## (\d+)\. .*\n+(?=###)", BOOK, re.MULTILINE)}


def pages() -> Iterator[Path]:
    yield from ROOT.glob("*.md")
    yield from (ROOT / name for name in ("Makefile", "template.yaml", "pyproject.toml"))
    for place in PLACES:
        for suffix in ("py", "md", "yaml", "sh", "html"):
            yield from (ROOT / place).rglob(f"*.{suffix}")


@cache
def carried() -> set[str]:
    """The numbers in names and docstrings of tests."""
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for one in ast.walk(ast.parse(path.read_text())):
            if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
                found |= cited(f"{one.name} {ast.get_docstring(one) or ''}")
    return found


def test_every_number_that_is_cited_stands_in_the_book():
    known = set(headings())

    for path in pages():
        assert cited(path.read_text()) - known == set(), path


@pytest.mark.parametrize("page", sorted(set(pages())), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_outside_of_this_repository_is_cited(page: Path):
    assert re.findall(r"\b(?:of|in) the (?:portal's )?contract\b|\bthe specification\b", page.read_text()) == []


def test_every_number_of_the_book_has_a_test():
    untested = set(headings()) - without_words() - carried()

    assert untested - WITHOUT_A_TEST == set(), "a number without a test"
    assert WITHOUT_A_TEST - untested == set(), "these have a test now: take them out of WITHOUT_A_TEST"


def test_the_numbers_stand_in_order():
    for letter in LETTERS:
        ours = [number for number in headings() if number.startswith(letter)]
        assert ours == [f"{letter}{number}" for number in range(1, len(ours) + 1)]


def test_each_number_says_something():
    blocks = re.findall(r"^### ([A-Z]\d+)\. .*\n((?:(?!#).*\n)*)", f"{BOOK}\n", re.MULTILINE)

    assert len(blocks) == len([one for one in headings() if not one.startswith("section")])
    assert [number for number, words in blocks if not words.strip()] == []


@pytest.mark.parametrize("page", sorted(set(pages())), ids=lambda page: str(page.relative_to(ROOT)))
def test_facts_about_the_portal_are_cited_by_headings_that_exist(page: Path):
    titles = set(re.findall(r"^## (.+)$", FACTS, re.MULTILINE))

    assert set(re.findall(r'docs/bitrix24\.md, "([^"\n]+)"', page.read_text())) <= titles
