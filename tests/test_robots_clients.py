"""`robots reindex` and `robots import` on a stack in moto and the sandbox portal."""

import json

import boto3
import httpx
import pytest
from crm_robots.portal.limiter import Parked, too_long
from crm_robots.robots.client_status.robot import ClientStatusRobot
from typer.testing import CliRunner

from admin import at_work
from admin.main import app
from admin.spreadsheet import rows
from sandbox.transport import PortalTransport
from tests.support import admin
from tests.support.client_status import FIELD
from tests.support.world import new_world
from tests.test_client_status_robot import label, timer


@pytest.fixture
def world(monkeypatch, tmp_path):
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    for made in new_world({"client-status": ClientStatusRobot}):
        made.publish()
        admin.deploy()
        name = f"/{admin.NAME}/secrets/portal-webhook"
        boto3.client("ssm").put_parameter(Name=name, Value=made.office.webhook, Type="SecureString")
        wired = httpx.Client(transport=PortalTransport(made.portal))
        monkeypatch.setattr(at_work.httpx, "Client", lambda wired=wired, **_: wired)
        yield made


def robots(*words):
    result = CliRunner().invoke(app, ["--json", *(str(word) for word in words)])
    return result.exit_code, json.loads(result.stdout)


def test_reindex_tells_what_it_did(world):
    number = world.person("Петров").create("company", title="Ромашка", **{FIELD: "Горячий"})

    code, found = robots("reindex")

    assert (code, found["cards"], found["started"]) == (0, 1, 1)
    assert timer(world, f"company:{number}").since == world.portal.clock.now().date()
    assert robots("inspect", "company", number)[1]["timer"] == {
        "status": "hot",
        "since": "2026-01-12",
        "due": "2026-02-11",
        "last_call": None,
        "paused": None,
    }


@pytest.mark.parametrize(("host", "is_used"), [("portal.bitrix24.test", True), ("another.example", False)])
def test_p6_reindex_reads_lists_with_the_webhook_for_scans(world, host, is_used):
    owner = world.office.users["CRM"]
    scans = world.portal.incoming.add(owner, "scans", ["crm"])
    name = f"/{admin.NAME}/secrets/scan-webhook"
    boto3.client("ssm").put_parameter(Name=name, Value=f"https://{host}/rest/{owner}/scans/", Type="SecureString")

    assert robots("reindex")[0] == 0

    assert bool(world.portal.limits.spent(scans, "crm.item.list")) is is_used


@pytest.mark.parametrize("name", ["clients.csv", "clients.xlsx"])
def test_section_7_import_reads_back_what_export_wrote(world, tmp_path, name):
    """SECTION 7: and a title that begins like a formula stays a title."""
    person = world.person("Петров")
    number = person.create("company", title="=1+1", **{FIELD: "Горячий"})
    person.create("company", title="Без статуса", **{FIELD: ""})
    world.settle()

    code, told = robots("export", tmp_path / name, "--entity", "company")
    (first, *_) = [cells for _, cells in rows(tmp_path / name)]

    assert (code, told["cards"]) == (0, 2)
    assert (first["entity"], first["id"], first["status"], first["since"]) == (
        "company",
        str(number),
        "Горячий",
        "2026-01-12",
    )
    assert robots("import", tmp_path / name)[1]["imported"] >= 1


def test_inspect_says_where_there_is_no_such_card(world):
    """7: a number with a slip is no card that merely has no timer yet."""
    number = world.person("Петров").create("deal", title="Ромашка")

    code, found = robots("inspect", "deal", number)
    assert (code, found["timer"]) == (0, None)

    code, found = robots("inspect", "deal", number + 1)
    assert (code, f"there is no deal {number + 1} on the portal" in found["error"]) == (1, True)


@pytest.mark.parametrize("words", [("reindex",), ("inspect", "lead", 777)])
def test_f2_a_command_says_which_right_is_missing(world, monkeypatch, words):
    """F2: a revoked webhook is called one, whichever command meets it."""
    name = f"/{admin.NAME}/secrets/portal-webhook"
    revoked = world.office.webhook.rstrip("/") + "x/"
    boto3.client("ssm").put_parameter(Name=name, Value=revoked, Type="SecureString", Overwrite=True)

    code, found = robots(*words)

    assert (code, "incoming webhook: revoked or expired" in found["error"]) == (1, True)


@pytest.mark.parametrize("words", [("reindex",), ("daily",), ("export", "x.csv", "--entity", "company")])
def test_f2_a_revoked_webhook_is_told_at_once_though_the_robots_hold_requests_back(world, monkeypatch, words):
    """F2: the shared budget is closed for as long as robots are refused; the command says why, and what to do."""
    name = f"/{admin.NAME}/secrets/portal-webhook"
    revoked = world.office.webhook.rstrip("/") + "x/"
    boto3.client("ssm").put_parameter(Name=name, Value=revoked, Type="SecureString", Overwrite=True)

    def wait(*_methods, **_how):
        raise too_long(20.0)

    monkeypatch.setattr("crm_robots.engine.shared_limiter.SharedLimiter.wait", wait)

    code, found = robots(*words)

    assert (code, "revoked or expired" in found["error"], "make a new incoming webhook" in found["error"]) == (
        1,
        True,
        True,
    )


@pytest.mark.parametrize("words", [("reindex",), ("inspect", "lead", 777), ("daily",)])
@pytest.mark.parametrize("parked", [False, True])
def test_f2_a_command_that_gets_no_turn_says_where_to_look(world, monkeypatch, words, parked):
    """F2: robots that are refused hold all requests back, so a command waits in vain and never meets the refusal."""

    def no_turn(*_methods, **_how):
        if parked:
            limits = Parked()
            limits.until["park server.time"] = 20.0
            limits.refuse({"server.time"}, 0.0, background=True)
        raise too_long(20.0)

    monkeypatch.setattr("crm_robots.engine.shared_limiter.SharedLimiter.wait", no_turn)

    code, found = robots(*words)

    assert (code, "`robots doctor` tells which" in found["error"]) == (1, True)


def test_import_skips_bad_rows_names_them_and_says_so_by_its_exit_status(world, tmp_path):
    number = world.person("Петров").create("company", title="Ромашка", **{FIELD: "Горячий"})
    world.settle()
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"entity,id,status,since\ncompany,{number},Холодный,2026-01-02\n")
    bad.write_text(f"entity,id,status\ncompany,{number},Жаркий\ncompany,{number},Тёплый\n")

    code, found = robots("import", good)
    assert (code, found["imported"], found["refused"]) == (0, 1, [])
    assert label(world, "company", number) == "Холодный"
    assert [entry["rule"] for entry in robots("journal", "--run", found["run"])[1]] == ["import"]

    code, found = robots("import", bad)
    assert (code, found["imported"], [one["row"] for one in found["refused"]]) == (1, 1, [2])
    assert label(world, "company", number) == "Тёплый"


def test_section_7_import_judges_rows_without_writing_anything(world, tmp_path):
    number = world.person("Петров").create("company", title="Ромашка", **{FIELD: "Горячий"})
    world.settle()
    file = tmp_path / "rows.csv"
    file.write_text(f"entity,id,status\ncompany,{number},Холодный\ncompany,{number + 1},Холодный\n")

    code, found = robots("import", file, "--dry-run")

    assert (code, found["imported"], found["run"]) == (1, 1, None)
    assert [one["row"] for one in found["refused"]] == [3]
    assert label(world, "company", number) == "Горячий"


def test_import_of_a_file_that_is_none_is_one_line(world, tmp_path):
    code, found = robots("import", tmp_path / "nothing.csv")

    assert code == 1
    assert "nothing.csv" in found["error"]
