"""D14: `robots rebalance` on a stack in moto and the sandbox portal."""

import json
from datetime import datetime, timedelta

import boto3
import httpx
import pytest
from crm_robots.robots.daily import rebalance as words
from typer.testing import CliRunner

from admin import at_work
from admin.main import app
from sandbox.portal.types import BY_NAME
from sandbox.transport import PortalTransport
from tests.support import admin
from tests.support.chaos import Chaos, ChaoticClient, ChaoticTransport, Killed
from tests.support.days import DAY, ROBOTS, client, fire, messages, timer
from tests.support.world import World, new_world


@pytest.fixture
def world(monkeypatch, tmp_path):
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    for made in new_world(ROBOTS):
        made.publish()
        admin.deploy()
        name = f"/{admin.NAME}/secrets/portal-webhook"
        boto3.client("ssm").put_parameter(Name=name, Value=made.office.webhook, Type="SecureString")
        transport = ChaoticTransport(PortalTransport(made.portal), lambda made=made: made.chaos)
        wired = httpx.Client(transport=transport)
        monkeypatch.setattr(at_work.httpx, "Client", lambda wired=wired, **_: wired)
        yield made


def robots(*given):
    result = CliRunner().invoke(app, ["--json", "rebalance", *(str(word) for word in given)])
    if isinstance(result.exception, Killed):
        raise result.exception
    return result.exit_code, json.loads(result.stdout)


def kuznetsova_has(world: World, count: int) -> list[int]:
    return [client(world, "Кузнецова", "Холодный", name=f"Клиент {number}") for number in range(count)]


def responsible(world: World, number: int) -> str:
    found = int(world.portal.items.get(4, number)["assignedById"])
    return next(name for name, user in world.office.users.items() if user == found)


def test_d14_a_dry_run_proposes_and_changes_nothing(world):
    first, *_ = numbers = kuznetsova_has(world, 3)
    users = world.office.users

    code, found = robots("--most", 2, "--dry-run")

    move = {
        "client": f"company:{first}",
        "title": "Клиент 0",
        "from": users["Кузнецова"],
        "to": users["Петров"],
        "last_call": None,
    }
    assert (code, found) == (0, {"run": None, "moves": [move], "stays": []})
    assert {responsible(world, number) for number in numbers} == {"Кузнецова"}


def test_d14_clients_change_hands_with_their_activities_as_one_run_and_people_hear_the_next_day(world):
    first, *others = kuznetsova_has(world, 3)
    owner = BY_NAME["company"].id, first
    todo = world.portal.activities.add_todo(owner, world.office.users["Кузнецова"], "2027-01-01T00:00:00+03:00")
    before = timer(world, f"company:{first}")
    fire(world)

    code, found = robots("--most", 2, "--yes", "--at", "2026-01-12T12:00")
    world.settle()

    assert (code, len(found["moves"]), found["stays"]) == (0, 1, [])
    assert found["run"] == f"rebalance-{int(datetime.fromisoformat('2026-01-12T12:00+03:00').timestamp())}"
    assert responsible(world, first) == "Петров"
    assert {responsible(world, number) for number in others} == {"Кузнецова"}
    assert world.portal.activities.get(todo["id"])["RESPONSIBLE_ID"] == world.office.users["Петров"]
    assert timer(world, f"company:{first}") == before
    assert "клиент передан, чтобы распределить нагрузку: Мария Кузнецова → Игорь Петров." in "".join(
        world.comments("company", first)
    )
    rows = CliRunner().invoke(app, ["--json", "journal", "--run", found["run"]])
    (row,) = [one for one in json.loads(rows.stdout) if one["field"] == "ASSIGNED_BY_ID"]
    assert (row["rule"], row["old_text"], row["new_text"]) == ("D14", "Мария Кузнецова", "Игорь Петров")
    assert messages(world, "Петров") == messages(world, "Кузнецова") == []

    for _ in range(2):
        world.portal.clock.advance(DAY)
        assert fire(world).status == "finished"

    (given,), (got,) = messages(world, "Кузнецова"), messages(world, "Петров")
    assert "Клиенты, переданные другим сотрудникам: 1" in given
    assert "Клиент 0[/URL]: новый ответственный — Игорь Петров" in given
    assert "Клиенты, переданные вам: 1" in got
    assert robots("--most", 2, "--yes") == (0, {"run": None, "moves": [], "stays": []})


def test_d14_a_hand_over_that_was_taken_back_is_told_to_nobody(world):
    first, *_ = kuznetsova_has(world, 2)
    robots("--most", 1, "--yes")
    world.person("Петров").update("company", first, assignedById=world.office.users["Кузнецова"])
    world.settle()
    world.portal.clock.advance(DAY)
    fire(world)

    assert messages(world, "Кузнецова") == messages(world, "Петров") == []


def test_d14_t3_undo_of_the_run_gives_card_and_activities_back(world):
    first, _ = kuznetsova_has(world, 2)
    owner, kuznetsova = (BY_NAME["company"].id, first), world.office.users["Кузнецова"]
    todo = world.portal.activities.add_todo(owner, kuznetsova, "2027-01-01T00:00:00+03:00")
    _, found = robots("--most", 1, "--yes")
    world.settle()
    assert responsible(world, first) == "Петров"

    undone = json.loads(CliRunner().invoke(app, ["--json", "undo", "--run", found["run"]]).stdout)

    assert (responsible(world, first), undone["stayed"]) == ("Кузнецова", [])
    assert world.portal.activities.get(todo["id"])["RESPONSIBLE_ID"] == kuznetsova


def test_d14_open_deals_calls_pauses_and_the_absent_are_respected(world):
    person = world.person("Кузнецова")
    deal, called, untold, free = kuznetsova_has(world, 4)
    person.create("deal", title="Сделка", companyId=deal)
    person.call("company", called)
    world.settle()
    world.portal.outbox.faults.drop = 1.0
    person.call("company", untold)
    world.events()
    now = world.portal.clock.now()
    world.portal.people.absent(world.office.users["Петров"], now - timedelta(hours=2), now + timedelta(days=3))

    code, found = robots("--most", 1, "--dry-run", "--department", "отдел продаж")

    moved = [(one["client"], one["to"]) for one in found["moves"]]
    assert (code, moved) == (0, [(f"company:{free}", world.office.users["Смирнов"])])
    assert {one["client"]: one["why"] for one in found["stays"]}.items() <= {
        f"company:{deal}": words.OPEN_DEAL,
        f"company:{called}": words.CALLED,
        f"company:{untold}": words.CALLED,
    }.items()
    assert len(found["stays"]) == 2
    assert robots("--most", 1, "--dry-run", "--department", "Розничные продажи")[1]["moves"] == []
    assert robots("--most", 1, "--dry-run", "--status", "горячий")[1]["moves"] == []


def test_d14_a_kept_proposal_is_carried_out_as_far_as_it_holds(world, tmp_path):
    first, second, _ = kuznetsova_has(world, 3)
    file = tmp_path / "plan.json"
    _, proposed = robots("--most", 1, "--dry-run", "--plan", file)
    kept = json.loads(file.read_text())
    world.person("Кузнецова").call("company", first)
    world.settle()

    code, found = robots("--plan", file, "--yes")

    assert (kept["moves"], kept["most"]) == (proposed["moves"], 1)
    assert (code, found["moves"]) == (0, [proposed["moves"][1]])
    assert [(one["client"], one["why"]) for one in found["stays"]] == [(f"company:{first}", words.CALLED)]
    assert (responsible(world, first), responsible(world, second)) == ("Кузнецова", "Смирнов")
    assert [one["why"] for one in robots("--plan", file, "--yes")[1]["stays"]] == [words.CALLED, words.DONE]


@pytest.mark.parametrize(
    "given",
    [
        ["--most", "2"],
        ["--yes"],
        ["--most", "2", "--yes", "--status", "жаркий"],
        ["--most", "2", "--yes", "--department", "Нет такого"],
        ["--most", "2", "--yes", "--at", "вчера"],
        ["--most", "2", "--yes", "--plan", "nowhere.json"],
        ["--most", "0", "--yes"],
    ],
)
def test_d14_what_cannot_be_done_is_one_line_and_exit_status_2(world, given):
    code, found = robots(*given)

    assert code == 2
    assert found["error"]


def test_d14_a_file_that_is_no_proposal_is_one_line(world, tmp_path):
    file = tmp_path / "plan.json"
    file.write_text("[]")

    code, found = robots("--plan", file, "--yes")

    assert code == 2
    assert "is no proposal" in found["error"]


def test_d14_people_see_who_gives_and_who_gets(world):
    kuznetsova_has(world, 3)

    shown = CliRunner().invoke(app, ["rebalance", "--most", "2", "--dry-run"]).stdout

    assert "Мария Кузнецова" in shown
    assert "Клиент 0 (звонков не было), Мария Кузнецова → Игорь Петров" in shown
    assert "Будет передано клиентов: 1; останется: 0." in shown


def test_d14_a_change_that_the_portal_refuses_stays_and_exit_status_says_so(world):
    kuznetsova_has(world, 2)
    world.portal.faults.add("sentence", "crm.item.update", times=9, inner=True)

    code, found = robots("--most", 1, "--yes")

    assert (code, found["run"], found["moves"]) == (1, None, [])
    assert [one["why"] for one in found["stays"]] == ["Bitrix24 refused the change"]


def test_d14_killed_at_any_moment_and_called_again_it_does_what_is_missing(world, monkeypatch):
    numbers = kuznetsova_has(world, 5)
    dynamodb = at_work.MemoryTable
    monkeypatch.setattr(
        at_work, "MemoryTable", lambda found, table: dynamodb(ChaoticClient(found, lambda: world.chaos), table)
    )
    timers = at_work.TimersTable
    monkeypatch.setattr(
        at_work, "TimersTable", lambda found, table: timers(ChaoticClient(found, lambda: world.chaos), table)
    )
    moment, killed = 0, 0
    while True:
        for number in numbers:
            world.person("Кузнецова").update("company", number, assignedById=world.office.users["Кузнецова"])
        world.settle()
        before = {number: len(world.comments("company", number)) for number in numbers}
        world.chaos = Chaos(moment)
        try:
            robots("--most", 2, "--yes")
        except Killed:
            killed += 1
        else:
            break
        finally:
            world.chaos = Chaos()
        world.portal.clock.advance(timedelta(minutes=5))
        code, found = robots("--most", 2, "--yes")
        assert code == 0, found
        owners = sorted(responsible(world, number) for number in numbers)
        assert owners == ["Кузнецова"] * 2 + ["Петров"] * 2 + ["Смирнов"], moment
        said = [len(world.comments("company", number)) - before[number] for number in numbers]
        assert sorted(said) == [0, 0, 1, 1, 1], moment
        moment += 9
    assert killed > 3
