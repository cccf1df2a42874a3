"""The settings contract: the example holds as it stands, on a portal of the demo's company."""

import re
from pathlib import Path

from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.settings.source import parse, split

from tests.support.world import new_world

EXAMPLE = Path(__file__).parent / "settings.example.yaml"


def test_section_3_the_example_is_accepted_as_it_stands():
    for world in new_world({"qualification": QualificationRobot, "conversion": ConversionRobot}):
        report = world.publish(EXAMPLE.read_text())

        assert [
            (one.section, [str(problem) for problem in one.problems]) for one in report.sections if one.problems
        ] == []
        assert not report.refused


SETTINGS = Path(__file__).parents[1] / "settings"


def test_the_russian_settings_are_the_same_ones_with_russian_comments():
    english, russian = (SETTINGS / name for name in ("settings.yaml", "settings.ru.yaml"))

    assert without_comments(russian) == without_comments(english)
    before, after = split(english.read_text()), split(russian.read_text())
    assert [parse(piece.text, "").value for piece in after.values()] == [
        parse(piece.text, "").value for piece in before.values()
    ]
    assert all(piece.offset > 0 for piece in after.values()), "a mistake in a section that is too long has no line"
    lines = dict(enumerate(russian.read_text().splitlines(), start=1))
    assert [lines[line] for line in prose(english) if not re.search("# .*[А-яё]", lines[line])] == []


def without_comments(file: Path) -> list[str]:
    return [re.sub(r"\s*# .*|^#$", "", line) for line in file.read_text().splitlines()]


def prose(file: Path) -> list[int]:
    """Lines on which something is said in words; keys that are commented out say nothing."""
    lines = enumerate(file.read_text().splitlines(), start=1)
    return [number for number, line in lines if re.search("# .*[A-z]+ [a-z]", line) and number > 1]
