"""Section 7: what people type in other ways than the help shows it, and what the command does not load."""

import json
import subprocess
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import boto3
import httpx
import pytest
from crm_robots.portal.errors import AccessLost
from crm_robots.robots.client_status.settings import Notifications
from crm_robots.settings.problems import nearest_names
from crm_robots.settings.publish import publish
from typer.testing import CliRunner

from admin import at_work
from admin.cards import item_of, kind_of
from admin.commands import redrive
from admin.main import app
from admin.moments import time_of
from admin.trouble import Trouble
from admin.verbs import VERBS
from tests.support import admin
from tests.support.settings_portal import Portal, example, make_desk

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01.12.2026", "2026-12-01T00:00:00+03:00"),
        ("1.12.2026 9:00", "2026-12-01T09:00:00+03:00"),
        ("01.12.2026 09:00", "2026-12-01T09:00:00+03:00"),
        ("2026-12-01", "2026-12-01T00:00:00+03:00"),
        ("2026-12-01T09:00+00:00", "2026-12-01T09:00:00+00:00"),
    ],
)
def test_section_7_a_time_may_be_written_the_russian_way(text, day):
    assert time_of(text, MOSCOW, "--at") == datetime.fromisoformat(day)


@pytest.mark.parametrize("text", ["31.02.2026", "вчера", "01.12.26", "01.12.2026 25:00"])
def test_section_7_what_is_no_time_is_answered_with_two_samples(text):
    with pytest.raises(Trouble, match=r"--since .*02\.03\.2026 09:00"):
        time_of(text, MOSCOW, "--since")


def test_section_7_a_kind_of_card_may_be_named_in_russian():
    assert (kind_of("Компания"), item_of("лид:17"), item_of("Deal: 5")) == ("company", "lead:17", "deal:5")


def test_section_7_a_robot_may_be_spelt_as_its_section():
    assert redrive._named("lost_deal") == "lost-deal"
    with pytest.raises(Trouble, match="one of qualification"):
        redrive._named("lost")


def test_section_7_a_time_of_day_needs_no_leading_zero():
    assert Notifications.model_validate({"at": "9:00"}).at == "09:00"


def test_p3_a_person_is_suggested_once():
    names = ["Анна Орлова", "Орлова Анна", "Анна Орехова", "Орехова Анна"]

    assert nearest_names("Анна Орлва", names) == ("Анна Орлова", "Анна Орехова")


def test_section_7_help_loads_neither_aws_nor_the_settings():
    """SECTION 7: the list of commands is a table, and each command's module is imported when it is called."""
    code = (
        "import sys; from typer.testing import CliRunner; from admin.main import app; "
        "shown = CliRunner().invoke(app, ['--help']).stdout; "
        "print([one for one in ('boto3', 'botocore', 'pydantic', 'httpx', 'holidays') if one in sys.modules]); "
        f"print(all(one in shown for one in {list(VERBS)}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.splitlines() == ["[]", "True"]


@pytest.mark.parametrize(
    "words",
    [
        ("undo", "--entity", "lead:17"),
        ("requisites", "company", "5"),
        ("rebalance", "--most", "5", "--dry-run"),
        ("load", "--department", "Продажи"),
        ("reindex",),
        ("daily",),
        ("export", "cards.csv", "--entity", "company"),
    ],
    ids=lambda words: words[0],
)
def test_f2_a_revoked_webhook_is_told_within_seconds_with_the_next_step(revoked, words):
    """F2: a command does not wait with the robots, whom the shared budget holds back."""
    begun = time.monotonic()

    result = CliRunner().invoke(app, ["--json", *words])

    assert time.monotonic() - begun < 5
    assert result.exit_code == 1, result.output
    told = json.loads(result.stdout)["error"]
    assert "the portal refuses us: incoming webhook: revoked or expired" in told
    assert "make a new incoming webhook, as an administrator" in told


@pytest.fixture
def revoked(dynamodb, monkeypatch, tmp_path):
    """A stack whose settings are in force, and whose webhook somebody deleted since; robots are held back already."""
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samconfig.toml").write_text(f'[default.global.parameters]\nstack_name = "{admin.NAME}"\n')
    admin.deploy()
    texts = example()
    texts["conversion"] = texts["conversion"].replace("party_directory: none", "party_directory: dadata")
    assert not publish(texts, make_desk(dynamodb, Portal()), whole_file=True).refused
    webhook = "https://acme.bitrix24.example/rest/1/secret/"
    boto3.client("ssm").put_parameter(Name=f"/{admin.NAME}/secrets/portal-webhook", Value=webhook, Type="SecureString")
    refusal = httpx.Response(401, json={"error": "NO_AUTH_FOUND", "error_description": "Wrong authorization data"})
    wired = httpx.Client(transport=httpx.MockTransport(lambda _: refusal))
    monkeypatch.setattr(at_work.httpx, "Client", lambda **_: wired)
    with pytest.raises(AccessLost):
        at_work.portal_of(admin.stack()).call("server.time")
