"""The deployed stack on the local AWS: a flood of webhooks, and what the bundle's functions need per event.

The local AWS runs on this machine. It matters that nothing is refused or lost; its speed says nothing about AWS.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import batched, chain, count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode, urlsplit

import boto3
import httpx
from crm_robots.engine.pipeline import WINDOW

from bench import in_bundle
from bench.cold_starts import LAYERS, PYTHON
from bench.kept import keep
from bench.row import Row, at_most, emit
from local_aws.deploy import BUNDLE
from local_aws.settings import ROOT
from sandbox.portal.clock import Clock
from sandbox.portal.core import Portal
from sandbox.seed import company
from tests.support.served import served

WEBHOOKS = 10_000
CONNECTIONS = 40
TOKEN = "bench-token"  # noqa: S105 - it guards a portal of this machine only
FLOOD = f"{WEBHOOKS:,} webhooks on {CONNECTIONS} connections, on the local AWS"
WORK = "A function's work, from the built bundle"
KINDS = {
    "received": "a webhook received",
    "change": "a lone event, something changes",
    "window": f"{WINDOW} events in a window, nothing changes",
    "first": "a container's first event",
}
SAMPLES = 10
_PATIENCE = 240.0
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Stack:
    """The portal, and the local AWS on which the robots are deployed."""

    portal: Portal
    director: int
    webhooks: str
    settings: dict[str, str]
    """What clients of AWS take from the environment."""

    def client(self, service: str) -> Any:
        """A client of the local AWS."""
        session: Any = boto3.Session("test", "test", region_name=self.settings["AWS_REGION"])
        return session.client(service, endpoint_url=self.settings["AWS_ENDPOINT_URL"])


def main() -> None:
    """Starts everything on free ports, measures, and stops it. The flood comes last: it uses up the portal's budget,
    and a lone event would then wait for others, which costs processor time too."""
    with stack() as running:
        emit(*worked(running))
        emit(*flooded(running))


def flooded(running: Stack) -> Iterator[Row]:
    """Sends webhooks as fast as the local AWS answers them, each about another saved card."""
    person = running.portal.as_user(running.director)
    numbers = [person.create("company", title="Ромашка") for _ in range(WEBHOOKS)]
    sqs = running.client("sqs")
    queues = [url for url in sqs.list_queues()["QueueUrls"] if "ClientStatus" in url]
    running.portal.calls.clear()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = Counter(chain(*pool.map(lambda some: _post(running, some), batched(numbers, 50, strict=False))))
    _until(lambda: not any(_waiting(sqs, queue) for queue in queues if "DeadLetters" not in queue))
    calls = list(running.portal.calls)
    taken, refused = answers[200], sum(call["status"] == 503 for call in calls)
    dead = sum(_waiting(sqs, queue) for queue in queues if "DeadLetters" in queue)
    yield Row(FLOOD, "acknowledged with 200", f"{taken:,} of {WEBHOOKS:,}", "all", taken == WEBHOOKS)
    yield at_most(FLOOD, "requests to the portal per event", len(calls) / WEBHOOKS, 0.05, "")
    yield Row(FLOOD, "503s of the portal; dead letters", f"{refused}; {dead}", "0; 0", refused + dead == 0)


def worked(running: Stack) -> Iterator[Row]:
    """The receiver, and the client-status robot for all the others: alone, and with a full window."""
    person = running.portal.as_user(running.director)
    hot = {"title": "Ромашка", "UF_CRM_CLIENT_STATUS": "Горячий"}
    numbers = [person.create("company", **hot) for _ in range(WINDOW)]
    _run(running, "ClientStatus", [_delivery(running, "ONCRMCOMPANYADD", numbers)])
    lone = [_delivery(running, "ONCRMCOMPANYUPDATE", [number]) for number in numbers[: 2 * SAMPLES]]
    for number in numbers[SAMPLES : 2 * SAMPLES]:
        person.update("company", number, UF_CRM_CLIENT_STATUS="Тёплый")
    full = [_delivery(running, "ONCRMCOMPANYUPDATE", numbers) for _ in range(3)]
    robot = _run(running, "ClientStatus", [lone[0], *lone, *full])
    receiver = _run(running, "ReceiveWebhook", [_request(running, numbers[0]) for _ in range(1 + SAMPLES)])
    spent = {
        "received": statistics.median(receiver["cpu"][1:]),
        "idle": statistics.median(robot["cpu"][1 : 1 + SAMPLES]),
        "change": statistics.median(robot["cpu"][1 + SAMPLES : 1 + 2 * SAMPLES]),
        "window": statistics.median(robot["cpu"][-2:]),
        "first": robot["cpu"][0],
    }
    keep("local_stack", spent)
    for what, words in KINDS.items():
        yield Row(WORK, f"{words}: the processor's time, against a lone event", f"{spent[what] / spent['idle']:.2f} ×")
    for function, found in (("ReceiveWebhook", receiver), ("ClientStatus", robot)):
        yield Row(WORK, f"{function}: memory at most, of 256 MB", f"{found['megabytes']:.0f} MB")


def _run(running: Stack, function: str, events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    folders = [str(BUNDLE / part) for part in (function, *LAYERS)]
    name = f"crm-robots-{''.join(f'-{c.lower()}' if c.isupper() else c for c in function)[1:]}"
    configured = running.client("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    done = subprocess.run(  # noqa: S603 - our own module
        [PYTHON, "-I", "-S", in_bundle.__file__],
        input=json.dumps({"folders": folders, "events": events}),
        env=configured | running.settings | {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _delivery(running: Stack, event: str, companies: Sequence[int]) -> dict[str, Any]:
    """What SQS hands to a robot's function."""
    now = int(running.portal.clock.now().timestamp())
    bodies = [
        {"event": event, "item": f"company:{number}", "ts": now, "received": now, "base": ""} for number in companies
    ]
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": str(1000 * now)}
    return {
        "Records": [
            {
                "messageId": f"m{next(_numbers)}",
                "receiptHandle": "none",
                "body": json.dumps(body),
                "attributes": attributes | {"MessageGroupId": body["item"]},
            }
            for body in bodies
        ]
    }


def _request(running: Stack, number: int) -> dict[str, Any]:
    """What the API hands to the receiver."""
    request: dict[str, Any] = json.loads((ROOT / "events/receive_webhook.json").read_text())
    request["body"] = str(httpx.QueryParams(_form(running, number)))
    request["requestContext"]["requestId"] = f"r{next(_numbers)}"
    return request


def _form(running: Stack, number: int) -> dict[str, str]:
    return {
        "event": "ONCRMCOMPANYUPDATE",
        "data[FIELDS][ID]": str(number),
        "ts": str(int(running.portal.clock.now().timestamp())),
        "auth[domain]": running.portal.faults.domain,
        "auth[application_token]": TOKEN,
    }


def _post(running: Stack, numbers: Sequence[int]) -> list[int]:
    """Statuses of webhooks that are sent one after another on a connection; 0 where there was no answer."""
    url = urlsplit(running.webhooks)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    statuses = []
    connection = HTTPConnection(url.netloc, timeout=60)
    for number in numbers:
        try:
            connection.request("POST", f"{url.path}/webhooks/all", urlencode(_form(running, number)), kind)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        except (OSError, HTTPException):
            connection.close()
            statuses.append(0)
    connection.close()
    return statuses


def _waiting(sqs: Any, queue: str) -> int:
    shown = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    return sum(int(number) for name, number in shown.items() if name.startswith("ApproximateNumber"))


def _until(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not check():
        if time.monotonic() > deadline:
            raise SystemExit("the flood was not worked off")
        time.sleep(0.2)


@contextmanager
def stack() -> Iterator[Stack]:
    """A portal with its limits on, and `make up` in a folder and on a port of their own."""
    portal = Portal(Clock())
    with TemporaryDirectory() as folder, served(portal):
        office = company(portal)
        portal.limits.requests = True
        environment = os.environ | {
            "LOCAL_DIR": folder,
            "AWS_PORT": str(_free_port()),
            "PORTAL": office.webhook,
            "TOKENS": TOKEN,
            "SETTINGS": str(ROOT / "settings/settings.yaml"),
        }
        command = [sys.executable, "-m", "local_aws"]
        try:
            subprocess.run([*command, "up"], env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
            left = json.loads((Path(folder) / "stack.json").read_text())
            settings = {"AWS_ENDPOINT_URL": left["endpoint"], "AWS_REGION": left["region"]}
            yield Stack(portal, office.users["Громов"], left["webhooks"], settings)
        finally:
            subprocess.run([*command, "down"], env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
