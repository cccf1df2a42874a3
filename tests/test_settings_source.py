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
        ("a: 1\nb: 2\na: 3", "file (line 3): not YAML: «a» twice"),
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
        ("portal:\n  a: 1\nportal:\n  a: 2\n", "file (line 3): not YAML: «portal» twice"),
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
