"""T3: `robots undo` at the keyboard, on a stack in moto."""

import json

import pytest
from crm_robots.records.journal import Journal
from crm_robots.shared.written import Entry
from typer.testing import CliRunner

from admin.main import app
from tests.support import admin


@pytest.fixture
def robots(dynamodb, monkeypatch, tmp_path):
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    admin.deploy()

    def run(*words):
        result = CliRunner().invoke(app, ["--json", *words])
        return result.exit_code, json.loads(result.stdout)

    return run


def test_t3_an_unknown_run_is_an_error(robots):
    code, found = robots("undo", "--run", "daily-2026-03-02")
    assert code == 2
    assert "daily-2026-03-02" in found["error"]


def test_t3_an_undo_is_not_undone_and_the_command_says_so(robots, dynamodb):
    usual = {"item": "company:5", "robot": "undo", "rule": "T3", "action": "update_item", "number": "company:5#1.0.0"}
    Journal(dynamodb, "JournalTable").write(
        [Entry(**usual, event="undo company:5", ts=1767000000, field="UF_A", old=2, new=1, run="undo-1767000000")]
    )
    code, found = robots("undo", "--run", "undo-1767000000")
    assert code == 0
    assert (found["run"], found["undone"], found["stayed"], found["made"]) == (None, [], [], [])
    assert "not taken back" in found["note"]


@pytest.mark.parametrize("words", [(), ("--entity", "lead:1", "--run", "x")])
def test_t3_one_of_entity_and_run_is_asked_for(robots, words):
    assert robots("undo", *words)[0] == 2
