"""`make up` and `make down` against a portal that listens on loopback."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from tests.support.stack import free_port

TOKEN = "tok-two"
pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Port of a sandbox portal."""
    port, state = free_port(), tmp_path_factory.mktemp("portal") / "state.sqlite3"
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--state", str(state), "--code", "secret"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    until(lambda: is_open(port))
    yield port
    process.send_signal(signal.SIGTERM)
    process.wait(10)


@dataclass
class Make:
    """The two commands, with a folder and a port of their own."""

    folder: Path
    port: int
    portal: int

    def __call__(self, command: str, **changes: str) -> subprocess.CompletedProcess[str]:
        given = {
            "LOCAL_DIR": str(self.folder),
            "AWS_PORT": str(self.port),
            "PORTAL": f"http://127.0.0.1:{self.portal}/rest/1/secret/",
            "TOKENS": "tok-one,tok-two",
            "SETTINGS": "settings/settings.yaml",
        }
        return subprocess.run(
            [sys.executable, "-m", "local_aws", command],
            env=os.environ | given | changes,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def left_behind(self) -> dict[str, str]:
        return json.loads((self.folder / "stack.json").read_text())


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory, portal: int) -> Iterator[Make]:
    command = Make(tmp_path_factory.mktemp("up"), free_port(), portal)
    yield command
    command("down")


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(check, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def post(
    make: Make, event: str, number: int, robot: str = "lost-deal", token: str = TOKEN
) -> tuple[int, dict[str, bool]]:
    answer = httpx.post(
        f"{make.left_behind['webhooks']}/webhooks/{robot}",
        data={
            "event": event,
            "data[FIELDS][ID]": str(number),
            "ts": "1767000000",
            "auth[domain]": f"127.0.0.1:{make.portal}",
            "auth[application_token]": token,
        },
        timeout=60,
    )
    return answer.status_code, answer.json()


def client(make: Make, service: str) -> Any:
    aws = {"endpoint_url": make.left_behind["endpoint"], "region_name": make.left_behind["region"]}
    return boto3.client(service, aws_access_key_id="test", aws_secret_access_key="test", **aws)


@contextmanager
def flow(make: Make) -> Iterator[list[int]]:
    """Webhooks one after another while something else goes on; gives their statuses."""
    answers: list[int] = []
    over = threading.Event()

    def send() -> None:
        while not over.wait(0.05):
            answers.append(post(make, "ONCRMDEALUPDATE", 5000 + len(answers))[0])

    with ThreadPoolExecutor() as pool:
        sending = [pool.submit(send) for _ in range(3)]
        yield answers
        over.set()
    for one in sending:
        one.result()


def log_of(make: Make, function: str) -> list[str]:
    """Lines of all invocations of a function."""
    group = {"logGroupName": f"/aws/lambda/crm-robots-{function}"}
    logs = client(make, "logs")
    streams = logs.describe_log_streams(**group)["logStreams"]
    events = [logs.get_log_events(**group, logStreamName=one["logStreamName"])["events"] for one in streams]
    return [event["message"] for some in events for event in some]


def assert_first_event_finds_its_robot_started(make: Make) -> None:
    """W3: nobody waits for a function that starts from nothing."""
    assert post(make, "ONCRMDEALADD", 999) == (200, {"accepted": True})

    def handled() -> list[str]:
        return [line for line in log_of(make, "lost-deal") if "events handled" in line]

    until(handled)
    (line,) = handled()
    assert '"cold_start":false' in line


def assert_flood_is_worked_off(make: Make) -> None:
    """W5, W6: each event reaches its robot once and leaves its queue, however many come at a time."""
    sqs = client(make, "sqs")
    (queue,) = [url for url in sqs.list_queues()["QueueUrls"] if "LostDealEvents" in url]

    def waiting() -> bool:
        shown = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        return any(int(count) for name, count in shown.items() if name.startswith("ApproximateNumber"))

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: post(make, "ONCRMDEALADD", number), range(1000, 1200)))

    assert {status for status, _ in answers} == {200}
    until(lambda: not waiting(), 60)


def assert_items_run_side_by_side(make: Make) -> None:
    """W5: while the portal leaves one deal's request hanging, another deal is worked off."""
    sandbox = httpx.Client(base_url=f"http://127.0.0.1:{make.portal}/sandbox", timeout=30)
    post(make, "ONCRMDEALADD", 1)  # both environments of the function are warm, and what they look up is known
    until(lambda: sandbox.get("/calls").json())
    time.sleep(2)
    sandbox.post("/faults", json={"kind": "timeout", "seconds": 12, "times": 1})
    post(make, "ONCRMDEALADD", 2)
    time.sleep(1)
    before = len(sandbox.get("/calls").json())
    start = time.monotonic()

    post(make, "ONCRMDEALADD", 3)
    until(lambda: len(sandbox.get("/calls").json()) > before)

    assert time.monotonic() - start < 8


def assert_another_webhook_counts_at_once(make: Make) -> None:
    """1.1: a webhook that the portal refuses is noticed at once, however warm the functions are."""
    refused = make("up", PORTAL=f"http://127.0.0.1:{make.portal}/rest/1/revoked/")
    assert (refused.returncode, "отозван" in refused.stderr) == (2, True), refused.stdout + refused.stderr
    assert make("up").returncode == 0


def assert_an_edited_parameter_counts(make: Make) -> None:
    """P2: a parameter that somebody edits is compiled without any command."""
    where = {"endpoint_url": make.left_behind["endpoint"], "region_name": make.left_behind["region"]}
    ssm, dynamodb = (
        boto3.client(service, aws_access_key_id="test", aws_secret_access_key="test", **where)
        for service in ("ssm", "dynamodb")
    )
    (table,) = [name for name in dynamodb.list_tables()["TableNames"] if "SettingsTable" in name]
    name = "/crm-robots/settings/lost_deal"
    text = ssm.get_parameter(Name=name)["Parameter"]["Value"]

    def is_on() -> bool:
        row = dynamodb.get_item(TableName=table, Key={"section": {"S": "lost_deal"}}, ConsistentRead=True)["Item"]
        return "rules" in row

    ssm.put_parameter(Name=name, Value="enabled: false", Overwrite=True)
    until(lambda: not is_on(), 30)
    ssm.put_parameter(Name=name, Value=text, Overwrite=True)
    until(is_on, 30)


def test_up_twice_leaves_a_stack_that_takes_webhooks_and_down_ends_it(make):
    first = make("up")
    assert first.returncode == 0, first.stdout + first.stderr
    stack = make.left_behind
    assert stack["stack"] == "crm-robots"
    assert stack["endpoint"] == f"http://127.0.0.1:{make.port}"

    assert_first_event_finds_its_robot_started(make)
    assert post(make, "ONCRMLEADADD", 1, "all", "tok-one") == (200, {"accepted": True})

    with flow(make) as answers:
        second = make("up", TOKENS=f"tok-three,{TOKEN}")
        assert post(make, "ONCRMLEADADD", 1, "all", "tok-one")[0] == 403  # W4: gone is gone
        assert post(make, "ONCRMLEADADD", 1, "all", "tok-three")[0] == 200
    assert second.returncode == 0, second.stdout + second.stderr
    assert set(answers) == {200}
    assert make.left_behind == stack

    tokens = client(make, "ssm").get_parameter(Name="/crm-robots/secrets/application-tokens", WithDecryption=True)[
        "Parameter"
    ]
    assert (tokens["Value"], tokens["Type"]) == (f"tok-three,{TOKEN}", "SecureString")
    assert "secret" not in first.stdout + first.stderr + second.stdout + second.stderr

    assert_another_webhook_counts_at_once(make)
    assert_an_edited_parameter_counts(make)
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert make("up", AWS_PORT=str(other.getsockname()[1])).returncode == 2
    assert post(make, "ONCRMDEALADD", 2)[0] == 200  # what ran runs on

    assert_items_run_side_by_side(make)
    assert_flood_is_worked_off(make)

    assert make("down").returncode == 0
    assert not is_open(make.port)
    assert not (make.folder / "stack.json").exists()
    assert make("down").returncode == 0


def test_a_busy_port_is_a_clear_error(make):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = make("up", AWS_PORT=str(port))

    assert refused.returncode == 2
    assert f"Port {port} is in use" in refused.stderr


def test_two_at_once_do_not_get_in_each_others_way(make):
    with (make.folder / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = make("up")

    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
    assert "Another `make up` is at work" in refused.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"PORTAL": ""}, "PORTAL, TOKENS and SETTINGS are needed"),
        ({"PORTAL": "portal.example"}, "not the URL of an incoming webhook"),
        ({"PORTAL": "portal.example/rest/1/secret/"}, "not the URL of an incoming webhook"),
        ({"PORTAL": "https://portal.example/rest/1/"}, "not the URL of an incoming webhook"),
        ({"PORTAL": "https://portal.example/rest/1/secret/profile.json"}, "not the URL of an incoming webhook"),
        ({"TOKENS": " , ,"}, "TOKENS holds no token"),
        ({"SETTINGS": "no-such.yaml"}, "there is no file no-such.yaml"),
        ({"AWS_PORT": "high"}, "high is not a port"),
    ],
)
def test_what_is_missing_is_asked_for_in_one_line(make, changes, sentence):
    refused = make("up", **changes)

    assert refused.returncode == 2
    assert sentence in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
