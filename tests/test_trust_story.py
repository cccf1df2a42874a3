"""T1–T3 as an administrator uses them: journal, inspect and undo at the keyboard, over the sandbox portal."""

import json
from datetime import timedelta
from types import SimpleNamespace

import boto3
import httpx
import pytest
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.qualification.robot import QualificationRobot
from typer.testing import CliRunner

from admin import at_work
from admin.main import app
from admin.portrait import Portrait
from sandbox.transport import PortalTransport
from tests.support import admin
from tests.support.client_status import FIELD
from tests.support.days import client, fire, label
from tests.support.world import EXAMPLE, World, new_world


@pytest.fixture
def world(monkeypatch, tmp_path):
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "300")
    for made in new_world({"client-status": ClientStatusRobot, "qualification": QualificationRobot}):
        made.publish(EXAMPLE.read_text())
        admin.deploy()
        name = f"/{admin.NAME}/secrets/portal-webhook"
        boto3.client("ssm").put_parameter(Name=name, Value=made.office.webhook, Type="SecureString")
        wired = httpx.Client(transport=PortalTransport(made.portal))
        monkeypatch.setattr(at_work.httpx, "Client", lambda wired=wired, **_: wired)
        yield made


def said(*words: object) -> str:
    """What a person reads."""
    return CliRunner().invoke(app, [str(word) for word in words]).stdout


def told(*words: object) -> tuple[int, dict]:
    """What a program reads."""
    result = CliRunner().invoke(app, ["--json", *map(str, words)])
    return result.exit_code, json.loads(result.stdout)


def dropped(world: World) -> int:
    number = client(world)
    world.portal.clock.advance(timedelta(days=60))
    fire(world)
    world.settle()
    return number


def test_t1_t3_a_run_is_read_and_taken_back_at_the_keyboard(world):
    number = dropped(world)
    run = "daily-2026-03-13"
    rows = told("journal", "--run", run)[1]
    assert [row["new_text"] for row in rows if row["field"] == FIELD] == ["Тёплый"]
    assert "Ежедневный запуск за 13.03.2026" in said("journal", "--entity", f"company:{number}")

    assert "Статус клиента: Тёплый → Горячий" in said("undo", "--run", run, "--dry-run")
    assert label(world, "company", number) == "Тёплый"
    code, found = told("undo", "--run", run)
    assert (code, len(found["undone"]), found["stayed"]) == (0, 1, [])
    assert found["undone"][0]["field_label"] == "Статус клиента"
    assert found["made"]
    assert label(world, "company", number) == "Горячий"
    assert next(row["robot"] for row in told("journal", "--run", found["run"])[1]) == "undo"

    assert told("undo", "--run", run) == (0, {"run": None, "undone": [], "stayed": [], "made": []})
    assert told("undo", "--run", found["run"])[1]["undone"] == []


def test_t3_what_stayed_ends_with_one_and_says_why(world):
    number = dropped(world)
    world.person("Петров").update("company", number, **{FIELD: "Холодный"})
    code, found = told("undo", "--entity", f"company:{number}", "--since", "2026-03-13T00:00")

    assert code == 1
    assert found["stayed"][0]["reason"] == "с тех пор изменено"
    assert told("undo", "--entity", f"company:{number}", "--since", "2030-01-01")[1]["stayed"] == []


def test_t2_a_timer_says_what_stands_and_what_happens_next(world):
    number = client(world)
    text = said("inspect", "company", number)

    assert "Статус «Горячий» с 12.01.2026." in text
    assert "11.02.2026 статус станет «Тёплый», если до этого не будет звонка, сделки или другого статуса." in text
    assert "Звонков роботы не видели." in text
    assert '"status"' not in text


def test_t2_each_robots_view_and_raw_is_what_is_stored(world):
    petrov = world.person("Петров")
    lead = petrov.create("lead", title="Нитки", stageId="IN_PROCESS", UF_CRM_DIRECTION="Оптовик")
    world.settle()
    petrov.update("lead", lead, stageId="QUALIFIED")
    world.settle()
    text = said("inspect", "lead", lead)

    assert "направление «Оптовик»; не хватает: " in text
    assert "UF_CRM" not in text.partition("when")[0]
    raw = json.loads(said("inspect", "lead", lead, "--raw"))
    assert raw["robots"]["qualification"]["saw"]["announced"]


def test_t2_what_a_contract_lacks_is_told_in_words():
    """T2, C11: no codes of the settings."""
    words = SimpleNamespace(language="ru")

    line = Portrait(words, "company", None).robot("conversion", {"saw": {"outcome": "inn,head"}})
    assert "ИНН, руководитель" in line
