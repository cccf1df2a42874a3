"""`robots inspect`, `journal`, `redrive`, `doctor` on a stack in moto."""

import json
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from crm_robots.portal.queue_addresses import QueueAddresses
from crm_robots.records.heartbeat import Heartbeat
from crm_robots.records.journal import Entry, Journal
from crm_robots.records.memory import MemoryTable
from crm_robots.records.settings_store import Stored
from crm_robots.settings.publish import publish
from crm_robots.settings.review import hash_of
from crm_robots.shared.plan import Record
from typer.testing import CliRunner

from admin.commands import doctor
from admin.doctor.account import account
from admin.doctor.addresses import addresses
from admin.main import app
from admin.stack import Stack
from admin.trouble import Trouble
from tests.support import admin
from tests.support.settings_portal import Portal, example, make_desk

NOON = int(datetime(2026, 1, 10, 9, tzinfo=UTC).timestamp())


@pytest.fixture
def robots(dynamodb, monkeypatch, tmp_path):
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    admin.deploy()

    def run(*words):
        result = CliRunner().invoke(app, ["--json", *(str(word) for word in words)])
        return result.exit_code, json.loads(result.stdout)

    return run


def entry(number: str, **changes) -> Entry:
    usual = {"item": "company:42", "robot": "client-status", "rule": number, "action": "update_item", "number": number}
    return Entry(
        **usual | {"event": "ONCRMCOMPANYUPDATE", "ts": NOON, "field": "UF_X", "old": "1", "new": "2"} | changes
    )


def test_journal_shows_an_item_newest_last_in_the_portals_zone(robots, dynamodb):
    Journal(dynamodb, "JournalTable").write(
        [entry("2", ts=NOON + 60), entry("1"), entry("3", item="lead:1"), entry("4", ts=NOON + 90, run="day")]
    )

    code, found = robots("journal", "--entity", "company:42")
    assert code == 0
    assert [one["rule"] for one in found] == ["1", "2", "4"]
    assert found[0]["at"] == "2026-01-10T12:00:00+03:00"

    assert [one["rule"] for one in robots("journal", "--run", "day")[1]] == ["4"]
    since = ("--since", "2026-01-10T12:01")
    assert [one["rule"] for one in robots("journal", "--entity", "company:42", *since)[1]] == ["2", "4"]


def test_journal_without_a_choice_shows_what_was_lately_written_whatever_the_portals_clock_said(robots, dynamodb):
    now = int(datetime.now(UTC).timestamp())
    Journal(dynamodb, "JournalTable").write([entry("2", ts=now), entry("1")])

    assert [one["rule"] for one in robots("journal")[1]] == ["1", "2"]
    assert [one["rule"] for one in robots("journal", "--since", "2026-06-01")[1]] == ["2"]


def test_section_7_journal_of_a_kind_that_is_none_is_one_clear_error(robots, dynamodb):
    """SECTION 7: a mistyped kind must not look like a card that nobody touched."""
    Journal(dynamodb, "JournalTable").write([entry("1")])

    assert [one["rule"] for one in robots("journal", "--entity", "Company:42")[1]] == ["1"]
    code, found = robots("journal", "--entity", "companies:42")
    assert (code, found["error"]) == (1, "companies is no kind of item; there are lead, deal, contact, company")


def test_inspect_of_a_card_without_a_timer_says_null(robots, dynamodb):
    MemoryTable(dynamodb, "MemoryTable").save(Record("deal:5", "lost-deal", memory='{"stage_id":"LOSE"}'))

    code, found = robots("inspect", "deal", 5)

    assert code == 0
    assert found["timer"] is None
    assert found["robots"] == {"lost-deal": {"saw": {"stage_id": "LOSE"}, "unfinished": False, "refused": ""}}


def test_inspect_shows_days_of_the_portals_zone(robots, dynamodb):
    late = int(datetime(2026, 1, 10, 22, tzinfo=UTC).timestamp())  # already the 11th in Moscow
    row = {"status": {"S": "hot"}, "since": {"S": "2026-01-05"}, "last_call": {"N": str(late)}, "version": {"N": "1"}}
    dynamodb.put_item(TableName="TimersTable", Item={"item": {"S": "company:42"}, **row})

    timer = robots("inspect", "company", 42)[1]["timer"]

    assert timer == {"status": "hot", "since": "2026-01-05", "due": None, "paused": None, "last_call": "2026-01-11"}


def test_inspect_of_a_wrong_kind_is_one_clear_error(robots):
    code, found = robots("inspect", "client", 5)

    assert code == 1
    assert "there are lead, deal, contact, company" in found["error"]


def test_f1_redrive_puts_dead_letters_back_in_their_order(robots):
    sqs, stack = boto3.client("sqs"), admin.stack()
    for number in range(12):
        sqs.send_message(
            QueueUrl=stack.dead_letters("lost-deal"),
            MessageBody=str(number),
            MessageGroupId=f"deal:{number % 2}",
            MessageDeduplicationId=str(number),
        )

    assert robots("redrive", "lost-deal") == (0, {"redriven": {"lost-deal": 12}})

    found: dict[str, list[int]] = {}
    while rows := sqs.receive_message(
        QueueUrl=stack.queue("lost-deal"), MaxNumberOfMessages=10, AttributeNames=["All"]
    ).get("Messages"):
        for row in rows:
            found.setdefault(row["Attributes"]["MessageGroupId"], []).append(int(row["Body"]))
            sqs.delete_message(QueueUrl=stack.queue("lost-deal"), ReceiptHandle=row["ReceiptHandle"])
    assert found == {"deal:0": [0, 2, 4, 6, 8, 10], "deal:1": [1, 3, 5, 7, 9, 11]}
    assert robots("redrive") == (0, {"redriven": dict.fromkeys(found_robots(), 0)})


def test_f1_redrive_ends_though_a_message_is_given_up_again_at_once(robots, monkeypatch):
    """F1: one that no robot can read comes back within a second, and must not go round for ever."""
    stack, call, begun = admin.stack(), BaseClient._make_api_call, time.monotonic()
    boto3.client("sqs").send_message(
        QueueUrl=stack.dead_letters("routing"), MessageBody="?", MessageGroupId="x", MessageDeduplicationId="x"
    )

    def bounded(client, name, arguments):
        assert time.monotonic() - begun < 20
        return call(client, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", bounded)
    monkeypatch.setattr("admin.stack.Stack.queue", Stack.dead_letters)

    code, found = robots("redrive", "routing")

    assert (code, found["redriven"]["routing"] >= 1) == (0, True)


def found_robots():
    return ["qualification", "conversion", "routing", "lost-deal", "client-status"]


def levels(document, part):
    return {one["name"]: one["level"] for one in document["findings"] if one["name"].startswith(part)}


def test_doctor_on_an_empty_stack_says_what_to_do_first(robots):
    code, found = robots("doctor")

    assert code == 1
    assert levels(found, "tokens") == {"tokens": "wrong"}
    assert levels(found, "settings: portal") == {"settings: portal": "wrong"}
    assert all(one["todo"] for one in found["findings"] if one["level"] == "wrong")


def test_doctor_names_the_address_for_the_first_webhook(robots, dynamodb):
    publish(example(), make_desk(dynamodb, Portal()), whole_file=True)

    (first, *_) = [one for one in robots("doctor")[1]["findings"] if one["name"].startswith("last event")]

    assert "https://api.example/prod/webhooks/all" in first["todo"]


def test_doctor_of_a_healthy_stack_exits_0(robots, dynamodb, monkeypatch):
    ssm = boto3.client("ssm")
    for name in ("portal-webhook", "application-tokens"):
        ssm.put_parameter(Name=f"/{admin.NAME}/secrets/{name}", Value="http://x/rest/1/secret/", Type="SecureString")
    for name, text in example().items():
        ssm.put_parameter(Name=f"/{admin.NAME}/settings/{name}", Value=text, Type="String")
    publish(example(), make_desk(dynamodb, Portal()), whole_file=True)
    Heartbeat(dynamodb, "MemoryTable").note("lost-deal", 0.0)
    monkeypatch.setattr(doctor, "portal", lambda stack, on, *, only_leads: iter(()))

    code, found = robots("doctor")

    assert code == 0, found
    assert levels(found, "last event: lost-deal") == {"last event: lost-deal": "ok"}
    assert "secret" not in json.dumps([one["text"] for one in found["findings"] if "rest/1" in one["text"]])


def test_doctor_says_that_webhooks_are_taken_from_anywhere(robots):
    assert levels(robots("doctor")[1], "queue addresses") == {"queue addresses": "ok"}


@pytest.mark.parametrize(
    ("age", "level", "words"),
    [
        (None, "note", "no list yet"),
        (60, "ok", "on: 2 listed, 0 that left, as of 1 min ago"),
        (1200, "wrong", "any address is let in; 2 listed, 0 that left, as of 20 min ago"),
    ],
)
def test_doctor_says_how_old_the_list_of_queue_addresses_is(dynamodb, monkeypatch, tmp_path, age, level, words):
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    admin.deploy(QueueAddressesFunction="crm-robots-queue-addresses")
    if age is not None:
        kept = QueueAddresses().followed_by(("3.217.33.54/32", "2001:db8::/32"), int(time.time()) - age)
        boto3.client("ssm").put_parameter(
            Name=f"/{admin.NAME}/state/queue-addresses", Value=kept.text(), Type="String", Tier="Intelligent-Tiering"
        )

    (found,) = addresses(admin.stack())

    assert (found.level, bool(found.todo)) == (level, level != "ok")
    assert words in found.text


@pytest.mark.parametrize(
    ("secret", "value", "name", "words"),
    [
        ("portal-webhook", "TODO", "portal", "what is set is no address"),
        ("portal-webhook", "http://127.0.0.1:9/rest/1/x/", "portal", "127.0.0.1:9 does not answer"),
        ("application-tokens", "token1,token2", "tokens", "2 of 2 look like a sample"),
    ],
)
def test_doctor_knows_a_secret_that_is_none(robots, dynamodb, secret, value, name, words):
    """7: whatever stands in a parameter, the doctor says what to do, and shows nothing of it."""
    boto3.client("ssm").put_parameter(Name=f"/{admin.NAME}/secrets/{secret}", Value=value, Type="SecureString")

    _, found = robots("doctor")

    (line,) = [one for one in found["findings"] if one["name"] == name]
    assert words in line["text"]
    assert line["todo"]


@pytest.mark.parametrize(("state", "level"), [("ENABLED", "ok"), ("DISABLED", "wrong"), (None, "wrong")])
def test_doctor_sees_whether_the_schedule_is_on(robots, dynamodb, state, level):
    """7, D1: without the schedule no day begins, and nothing else would say so for a day."""
    scheduler = boto3.client("scheduler")
    if state:
        scheduler.update_schedule(**admin.SCHEDULE, State=state)
    else:
        scheduler.delete_schedule(Name=admin.SCHEDULE["Name"])

    _, found = robots("doctor")

    (line,) = [one for one in found["findings"] if one["name"] == "schedule"]
    assert (line["level"], bool(line["todo"])) == (level, level != "ok")


@pytest.mark.parametrize(
    ("operation", "part"),
    [("GetSchedule", "schedule"), ("GetQueueAttributes", "dead letters"), ("GetItem", "settings")],
)
def test_section_7_doctor_tells_what_it_may_not_look_at_and_goes_on_with_the_rest(
    robots, dynamodb, monkeypatch, operation, part
):
    """SECTION 7: one line each, for an administrator whose own rights in AWS are few."""
    call = BaseClient._make_api_call

    def without_it(client, name, arguments):
        if name in (operation, f"Batch{operation}"):
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}, name)
        return call(client, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", without_it)

    code, found = robots("doctor")

    assert code == 1
    (line, *_) = [one for one in found["findings"] if one["name"] == part]
    assert (line["level"], operation in line["text"], operation in line["todo"]) == ("wrong", True, True)
    assert levels(found, "tokens") == {"tokens": "wrong"}
    assert operation == "GetQueueAttributes" or levels(found, "dead letters")


def test_doctor_finds_refused_settings_and_dead_letters(robots, dynamodb):
    ssm, sqs = boto3.client("ssm"), boto3.client("sqs")
    ssm.put_parameter(Name=f"/{admin.NAME}/settings/routing", Value="bad", Type="String")
    desk = make_desk(dynamodb, Portal())
    desk.table.save(Stored("routing", rules="{}", version=3, source_hash="x", refused_hash=hash_of("bad")))
    sqs.send_message(
        QueueUrl=admin.stack().dead_letters("routing"), MessageBody="{}", MessageGroupId="a", MessageDeduplicationId="a"
    )

    found = robots("doctor")[1]

    assert levels(found, "settings: routing") == {"settings: routing": "wrong"}
    assert levels(found, "dead letters: routing") == {"dead letters: routing": "wrong"}
    assert any("version 3 stays in force" in one["text"] for one in found["findings"])


def test_a_stack_that_is_not_there_is_one_clear_error(robots):
    code, found = robots("doctor", "--stack", "another")

    assert code == 1
    assert "there is no stack another here" in found["error"]


@pytest.mark.parametrize("words", [("inspect", "lead", "abc"), ("inspect", "lead"), ("nosuch",), ("journal", "--what")])
def test_a_command_line_that_makes_no_sense_is_told_to_programs_in_json(robots, words):
    """7: --json holds for usage errors too."""
    code, found = robots(*words)

    assert code == 2
    assert found["error"]


def test_another_stack_than_the_local_one_is_named_with_the_one_there_is(tmp_path, monkeypatch):
    """7: --stack with a slip, while a local stack is up and AWS is not set up."""
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    there = {"webhooks": "http://127.0.0.1:9/x", "endpoint": "http://127.0.0.1:9", "stack": "crm-robots"}
    (tmp_path / "stack.json").write_text(json.dumps(there))

    result = CliRunner().invoke(app, ["journal", "--stack", "crm-robotz"])

    assert result.exit_code == 1
    assert "the local stack is crm-robots, not crm-robotz" in result.stderr


@pytest.mark.parametrize(("limit", "level"), [(10, "note"), (1000, "ok")])
def test_doctor_tells_how_many_functions_the_account_runs_at_once(limit, level):
    settings = SimpleNamespace(get_account_settings=lambda: {"AccountLimit": {"ConcurrentExecutions": limit}})
    stack = SimpleNamespace(endpoint=None, client=lambda _: settings)

    (finding,) = account(stack)

    assert (finding.level, str(limit) in finding.text) == (level, True)
    assert ("Service Quotas" in finding.todo) == (level == "note")


@pytest.fixture(autouse=True)
def _account_of_moto(monkeypatch):
    """moto does not know the account's settings."""
    monkeypatch.setattr("admin.commands.doctor.account", lambda _: ())


SECTIONS = """
[default.global.parameters]
stack_name = "crm-robots"
[prod.global.parameters]
stack_name = "crm-robots-prod"
[prod.deploy.parameters]
region = "eu-west-1"
"""


@pytest.fixture
def no_region(tmp_path, monkeypatch):
    monkeypatch.setenv("LOCAL_DIR", str(tmp_path))
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "samconfig.toml").write_text(SECTIONS)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_section_7_either_variable_names_the_region(no_region, variable):
    """Section 7: the README sets AWS_REGION alone, which boto3 does not read."""
    no_region.setenv(variable, "eu-central-1")

    assert Stack.find(None).client("ssm").meta.region_name == "eu-central-1"
    assert Stack.find("crm-robots").client("ssm").meta.region_name == "eu-central-1"


def test_section_7_the_section_of_the_stack_that_was_named_tells_its_region(no_region):
    no_region.setenv("AWS_REGION", "eu-central-1")

    assert Stack.find("crm-robots-prod").client("ssm").meta.region_name == "eu-west-1"


def test_section_7_two_regions_are_a_question(no_region):
    no_region.setenv("AWS_REGION", "eu-central-1")
    no_region.setenv("AWS_DEFAULT_REGION", "us-east-1")

    with pytest.raises(Trouble, match="which one"):
        Stack.find(None)
