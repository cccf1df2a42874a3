"""Webhooks through the deployed API, with roles enforced."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.support.stack import LocalStack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

FORM = {"content-type": "application/x-www-form-urlencoded"}
UPDATE = "event=ONCRMDEALUPDATE&data%5BFIELDS%5D%5BID%5D={}&ts=1767000000"
AUTH = "&auth%5Bdomain%5D=portal.example&auth%5Bapplication_token%5D=tok-two"
FUNCTION = "crm-robots-receive-webhook"


@pytest.fixture
def quiet(stack: LocalStack):
    """Nobody takes messages out of the queue of lost deals meanwhile."""
    functions = stack.client("lambda")
    (mapping,) = functions.list_event_source_mappings(FunctionName="crm-robots-lost-deal")["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    time.sleep(1.2)
    sqs, url = stack.client("sqs"), stack.outputs["LostDealQueueUrl"]
    sqs.purge_queue(QueueUrl=url)
    yield lambda: messages(sqs, url)
    sqs.purge_queue(QueueUrl=url)
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def messages(sqs: Any, url: str) -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        taken += [json.loads(message["Body"]) for message in found]
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return taken


def post(stack: LocalStack, body: str, robot: str = "lost-deal", **options: Any) -> httpx.Response:
    return httpx.post(f"{stack.base}/webhooks/{robot}", content=body, **{"headers": FORM, "timeout": 30} | options)


def test_w1_w3_w5_a_webhook_is_queued_with_the_address_that_it_came_to(stack, quiet):
    """W1, W3, W5: the answer comes before any work; the group is the item."""
    answer = post(stack, UPDATE.format(12) + AUTH)

    assert (answer.status_code, answer.json()) == (200, {"accepted": True})
    (message,) = quiet()
    assert (message["item"], message["base"]) == ("deal:12", stack.base)
    assert abs(message["received"] - time.time()) < 30


def test_q7_w3_a_link_that_leads_nowhere_is_404_whoever_looks(stack):
    """Q7, W3: previews of links ask with HEAD first."""
    link = f"{stack.base}/confirm/17-{'x' * 32}"

    looked = [httpx.request(method, link, timeout=30) for method in ("GET", "HEAD", "POST")]

    assert [answer.status_code for answer in looked] == [404, 404, 404]
    assert all("frame-ancestors 'none'" in answer.headers["content-security-policy"] for answer in looked)
    assert looked[1].text == ""


@pytest.mark.parametrize(
    ("status", "body", "robot", "headers"),
    [
        (400, "nonsense", "lost-deal", FORM),
        (403, UPDATE.format(12) + AUTH + "x", "lost-deal", FORM),
        (404, UPDATE.format(12) + AUTH, "nobody", FORM),
        (413, UPDATE.format(12) + AUTH + "&x=" + "y" * 70000, "lost-deal", FORM),
        (415, "{}", "lost-deal", {"content-type": "application/json"}),
    ],
)
def test_w3_refusals_are_json_and_queue_nothing(stack, quiet, status, body, robot, headers):
    answer = post(stack, body, robot, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["error"].endswith(".")
    assert quiet() == []


def test_w4_tokens_rotate_without_a_deployment(stack, quiet):
    def store(tokens: str) -> None:
        stack.client("ssm").put_parameter(
            Name="/crm-robots/secrets/application-tokens", Value=tokens, Type="SecureString", Overwrite=True
        )

    store("tok-one,tok-two,tok-three")
    try:
        assert post(stack, UPDATE.format(12) + AUTH.replace("tok-two", "tok-three")).status_code == 200
    finally:
        store("tok-one,tok-two")


def test_w6_updates_of_one_second_are_all_queued_in_a_burst(stack, quiet):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda number: post(stack, UPDATE.format(number % 5 + 1) + AUTH), range(40)))

    assert {answer.status_code for answer in answers} == {200}
    assert len(quiet()) == 40


def test_the_role_of_the_receiver_allows_nothing_beside_its_work(stack):
    keys = stack.keys_of(FUNCTION)
    queue = stack.outputs["RoutingQueueUrl"]
    denied = [
        lambda: stack.client("sqs", **keys).receive_message(QueueUrl=queue),
        lambda: stack.client("sqs", **keys).send_message(
            QueueUrl=stack.outputs["RoutingDeadLettersUrl"], MessageBody="x", MessageGroupId="x"
        ),
        lambda: stack.client("ssm", **keys).get_parameters(Names=["/crm-robots/secrets/dadata-token"]),
        lambda: stack.client("ssm", **keys).put_parameter(
            Name="/crm-robots/secrets/application-tokens", Value="mine", Type="SecureString", Overwrite=True
        ),
        lambda: stack.client("dynamodb", **keys).scan(TableName=stack.outputs["MemoryTableName"]),
        lambda: stack.client("lambda", **keys).invoke(FunctionName="crm-robots-settings"),
    ]

    for attempt in denied:
        with pytest.raises(ClientError, match="AccessDenied"):
            attempt()
