"""CONTRIBUTING.md: the robots of its worked examples are put together from the page's own lines, and work."""

import re
from pathlib import Path

import pytest

from tests.support.example import BLOCKS, PAGE, ROOT, Example

FILES = re.compile(r"`([\w./]+\.\w+)`")
EXAMPLES = ("big-deal", "quiet-deal")
TESTS = ("tests/test_rows.py", "tests/test_docs.py", "tests/test_settings_guide.py", "tests/test_template.py")


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Example:
    return Example(tmp_path_factory.mktemp("example"), request.param)


def test_an_example_passes_its_own_tests_and_everything_holds_together(example: Example):
    """Rows against template, pages, guide and dashboard."""
    own = f"tests/test_{example.robot.replace('-', '_')}.py"
    example.run("-m", "pytest", "-q", "-p", "no:cacheprovider", own, *TESTS)


def test_at_most_eight_files_change_and_the_page_names_them(example: Example):
    table = PAGE.read_text().split("| file | what |")[1].split("\n\n")[0]
    named = {f"layers/robots/{name}" if name.startswith("crm_robots/") else name for name in FILES.findall(table)}

    assert example.changed == named
    assert len(named) <= 8


@pytest.mark.parametrize("robot", EXAMPLES)
def test_an_examples_function_is_as_thin_as_the_others(robot: str):
    folder, name = robot.replace("-", "_"), "".join(word.capitalize() for word in robot.split("-"))
    others = (ROOT / "functions" / "lost_deal" / "app.py").read_text()
    lines = dict(BLOCKS)[f"functions/{folder}/app.py"].replace(folder, "lost_deal").replace(name, "LostDeal")

    assert lines.splitlines()[1:] == others.splitlines()[1:]


def test_the_examples_are_whole():
    for robot in EXAMPLES:
        made = {Path(path).name for path, _ in BLOCKS if f"/{robot.replace('-', '_')}/" in path}
        assert {"__init__.py", "rules.py", "decide.py", "settings.py", "compile.py", "section.py", "robot.py"} <= made
