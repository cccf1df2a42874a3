"""CONTRIBUTING.md: the robot of its worked example is put together from the page's own lines and works."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from crm_robots.robots import registry
from crm_robots.settings import sections

from tests.support.world import World, new_world

PAGE = Path(__file__).parents[1] / "CONTRIBUTING.md"
BLOCKS = dict(re.findall(r"```(?:python|yaml)\n# ([^\n]+)\n(.*?)```", PAGE.read_text(), re.DOTALL))
MODULES = [name for name in BLOCKS if name.startswith("crm_robots/") and not name.endswith("__init__.py")]


def module(path: str) -> ModuleType:
    """The module that such a file would be."""
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    made = ModuleType(name)
    exec(compile(BLOCKS[path], path, "exec"), made.__dict__)
    return made


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The shell, with everything beneath it in place for the length of a test."""
    package = module("crm_robots/robots/big_deal/__init__.py")
    package.__path__ = []
    monkeypatch.setitem(sys.modules, package.__name__, package)
    for path in MODULES:
        made = module(path)
        monkeypatch.setitem(sys.modules, made.__name__, made)
        parent, _, name = made.__name__.rpartition(".")
        monkeypatch.setattr(sys.modules[parent], name, made, raising=False)
    _add_row(monkeypatch, "a row of SECTIONS", sections.SECTIONS, vars(sections))
    monkeypatch.setattr(registry, "ROWS", (*registry.ROWS, sys.modules["crm_robots.robots.big_deal"].ROW))
    return sys.modules["crm_robots.robots.big_deal.robot"]


def _add_row(monkeypatch: pytest.MonkeyPatch, block: str, table: dict[str, Any], names: dict[str, Any]) -> None:
    model, compiled = (sys.modules[f"crm_robots.robots.big_deal.{part}"] for part in ("settings", "compile"))
    for key, value in eval("{" + BLOCKS[block] + "}", {**names, **vars(model), **vars(compiled)}).items():
        monkeypatch.setitem(table, key, value)


@pytest.fixture
def world(robot: ModuleType) -> Iterator[World]:
    for one in new_world({"big-deal": robot.BigDealRobot}):
        report = one.publish(BLOCKS["settings"])
        assert not report.refused
        yield one


@pytest.mark.parametrize("name", re.findall(r"def (test_\w+)", BLOCKS["tests/test_big_deal.py"]))
def test_the_example_passes_its_own_tests(world: World, name: str):
    tests = module("tests/test_big_deal.py")
    test = vars(tests)[name]

    test(**dict.fromkeys(test.__code__.co_varnames[: test.__code__.co_argcount], world))


def test_its_function_is_as_thin_as_the_others():
    others = Path(__file__).parents[1] / "functions" / "lost_deal" / "app.py"
    lines = BLOCKS["functions/big_deal/app.py"].replace("big_deal", "lost_deal").replace("BigDeal", "LostDeal")

    assert lines.splitlines()[1:] == others.read_text().splitlines()[1:]
