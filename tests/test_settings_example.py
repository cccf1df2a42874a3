"""The settings contract: the example holds as it stands, on a portal of the demo's company."""

from pathlib import Path

from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.qualification.robot import QualificationRobot

from tests.support.world import new_world

EXAMPLE = Path(__file__).parent / "settings.example.yaml"


def test_section_3_the_example_is_accepted_as_it_stands():
    for world in new_world({"qualification": QualificationRobot, "conversion": ConversionRobot}):
        report = world.publish(EXAMPLE.read_text())

        assert [
            (one.section, [str(problem) for problem in one.problems]) for one in report.sections if one.problems
        ] == []
        assert not report.refused
