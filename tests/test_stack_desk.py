"""The head's desk, a re-distribution and its undo by the command: a deployed stack, and a portal behind a socket."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from typer.testing import CliRunner

from admin.main import app
from local_aws import credentials
from sandbox.portal.core import Portal
from sandbox.portal.types import BY_NAME
from sandbox.seed import Company, company
from tests.support import sandbox
from tests.support.served import served
from tests.support.stack import TOKENS, LocalStack, turned_to

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

EXAMPLE = Path(__file__).parent / "settings.example.yaml"
MONDAY = "2026-01-12T09:00"
AFTERNOON = "2026-01-12T15:00"
TUESDAY = "2026-01-13T09:00"
FRESH = ("settings", "daily-run", "pages")

type Robots = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def portal() -> Portal:
    return sandbox.empty_portal()


@pytest.fixture(scope="module")
def office(portal: Portal) -> Company:
    return company(portal)


@pytest.fixture(scope="module")
def robots(
    stack: LocalStack, portal: Portal, office: Company, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Robots]:
    """The command, on the stack that works for that portal and has the example's settings, with what cards may say."""
    folder = tmp_path_factory.mktemp("local")
    place = {"webhooks": stack.base, "endpoint": stack.endpoint, "stack": "crm-robots", "region": stack.region}
    (folder / "stack.json").write_text(json.dumps(place))

    def run(*words: str) -> tuple[int, Any]:
        result = CliRunner().invoke(app, ["--json", *words], env={"LOCAL_DIR": str(folder)})
        assert result.stdout, result.output
        return result.exit_code, json.loads(result.stdout)

    with served(portal) as address:
        with turned_to(stack):
            before = credentials.stored(credentials.PORTAL)
            credentials.store(f"{address}/rest/{office.users['CRM']}/sandbox/", TOKENS)
        _restart(stack)
        code, report = run("publish", str(_settings(folder)))
        assert code == 0, report
        yield run
    with turned_to(stack):
        credentials.store(str(before), TOKENS)
    _restart(stack)


def _restart(stack: LocalStack) -> None:
    """Environments that hold the portal's secret for another minute are given up."""
    functions = stack.client("lambda")
    for name in FRESH:
        functions.update_function_configuration(FunctionName=f"crm-robots-{name}", Description=f"restarted {name}")


def _settings(folder: Path) -> Path:
    text = yaml.safe_load(EXAMPLE.read_text())
    clients = text["client_status"]
    clients["due_field"], clients["capacity"] = "UF_CRM_STATUS_DUE", 3
    clients["snooze"] = {"until_field": "UF_CRM_SNOOZE_UNTIL", "reason_field": "UF_CRM_SNOOZE_WHY", "most_days": 90}
    clients["skip_when"] = {"UF_CRM_TARGET_CLIENT": "НЕТ"}
    file = folder / "settings.yaml"
    file.write_text(yaml.safe_dump(text, allow_unicode=True, sort_keys=False))
    return file


@pytest.fixture(scope="module")
def cards(portal: Portal, office: Company, robots: Robots, tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """Five companies of one manager, imported: no webhook ever came."""
    manager = portal.as_user(office.users["Кузнецова"])
    made = [manager.create("company", title=f"Завод {number}") for number in range(1, 6)]
    rows = "".join(f"company;{number};hot;2026-01-0{place + 1}\n" for place, number in enumerate(made))
    file = tmp_path_factory.mktemp("rows") / "rows.csv"
    file.write_text("entity;id;status;since\n" + rows)
    assert robots("import", str(file))[0] == 0
    assert robots("daily", "--at", MONDAY)[1]["status"] == "finished"
    return made


def messages(portal: Portal, user: int) -> list[str]:
    return [str(row["text"]) for row in portal.as_user(user).notifications()]


def managers(portal: Portal, made: list[int]) -> list[int]:
    return [int(portal.as_user(1).read("company", number)["assignedById"]) for number in made]


def test_s8_publishing_fills_the_cards_and_import_keeps_them(portal, cards):
    """S8: reads all cards by the right of its own role."""
    shown = portal.as_user(1).read("company", cards[0])["UF_CRM_STATUS_DUE"]
    assert shown.startswith("2026-01-31")


def test_d10_d12_the_load_and_the_page_show_the_last_run_and_ask_the_portal_nothing(portal, office, robots, cards):
    """D10, D12: from the snapshot, through the API, with the rights of the pages' role."""
    code, found = robots("load")
    (one,) = found["managers"]
    assert (code, found["day"], one["name"], one["above"]) == (0, "2026-01-12", "Мария Кузнецова", True)
    assert one["clients"]["hot"] == len(cards)

    code, made = robots("load", "--link", "Игорь Петров")
    asked = []
    for _ in range(5):  # a robot of the running stack may ask for something of its own meanwhile
        before = len(portal.calls)
        page = httpx.get(made["link"], timeout=30)
        asked.append(len(portal.calls) - before)
    assert (code, page.status_code, min(asked)) == (0, 200, 0)
    assert "Мария Кузнецова" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    unknown = httpx.get(made["link"][:-3] + "xyz", timeout=30)
    assert (unknown.status_code, "Кузнецова" in unknown.text) == (404, False)
    assert robots("load", "--link", "Мария Кузнецова")[0] == 2


def test_d13_the_first_letter_has_a_link_that_opens(portal, office, robots, cards):
    """D13: before any webhook came."""
    (letter,) = (text for text in messages(portal, office.users["Петров"]) if "за неделю" in text)
    link = re.search(r"\[URL=(\S+/desk/\S+)\]", letter)

    assert link
    assert httpx.get(link[1], timeout=30).status_code == 200


def test_t4_after_publishing_the_dry_run_agrees_at_once(robots, cards, tmp_path):
    """T4: though the function is warm."""
    file = _settings(tmp_path)
    before = file.read_text()
    file.write_text(before.replace("label: Горячий\n    days: 30", "label: Горячий\n    days: 10"))
    assert file.read_text() != before
    at = ("--at", AFTERNOON)
    foreseen = robots("check", str(file), "--effect", *at)[1]["client_status"]
    try:
        assert robots("publish", str(file))[0] == 0
        shown = robots("daily", "--dry-run", "--at", f"{foreseen['day']}T09:00")[1]["clients"]
    finally:
        file.write_text(before)
        assert robots("publish", str(file))[0] == 0

    assert foreseen["drop"]["added"]
    for action in ("drop", "warn", "lost"):
        assert sorted(foreseen[action]["added"]) == sorted(one["item"] for one in shown if one["action"] == action)


def test_d14_t3_a_re_distribution_is_carried_out_and_taken_back_as_one_run(portal, office, robots, cards, tmp_path):
    """D14, T3: an undo of `rebalance` gives clients and their activities back; people hear only of what stayed."""
    giver, plan = office.users["Кузнецова"], tmp_path / "plan.json"
    todo = portal.activities.add_todo((BY_NAME["company"].id, cards[0]), giver, "2026-02-01T10:00:00+03:00")["id"]
    dry = robots("rebalance", "--most", "3", "--dry-run", "--plan", str(plan), "--at", AFTERNOON)[1]
    assert (dry["run"], managers(portal, cards)) == (None, [giver] * 5)

    code, done = robots("rebalance", "--plan", str(plan), "--yes", "--at", AFTERNOON)
    assert (code, done["moves"]) == (0, dry["moves"])
    moved = {int(one["client"].partition(":")[2]): one["to"] for one in done["moves"]}
    assert len(moved) == 2
    assert managers(portal, cards) == [moved.get(number, giver) for number in cards]

    kept = max(moved)
    portal.as_user(office.users["Соколова"]).update("company", kept, assignedById=office.users["Волкова"])
    code, undone = robots("undo", "--run", done["run"], "--at", AFTERNOON)
    assert (code, len(undone["stayed"]), undone["stayed"][0]["item"]) == (1, 1, f"company:{kept}")
    assert managers(portal, cards) == [office.users["Волкова"] if number == kept else giver for number in cards]
    assert portal.activities.get(todo)["RESPONSIBLE_ID"] == giver
    assert robots("undo", "--run", undone["run"], "--at", AFTERNOON)[1]["undone"] == []

    portal.clock.advance(timedelta(days=1))
    assert robots("daily", "--at", TUESDAY)[1]["status"] == "finished"
    assert not any("переданы" in text or "передан" in text for text in messages(portal, giver))
