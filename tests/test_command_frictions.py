"""Section 7: what people type in other ways than the help shows it, and what the command does not load."""

import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from crm_robots.robots.client_status.settings import Notifications
from crm_robots.settings.problems import nearest_names

from admin.cards import item_of, kind_of
from admin.commands import redrive
from admin.moments import time_of
from admin.trouble import Trouble
from admin.verbs import VERBS

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
