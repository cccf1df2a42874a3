"""The file's YAML: its sections, its lines, its mistakes."""

import re

import pytest
from crm_robots.settings.problems import SettingsError, describe
from crm_robots.settings.source import parse, split


def problem(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        parse(text, "file")
    return describe(caught.value.problems[0], "en")


def test_words_that_yaml_1_1_would_turn_into_other_things_stay_texts():
    value = parse("a: Yes\nb: 10:00\nc: 2026-01-10\nd: 0123\ne: НЕТ\nf: true\ng: 17\nh: null", "file").value

    assert value == {
        "a": "Yes",
        "b": "10:00",
        "c": "2026-01-10",
        "d": "0123",
        "e": "НЕТ",
        "f": True,
        "g": 17,
        "h": None,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: [1, 2", "line 2"),
        ("a: 1\nb: 2\na: 3", "file (line 3): the key «a» stands twice; the first one (line 1)"),
        ("a: &x [1]\nb: *x", "no aliases"),
        *(
            (f"a: 1\nb: [!!{tag} x]", f"line 2): not YAML: no {tag} can be")
            for tag in ("int", "float", "bool", "timestamp")
        ),
        ("a: 1\nb: !!int ''", "line 2): not YAML: no int"),
        ("a: 1\nb: !!timestamp 2026-13-45", "line 2): not YAML: no timestamp"),
        ("a: 1\nb: " + "9" * 5000, "line 2): not YAML: no int"),
        ("[" * 3000, "RecursionError"),
    ],
)
def test_p3_a_broken_file_is_refused_with_its_line(text: str, expected: str):
    assert expected in problem(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "file: found «», expected keys with values"),
        ("# nothing yet\n", "file: found «», expected keys with values"),
        ("- portal\n", "file: found «[…]», expected keys with values"),
        ("portal:\n  a: 1\nportal:\n  a: 2\n", "file (line 3): the key «portal» stands twice; the first one (line 1)"),
    ],
)
def test_p3_a_file_without_sections_is_refused(text: str, expected: str):
    """P3: an empty file switches no robot off."""
    with pytest.raises(SettingsError, match=re.escape(expected)):
        split(text)


@pytest.mark.parametrize(
    "slip", ["language: ru\n  language: en", "language: &x ru\n  timezone: *x", "language: !!set ru"]
)
def test_p3_a_slip_inside_a_section_is_its_own_affair(slip: str):
    """P3: the sections beside it are split off all the same, and its own text says what is wrong."""
    pieces = split(f"portal:\n  {slip}\nrouting:\n  enabled: false\n")

    assert pieces["routing"].text == "enabled: false\n"
    with pytest.raises(SettingsError):
        parse(pieces["portal"].text, "portal")


def test_a_section_keeps_the_administrators_own_words():
    pieces = split("# head\nportal:\n  admins: [a]  # we two\n\n# next\nrouting: {enabled: false}\n")

    assert pieces["portal"].text == "admins: [a]  # we two\n"
    assert pieces["portal"].offset == 2
    assert pieces["routing"].text == "enabled: false\n"


def test_a_section_too_long_with_its_comments_is_written_without_them():
    text = "portal:\n  admins: [a]\n" + "  # чтобы не забыть\n" * 400

    assert split(text)["portal"].text == "admins:\n- a\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n  b: 1\n   c: 2\n", "file (line 3): the indent does not fit the lines above; spaces too many: 1"),
        ("a:\n  b: 1\n c: 2\n", "file (line 3): the indent does not fit the lines above; spaces missing: 1"),
        ("a:\n\tb: 1\n", "file (line 2): a tab stands in the indent"),
        ("a:\n  b: x: y\n", "file (line 2): there is a colon in the text"),
        ("a:\n\u00a0 b: 1\n  c: 2\n", "file (line 2): a special space (no-break space)"),
        ("a:\n  b:\u00a01\n  c: 2\n", "file (line 2): a special space (no-break space)"),
        ("a: 'x\nb: 1\n", "file (line 1): this text begins with a quotation mark"),
        ("a: [1, 2\nb: 1\n", "file (line 1): this bracket is not closed"),
        ("a: 1\nb: @x\n", "file (line 2): a text that begins with such a character needs quotes"),
        ("a\nb: 1\n", "file (line 1): a colon and a space are missing after the key"),
    ],
)
def test_p3_a_slip_of_yaml_is_said_in_plain_words(text: str, expected: str):
    assert problem(text).startswith(expected)


@pytest.mark.parametrize("other", ["ОПТОВИК", "Оптовик\u200b", "Оптовик "])
def test_p3_one_name_under_two_spellings_is_refused_with_both_lines(other: str):
    text = f'directions:\n  Оптовик: {{}}\n  "{other}": {{}}\n'

    assert problem(text) == f"file (line 3): «{other}» and «Оптовик» (line 2) are the same; keep one of them"
