"""The settings contract: the example holds as it stands, on a portal of the demo's company."""

import re
from pathlib import Path

import pytest
import yaml
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


@pytest.mark.parametrize(
    ("key", "kind", "field", "type_id", "multiple"),
    [
        ("managers_field: UF_CRM_DEAL_MANAGERS", "CRM_DEAL", "UF_CRM_ALL_OF_THEM", "employee", "Y"),
        ("main_manager_field: UF_CRM_DEAL_MAIN_MANAGER", "CRM_DEAL", "UF_CRM_LEADER", "employee", "N"),
        ("ready_field: null", "CRM_COMPANY", "UF_CRM_READY", "boolean", "N"),
        ("due_field: null", "CRM_CONTACT", "UF_CRM_DUE", "date", "N"),
    ],
)
def test_p10_a_robots_own_field_that_is_missing_is_made_with_its_type(key, kind, field, type_id, multiple):
    """P10: nobody has to make it in Bitrix24 first."""
    text = (SETTINGS / "settings.yaml").read_text()
    assert text.count(key) == 1
    for world in new_world({}):
        world.publish(text.replace(key, f"{key.partition(':')[0]}: {field}"))

        made = [row for row in world.portal.tables.user_fields if (row["entityId"], row["FIELD_NAME"]) == (kind, field)]
        assert [(row["USER_TYPE_ID"], row["MULTIPLE"]) for row in made] == [(type_id, multiple)]


def test_p10_our_settings_have_the_kinds_of_clients_and_the_questions_of_the_example():
    """P10: the same kinds, what each requires, and the same fields to answer in."""
    ours, example = (
        yaml.safe_load(file.read_text())["qualification"] for file in (SETTINGS / "settings.yaml", EXAMPLE)
    )

    assert list(ours["directions"]) == list(example["directions"])
    for kind, wanted in example["directions"].items():
        assert ours["directions"][kind].get("required") == wanted.get("required"), kind
    assert ours["fields"].keys() == example["fields"].keys()
