"""The robots' side of the pages: asked of a stack of this machine, and of no other."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from crm_robots.records.journal import Entry, Journal

from admin.in_words import document
from admin.sandbox_page import LocalRobots
from tests.support.stack import PORTAL, LocalStack

HOME = PORTAL.partition("/rest/")[0]
ENTRY = Entry(
    item="lead:17",
    robot="qualification",
    rule="gate",
    action="MoveToStage",
    number="1",
    event="ONCRMLEADUPDATE",
    ts=int(datetime(2026, 1, 12, 6, tzinfo=UTC).timestamp()),
    field="stageId",
    old="OFFER",
    new="NEW",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the local stack leaves its note; empty at first."""
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    return tmp_path


def note(folder: Path, endpoint: str) -> None:
    (folder / "stack.json").write_text(json.dumps({"webhooks": "", "endpoint": endpoint, "stack": "crm-robots"}))


def test_without_a_stack_there_is_nothing_to_tell(folder: Path) -> None:
    robots = LocalRobots(HOME)
    assert robots.journal() is None
    assert robots.timer("company:5") is None


def test_a_stack_that_ended_is_not_waited_for(folder: Path) -> None:
    note(folder, "http://127.0.0.1:9")
    assert LocalRobots(HOME).journal() is None


@pytest.mark.stack
@pytest.mark.xdist_group("stack")
def test_the_journal_of_the_stack_that_serves_this_portal(folder: Path, stack: LocalStack) -> None:
    note(folder, stack.endpoint)
    Journal(stack.client("dynamodb"), stack.outputs["JournalTableName"]).write([ENTRY])
    robots = LocalRobots(HOME)
    row = document(ENTRY, ZoneInfo("UTC"))
    assert row in (robots.journal() or [])
    assert robots.journal("lead:17") == [row]
    assert robots.timer("company:404404") is None
    assert LocalRobots("http://another.example").journal() is None
