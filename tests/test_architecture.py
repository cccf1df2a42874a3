"""docs/architecture.md: imports point one way, and decisions know neither clock nor chance nor the world outside."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from crm_robots.shared.actions import Action

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "layers" / "robots" / "crm_robots"
MAY_IMPORT = {
    "shared": set(),
    "portal": {"shared"},
    "records": {"shared"},
    "engine": {"shared", "portal", "records"},
    "robots": {"shared", "portal", "records", "engine", "settings"},
    "pages": {"shared", "records", "robots"},
    "settings": {"shared", "portal", "records", "engine", "robots"},
    "receiving": {"records", "engine", "robots"},
    "opening": {"shared", "records", "pages"},
    "wiring": {"shared", "portal", "records", "engine", "robots", "settings"},
}
# The shells: they may look at the world. Every other module of a robot is pure.
SHELLS = {
    "client_status": {
        "call_events",
        "card_events",
        "deal_events",
        "deal_reading",
        "evidence",
        "importing",
        "open_deals",
    }
    | {"due_days", "own_address", "reindexing", "replanning", "robot", "seen", "timer_records", "watching", "window"},
    "conversion": {
        "claims",
        "companies",
        "company_records",
        "papers",
        "dadata",
        "findings",
        "lookups",
        "questions",
        "robot",
        "waiting",
    },
    "daily": {
        "clients",
        "duty",
        "effect",
        "hand_over",
        "handed",
        "people",
        "preview",
        "rebalancing",
        "recent_calls",
        "run",
        "telling",
        "timers",
    },
    "desk": {"duty", "gather", "links", "snapshot", "telling"},
    "lost_deal": {"robot", "watching"},
    "qualification": {"effect", "presence", "robot", "teams"},
    "undo": {"undo"},
    "routing": {"client_deals", "people", "robot", "turn_table", "window"},
}
ABOUT_SETTINGS = {"settings", "compile", "compile_fields", "section"}
FORBIDDEN_IN_DECISIONS = (
    "time",
    "random",
    "secrets",
    "uuid",
    "os",
    "logging",
    "httpx",
    "boto3",
    "botocore",
    "pydantic",
)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def sources(room: str) -> list[Path]:
    return [PACKAGE / f"{room}.py"] if (PACKAGE / f"{room}.py").exists() else sorted((PACKAGE / room).rglob("*.py"))


def pure() -> Iterator[Path]:
    yield from sources("shared")
    for robot, shells in SHELLS.items():
        yield from (path for path in sources(f"robots/{robot}") if path.stem not in shells | ABOUT_SETTINGS)


def test_every_robot_names_its_shells():
    assert {
        path.name for path in (PACKAGE / "robots").iterdir() if path.is_dir() and path.name[0] != "_"
    } == SHELLS.keys()
    for robot, shells in SHELLS.items():
        assert shells <= {path.stem for path in sources(f"robots/{robot}")}, robot


def test_decisions_import_decisions_only():
    for path in pure():
        wanted = {name for name in imports(path) if name.startswith("crm_robots.")}
        shells = {
            f"crm_robots.robots.{robot}.{shell}" for robot, names in SHELLS.items() for shell in names | ABOUT_SETTINGS
        }
        assert {name.split(".")[1] for name in wanted} <= {"shared", "robots"}, path
        assert not wanted & shells, path


def test_every_room_is_on_this_list():
    found = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert found - {"__init__"} == MAY_IMPORT.keys()


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_point_one_way(room: str):
    for path in sources(room):
        wanted = {name.split(".")[1] for name in imports(path) if name.startswith("crm_robots.")}
        assert wanted <= MAY_IMPORT[room] | {room}, path


def test_robots_and_settings_meet_in_the_settings_files_of_the_robots_alone():
    """No robot loads what reads settings files, and no reader of settings files loads a robot at work."""
    for path in sources("robots"):
        if path.stem not in ABOUT_SETTINGS:
            assert not [name for name in imports(path) if name.startswith("crm_robots.settings")], path
    for path in sources("settings"):
        wanted = {name.split(".")[3] for name in imports(path) if re.match(r"crm_robots\.robots\.\w+\.", name)}
        assert wanted <= ABOUT_SETTINGS | {"rules"}, path


def test_methods_of_the_portal_are_named_in_its_room_alone():
    method = re.compile(r"(crm|im|user|tasks?|department|server|profile|log|calendar|timeman|voximplant)\.[a-z][a-z.]+")
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] != "portal":
            texts = (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant))
            assert not [text for text in texts if isinstance(text, str) and method.fullmatch(text)], path


def test_requests_to_aws_are_made_among_the_records_alone():
    """Others hand clients on; whoever wires things makes them."""
    calls = "(batch_)?(get|put|update|delete|write)_item|(send|receive|delete)_message|change_message_visibility"
    calls += "|get_queue_attributes|get_parameters|put_parameter"
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] != "records":
            assert not re.search(rf"\.({calls})\b|TableName=", path.read_text()), path


def test_no_function_imports_another_and_none_looks_past_the_wiring():
    for path in ROOT.glob("functions/*/app.py"):
        assert not any(name.startswith(("functions", "crm_robots.settings.base")) for name in imports(path)), path


def test_w8_decisions_know_no_clock_no_chance_and_no_world():
    """W8: time and chance come in as arguments."""
    for path in pure():
        assert not {name.split(".")[0] for name in imports(path)} & set(FORBIDDEN_IN_DECISIONS), path
        assert not re.search(r"\.(now|today|utcnow)\(\)", path.read_text()), path


def test_only_wiring_reads_the_environment():
    """`records/clients.py` reads AWS's own variables: the region."""
    reading = {path.name for path in PACKAGE.rglob("*.py") if "os.environ" in path.read_text()}

    assert reading == {"wiring.py", "receiving.py", "opening.py", "clients.py"}


def test_the_map_shows_every_room():
    shown = (ROOT / "docs" / "architecture.md").read_text().split("```")[1]

    for room in MAY_IMPORT:
        assert re.search(rf"\b{room}(/|\.py)", shown), room
    for folder in ("functions", "layers", "admin", "local_aws", "setup", "sandbox", "bench", "events", "settings"):
        assert re.search(rf"^{folder}/", shown, re.MULTILINE), folder


def test_section_7_every_action_names_the_rule_behind_it():
    """SECTION 7: the journal says which rule each write follows."""
    actions = {one.__name__ for one in get_args(Action)}
    for path in pure():
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in actions:
                assert "rule" in {one.arg for one in call.keywords}, f"{path}:{call.lineno}"
