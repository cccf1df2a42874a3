"""The schedule's function, and the command that calls it, on the sandbox portal."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import boto3
import pytest
from crm_robots.engine.clocks import clock_ahead
from crm_robots.portal.errors import Busy
from crm_robots.records.heartbeat import Heartbeat
from crm_robots.robots.registry import ROWS
from typer.testing import CliRunner

from admin.commands import daily
from admin.main import app as command
from admin.stack import Stack
from admin.texts.ru import WORDS
from functions.daily_run import app
from tests.support import admin
from tests.support.days import DAY, ROBOTS, client, label
from tests.support.world import EXAMPLE, World, new_world

EVENT = json.loads((Path(__file__).parents[1] / "events" / "daily_run.json").read_text())


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "daily-run"

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@pytest.fixture
def world(monkeypatch):
    for made in new_world(ROBOTS):
        made.publish()
        admin.deploy()
        monkeypatch.setenv("LOCAL_DIR", "nowhere")
        monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "CrmRobots")
        url = boto3.client("sqs").list_queues()["QueueUrls"][0]
        for row in ROWS:
            monkeypatch.setenv(row.dead_letters_variable, url)
            monkeypatch.setenv(row.queue_variable, url)
        for name in ("tools", "background_tools"):
            monkeypatch.setattr(app, name, lambda made=made: made.tools)
        monkeypatch.setattr(app, "settings_reader", lambda made=made: made.tools.settings)
        monkeypatch.setattr(app, "client", boto3.client)
        monkeypatch.setattr(app, "heartbeat", lambda: Heartbeat(boto3.client("dynamodb"), "MemoryTable"))
        monkeypatch.setattr(app, "lone_run", nullcontext)
        monkeypatch.setattr(app, "watch_drift", lambda round_: None)
        monkeypatch.setattr(app, "notice", lambda: lambda error: None)
        monkeypatch.setattr(Stack, "invoke", lambda self, name, event: fire(event))
        yield made


def fire(event: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(json.dumps(app.lambda_handler(event, Context())))
    return answer


def robots(*words: str) -> tuple[int, Any]:
    result = CliRunner().invoke(command, ["--json", "--stack", admin.NAME, *words])
    # The function's metric goes to its own standard output, which here is the command's.
    answer = "\n".join(line for line in result.stdout.splitlines() if '"_aws"' not in line)
    return result.exit_code, json.loads(answer)


def due_client(world: World) -> int:
    number = client(world)
    world.portal.clock.advance(30 * DAY)
    return number


def now(world: World) -> str:
    return world.portal.clock.now().isoformat()


def test_d1_a_finished_day_is_counted_for_the_alarm(world, capsys):
    due_client(world)

    answer = fire(EVENT | {"time": now(world)})

    assert (answer["day"]["status"], answer["day"]["dropped"], answer["failures"]) == ("finished", 1, {})
    assert "DailyRunFinished" in capsys.readouterr().out


def test_d9_a_portal_that_is_down_keeps_no_other_duty_from_being_done(world):
    due_client(world)
    world.portal.faults.add("html_502", "batch", times=None)

    answer = fire({"time": now(world)})

    assert answer["day"]["status"] == "failed"
    assert answer["failures"] == {"sweep": "Busy"}


def test_daily_before_its_time_says_so_and_is_no_failure(world):
    due_client(world)

    assert robots("daily", "--at", "2026-02-11T08:45")[1]["status"] == "not_due"
    result = CliRunner().invoke(command, ["--stack", admin.NAME, "daily", "--at", "2026-02-11T08:45"])
    assert (result.exit_code, result.stdout.splitlines()[1:]) == (0, [WORDS["daily.not_due"]])


def test_daily_at_a_time_runs_the_day_once(world):
    number = due_client(world)

    code, first = robots("daily", "--at", "2026-02-11T09:00")
    assert (code, first["status"], first["dropped"]) == (0, "finished", 1)
    assert robots("journal", "--run", first["run"])[1][0]["item"] == f"company:{number}"
    assert robots("daily", "--at", "2026-02-11T09:15")[1]["status"] == "done"
    assert label(world, "company", number) == "Тёплый"


def test_d5_daily_does_not_call_people_told_who_hear_of_a_made_up_day_later(world):
    """D5: before notifications.at nobody has heard of anything; the command says how many people will."""
    due_client(world)
    robots("daily", "--at", "2026-02-10T09:00")

    result = CliRunner().invoke(command, ["--stack", admin.NAME, "daily", "--at", "2026-02-12T08:45"])

    assert "2026-02-11: понижено: 1, пропало: 0, передано: 0, " in result.stdout
    assert "людей предстоит оповестить: 1." in result.stdout
    assert "людей оповещено" not in result.stdout


def test_daily_without_a_time_does_not_wait_for_it(world, monkeypatch):
    due_client(world)
    monkeypatch.setattr(daily, "_now", lambda run: world.portal.clock.now().replace(hour=7))

    assert robots("daily")[1]["status"] == "finished"


def test_daily_dry_run_prints_who_would_drop(world):
    number = due_client(world)

    code, found = robots("daily", "--at", "2026-02-11T09:00", "--dry-run")
    assert (code, [row["item"] for row in found["clients"]]) == (0, [f"company:{number}"])
    table = CliRunner().invoke(command, ["--stack", admin.NAME, "daily", "--at", "2026-02-11T09:00", "--dry-run"])
    assert "Горячий → Тёплый" in table.stdout
    assert label(world, "company", number) == "Горячий"


def test_t4_a_dry_run_right_after_publishing_goes_by_the_new_settings(world):
    """T4, P4: the function is warm and has settings of a moment ago; who publishes looks at once what it did."""
    client(world)
    world.portal.clock.advance(15 * DAY)
    foreseen = ("daily", "--at", world.portal.clock.now().isoformat(), "--dry-run")
    assert robots(*foreseen)[1]["clients"] == []
    kept = world.tools.settings._kept
    world.publish(EXAMPLE.read_text().replace("label: Горячий, days: 30", "label: Горячий, days: 15"))
    world.tools.settings._kept.update(kept)

    assert [row["action"] for row in robots(*foreseen)[1]["clients"]] == ["drop"]


def test_daily_on_a_portal_that_is_down_fails(world, monkeypatch):
    due_client(world)
    world.portal.faults.add("html_502", "batch", times=None)

    code, found = robots("daily", "--at", "2026-02-11T09:00")
    assert code == 1
    assert "not finished" in found["error"]


def test_daily_that_cannot_ask_for_the_time_begins_nothing(world, monkeypatch):
    def down(_stack: Stack) -> None:
        raise Busy("server.time", "NO_CONNECTION")

    monkeypatch.setattr(daily, "portal_of", down)
    assert robots("daily") == (
        1,
        {
            "error": "the portal does not answer (server.time: NO_CONNECTION); nothing was begun, "
            "and the schedule makes the day up"
        },
    )


def test_w8_the_schedule_leaves_a_portal_alone_whose_clock_is_another(world):
    """W8, D1: its days are run by hand; ours would drop everybody at once."""
    now = world.portal.clock.now()
    Heartbeat(boto3.client("dynamodb"), "MemoryTable", now.timestamp).note("client-status", -300 * 86400.0)

    assert fire({"time": now.isoformat()})["day"] == {"status": "not_due"}
    assert fire({"time": now.isoformat(), "by_hand": True})["day"]["status"] == "finished"


@pytest.mark.parametrize("days", [-300, 400])
def test_w8_a_firing_at_the_portals_own_time_is_run_whatever_our_clock_says(world, days):
    """W8, D1: time comes from the schedule's `time`, so that a year can be replayed."""
    now = world.portal.clock.now()
    ours = now - days * DAY
    Heartbeat(boto3.client("dynamodb"), "MemoryTable", ours.timestamp).note("client-status", days * 86400.0)

    assert fire({"time": (now + 40 * DAY).isoformat()})["day"]["status"] == "finished"


def test_w8_a_clock_that_was_moved_is_noted_at_once(world):
    """W8: not a minute after the last event."""
    heartbeat = Heartbeat(boto3.client("dynamodb"), "MemoryTable", lambda: 1000.0)

    heartbeat.note("client-status", 1.0)
    heartbeat.note("client-status", 86400.0)

    assert heartbeat.clocks("client-status") == (1000.0, 87400.0)


def test_w8_which_clock_a_portal_goes_by_is_told_by_its_webhooks_only():
    webhook = {"event": "ONCRMLEADADD", "item": "lead:1", "ts": 100, "received": 90.0, "base": "https://api.example"}
    fed = {"event": "ONCRMLEADUPDATE", "item": "lead:1", "ts": 500, "received": 500.0}

    assert clock_ahead({"Records": [{"body": json.dumps(webhook)}, {"body": json.dumps(fed)}, {"body": "{"}]}) == 10
    assert clock_ahead({"Records": [{"body": json.dumps(fed)}]}) is None
