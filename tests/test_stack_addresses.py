"""The list of Bitrix24's queue addresses on the local AWS: deployed, fetched over HTTP, enforced, and taken away again.

The local AWS takes the caller's address from X-Forwarded-For, which on AWS nobody can write into the request's context.
"""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.support.stack import LocalStack, deployed_with

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

LISTED, STRANGE = "3.217.33.54", "203.0.113.9"
PARAMETER = "/crm-robots/state/queue-addresses"
# Nobody handles tasks, so nothing is queued.
BODY = "event=ONTASKADD&ts=1767000000&auth[domain]=portal.example&auth[application_token]={}"


class Published:
    """What Bitrix24 publishes at the moment."""

    def __init__(self) -> None:
        self.body = json.dumps({"nodes": [LISTED, "2001:db8::/32"]}).encode()
        self.asked = 0


@pytest.fixture(scope="module")
def published() -> Published:
    return Published()


@pytest.fixture(scope="module")
def address(published: Published) -> Iterator[str]:
    class List(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            published.asked += 1
            self.send_response(200)
            self.send_header("content-length", str(len(published.body)))
            self.end_headers()
            self.wfile.write(published.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """A test's log is no place for requests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), List) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/webhook/app-world.json"
        server.shutdown()


@pytest.fixture(scope="module")
def locked(stack: LocalStack, address: str) -> Iterator[LocalStack]:
    """The stack with the list, before its first fetch; before and afterwards it knows nothing of lists."""
    assert traces(stack) == []
    with deployed_with(stack, QueueAddressesUrl=address) as running:
        yield running
    left = traces(stack)
    stack.client("ssm").delete_parameters(Names=[PARAMETER])
    assert left == []


def traces(stack: LocalStack) -> list[str]:
    """What there is of the list: its function and its schedule."""
    functions = [one["FunctionName"] for one in stack.client("lambda").list_functions()["Functions"]]
    schedules = [one["Name"] for one in stack.client("scheduler").list_schedules()["Schedules"]]
    return [name for name in functions + schedules if "addresses" in name.lower()]


def fetch(stack: LocalStack) -> bool:
    """Fires the schedule's function; whether it did its work."""
    reply = stack.client("lambda").invoke(FunctionName="crm-robots-queue-addresses", Payload=b"{}")
    return "FunctionError" not in reply


def kept(stack: LocalStack, **changes: Any) -> dict[str, Any]:
    """What the parameter holds; `changes` are written into it first."""
    ssm = stack.client("ssm")
    held: dict[str, Any] = json.loads(ssm.get_parameter(Name=PARAMETER)["Parameter"]["Value"]) | changes
    if changes:
        ssm.put_parameter(Name=PARAMETER, Value=json.dumps(held), Type="String", Overwrite=True)
    return held


def post(stack: LocalStack, caller: str, token: str = "tok-one") -> tuple[int, str]:
    headers = {"content-type": "application/x-www-form-urlencoded"} | ({"x-forwarded-for": caller} if caller else {})
    answer = httpx.post(f"{stack.base}/webhooks/all", content=BODY.format(token), headers=headers, timeout=30)
    return answer.status_code, answer.json().get("error", "")


def answers(stack: LocalStack, caller: str, status: int, token: str = "tok-one") -> str:
    """The receiver looks at its parameters every ten seconds."""
    until = time.monotonic() + 15
    while (found := post(stack, caller, token))[0] != status and time.monotonic() < until:
        time.sleep(0.5)
    assert found[0] == status, found
    return found[1]


def test_w4_the_list_is_fetched_and_enforced_and_leaves_again(locked, published):
    """W4: from nothing to a list, an address that leaves, a list that breaks and one that is old."""
    assert answers(locked, STRANGE, 200) == ""  # before the first list there is nothing to go by

    assert fetch(locked)
    assert kept(locked)["listed"] == [f"{LISTED}/32", "2001:db8::/32"]
    assert "addresses of Bitrix24's queue" in answers(locked, STRANGE, 403)
    assert [post(locked, caller)[0] for caller in (LISTED, "2001:db8::7", "")] == [200, 200, 403]
    assert post(locked, STRANGE, "wrong")[1] == post(locked, STRANGE)[1]
    assert "token" in answers(locked, LISTED, 403, "wrong")

    kept(locked, at=int(time.time()) - 61)
    published.body = json.dumps({"nodes": ["127.0.0.1"]}).encode()
    assert fetch(locked)
    assert answers(locked, "", 200) == ""
    assert post(locked, LISTED)[0] == 200, "an address that left is let in for a while"

    kept(locked, at=int(time.time()) - 300)
    published.body = b'{"nodes":[]}'
    assert not fetch(locked)
    assert kept(locked)["listed"] == ["127.0.0.1/32"]
    assert post(locked, STRANGE)[0] == 403

    kept(locked, at=int(time.time()) - 700)
    assert answers(locked, STRANGE, 200) == "", "a list that is old is not gone by"


def test_section_10_the_function_does_its_work_and_nothing_else(locked):
    """Section 10: exactly what each function does."""
    mine, receiver, other = (
        locked.client("ssm", **locked.keys_of(f"crm-robots-{name}"))
        for name in ("queue-addresses", "receive-webhook", "qualification")
    )
    mine.put_parameter(Name=PARAMETER, Value="{}", Type="String", Overwrite=True)
    mine.get_parameters(Names=[PARAMETER])
    receiver.get_parameters(Names=[PARAMETER])
    keys = locked.keys_of("crm-robots-queue-addresses")
    denied = [
        lambda: receiver.put_parameter(Name=PARAMETER, Value="{}", Type="String", Overwrite=True),
        lambda: other.get_parameters(Names=[PARAMETER]),
        lambda: other.put_parameter(Name=PARAMETER, Value="{}", Type="String", Overwrite=True),
        lambda: mine.get_parameters(Names=["/crm-robots/secrets/portal-webhook"], WithDecryption=True),
        lambda: mine.get_parameters(Names=["/crm-robots/secrets/application-tokens"], WithDecryption=True),
        lambda: mine.put_parameter(Name="/crm-robots/state/portal-host", Value="x", Type="String", Overwrite=True),
        lambda: locked.client("dynamodb", **keys).scan(TableName=locked.outputs["MemoryTableName"]),
        lambda: locked.client("sqs", **keys).send_message(QueueUrl=locked.outputs["RoutingQueueUrl"], MessageBody="{}"),
        lambda: locked.client("lambda", **keys).invoke(FunctionName="crm-robots-settings"),
    ]
    for attempt in denied:
        with pytest.raises(ClientError, match="AccessDenied"):
            attempt()


def test_the_schedule_fires_every_five_minutes(locked):
    (schedule,) = [
        one
        for one in locked.client("scheduler").list_schedules()["Schedules"]
        if "queue-addresses" in one["Target"]["Arn"]
    ]
    found = locked.client("scheduler").get_schedule(Name=schedule["Name"])
    assert (found["ScheduleExpression"], found["State"]) == ("rate(5 minutes)", "ENABLED")
