"""A robot is one folder and one row; whatever must know of all robots is held against the rows."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from crm_robots.portal.access import RIGHTS
from crm_robots.robots.registry import ROBOTS, ROWS
from crm_robots.settings.sections import SECTIONS
from crm_robots.shared.row import Row

from tests.support.tables import template

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "layers" / "robots" / "crm_robots"
TEMPLATE = template()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def title(row: Row) -> str:
    """Its function in the template: `LostDeal`."""
    return "".join(word.capitalize() for word in row.name.split("-"))


def variables(function: str) -> dict[str, str]:
    found: dict[str, str] = RESOURCES[function]["Properties"]["Environment"]["Variables"]
    return found


def may(role: str) -> dict[str, set[str]]:
    """What a role may do, by action: with which resources."""
    allowed: dict[str, set[str]] = {}
    for policy in RESOURCES[role]["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            actions, resources = statement["Action"], statement["Resource"]
            for action in actions if isinstance(actions, list) else [actions]:
                allowed.setdefault(action, set()).update(resources if isinstance(resources, list) else [resources])
    return allowed


def test_every_folder_with_a_robot_has_a_row_that_is_listed():
    folders = {path.parent.name for path in PACKAGE.glob("robots/*/robot.py")}

    assert {row.section for row in ROWS} == folders
    for folder in folders:
        assert importlib.import_module(f"crm_robots.robots.{folder}").ROW in ROWS


def test_rows_load_nothing_else():
    """The receiver loads all of them, and somebody waits for its answer."""
    program = "import sys, crm_robots.robots.registry; print(*(one for one in sys.modules if 'crm_robots' in one))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    expected = {f"crm_robots.robots.{row.section}" for row in ROWS} | {"crm_robots", "crm_robots.robots"}
    assert set(done.stdout.split()) == expected | {
        "crm_robots.robots.registry",
        "crm_robots.shared",
        "crm_robots.shared.row",
    }


def test_every_robot_has_a_section_of_the_settings():
    assert tuple(SECTIONS) == ("portal", *(row.section for row in ROWS))


@each_row
def test_a_robot_has_a_function_with_its_queues(row: Row):
    name = title(row)
    function = RESOURCES[name]["Properties"]

    assert function["CodeUri"] == f"functions/{row.section}/"
    assert function["FunctionName"] == f"${{AWS::StackName}}-{row.name}"
    assert variables(name) == {
        "POWERTOOLS_SERVICE_NAME": row.name,
        "QUEUE_URL": f"{name}Events",
        "DEAD_LETTERS_URL": f"{name}DeadLetters",
    }
    assert may(f"{name}Role")["sqs:SendMessage"] == {f"{name}DeadLetters.Arn"}
    assert may(f"{name}Role")["sqs:ReceiveMessage"] == {f"{name}Events.Arn"}
    for name_of_file in ("app.py", "Makefile"):
        assert (ROOT / "functions" / row.section / name_of_file).is_file()


@each_row
def test_a_function_may_touch_what_its_row_says_the_robot_keeps(row: Row):
    touched = {resource for resources in may(f"{title(row)}Role").values() for resource in resources}

    assert ("TimersTable.Arn" in touched) is row.timers


@pytest.mark.parametrize("function", ["ReceiveWebhook", "DailyRun"])
def test_who_feeds_the_robots_knows_every_queue_and_may_send_to_it(function: str):
    """A queue that the schedule's function does not know would be missed by every duty that feeds it."""
    queues = {name: value for name, value in variables(function).items() if name.endswith("_QUEUE_URL")}

    assert queues == {row.queue_variable: f"{title(row)}Events" for row in ROWS}
    assert may(f"{function}Role")["sqs:SendMessage"] == {f"{title(row)}Events.Arn" for row in ROWS}


def test_the_schedule_watches_every_robots_dead_letters():
    letters = {name: value for name, value in variables("DailyRun").items() if name.endswith("_DEAD_LETTERS_URL")}

    assert letters == {row.dead_letters_variable: f"{title(row)}DeadLetters" for row in ROWS}
    assert may("DailyRunRole")["sqs:GetQueueAttributes"] == {f"{title(row)}DeadLetters.Arn" for row in ROWS}


@each_row
def test_the_command_finds_a_robot_by_the_outputs(row: Row):
    outputs = {name: one["Value"] for name, one in TEMPLATE["Outputs"].items()}

    assert outputs[f"{title(row)}Function"] == title(row)
    assert outputs[f"{title(row)}QueueUrl"] == f"{title(row)}Events"
    assert outputs[f"{title(row)}DeadLettersUrl"] == f"{title(row)}DeadLetters"


def test_the_dashboard_shows_every_robot():
    body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]
    widgets = {one["properties"]["title"]: one["properties"]["metrics"] for one in json.loads(body)["widgets"]}

    for shown in ("Age of the oldest event, seconds", "Dead letters"):
        assert {metric[-1]["label"] for metric in widgets[shown]} == set(ROBOTS)
    for shown in ("Errors", "Duration, p95"):
        assert {f"${{{title(row)}}}" for row in ROWS} <= {metric[3] for metric in widgets[shown]}


@each_row
def test_a_robot_uses_scopes_that_have_words(row: Row):
    assert row.scopes <= {right.scope for right in RIGHTS}


@each_row
def test_a_row_names_events_as_the_portal_does(row: Row):
    assert all(re.fullmatch(r"ON[A-Z]+", event) for event in row.events)
    assert row.kinds <= {"lead", "deal", "contact", "company"}
