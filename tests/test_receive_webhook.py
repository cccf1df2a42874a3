"""The receiving function as API Gateway calls it, against moto's queues and parameters."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from crm_robots import receiving
from crm_robots.records import clients
from crm_robots.robots.registry import ROBOTS
from moto import mock_aws

from functions.receive_webhook import app

EVENT = json.loads(Path("events/receive_webhook.json").read_text())
TOKENS = "tok-one,tok-two"
UPDATE = "event=ONCRMLEADUPDATE&data[FIELDS][ID]=481&ts=1767000000"
AUTH = "&auth[domain]=acme.bitrix24.example&auth[application_token]=tok-one"
RULE = "document_id[0]=crm&document_id[1]=CCrmDocumentLead&document_id[2]=LEAD_481"


@pytest.fixture
def queues(monkeypatch: pytest.MonkeyPatch) -> Iterator["Queues"]:
    monkeypatch.setenv("STACK", "crm-robots")
    with mock_aws():
        clients.client.cache_clear()
        receiving.connect.cache_clear()
        yield Queues(monkeypatch)
    clients.client.cache_clear()
    receiving.connect.cache_clear()


class Queues:
    """The robots' queues, and the parameters of the stack."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sqs, self.ssm = boto3.client("sqs"), boto3.client("ssm")
        attributes = {"FifoQueue": "true", "DeduplicationScope": "messageGroup"}
        self.urls = {
            robot: self.sqs.create_queue(QueueName=f"{robot}.fifo", Attributes=attributes)["QueueUrl"]
            for robot in ROBOTS
        }
        for robot, url in self.urls.items():
            monkeypatch.setenv(f"{robot.upper().replace('-', '_')}_QUEUE_URL", url)
        self.store("secrets/application-tokens", TOKENS)

    def store(self, name: str, value: str) -> None:
        self.ssm.put_parameter(Name=f"/crm-robots/{name}", Value=value, Type="SecureString", Overwrite=True)

    def messages(self, robot: str) -> list[dict[str, Any]]:
        reply = self.sqs.receive_message(
            QueueUrl=self.urls[robot], MaxNumberOfMessages=10, AttributeNames=["All"], VisibilityTimeout=0
        )
        return reply.get("Messages", [])

    def total(self) -> int:
        return sum(len(self.messages(robot)) for robot in ROBOTS)


def post(body: str | None, robot: str = "all", **changes: Any) -> tuple[int, dict[str, Any]]:
    """Status and content of the answer."""
    request = json.loads(json.dumps(EVENT)) | {"body": body, "pathParameters": {"robot": robot}} | changes
    request["requestContext"]["requestId"] = f"request-{post.count}"
    post.count += 1
    answer = app.lambda_handler(request, None)
    return answer["statusCode"], json.loads(answer["body"])


post.count = 0


def test_w1_w5_each_robot_that_wants_the_event_gets_one_message_in_the_items_group(queues):
    assert post(UPDATE + AUTH) == (200, {"accepted": True})

    for robot in ("qualification", "conversion", "routing"):
        (message,) = queues.messages(robot)
        assert message["Attributes"]["MessageGroupId"] == "lead:481"
        assert json.loads(message["Body"]) == {
            "event": "ONCRMLEADUPDATE",
            "item": "lead:481",
            "ts": 1767000000,
            "received": 1767000001.234,
            "base": "https://abc123.execute-api.eu-central-1.amazonaws.com/prod",
            "host": "acme.bitrix24.example",
            "rule": False,
        }
    assert queues.total() == 3


def test_w1_a_robots_own_webhook_reaches_that_robot_alone(queues):
    assert post(UPDATE + AUTH, "routing") == (200, {"accepted": True})
    assert post(UPDATE + AUTH, "lost-deal") == (200, {"accepted": False})

    assert len(queues.messages("routing")) == queues.total() == 1


def test_w2_an_automation_rule_with_the_token_in_its_address_is_taken_with_the_apis_time(queues):
    rule = f"{RULE}&auth[domain]=acme.bitrix24.example"

    assert post(rule, "qualification", queryStringParameters={"token": "tok-two"}) == (200, {"accepted": True})

    body = json.loads(queues.messages("qualification")[0]["Body"])
    assert (body["event"], body["rule"], body["ts"]) == ("", True, 1767000001)


@pytest.mark.parametrize("query", [None, {}, {"token": ""}, {"token": "wrong"}])
def test_w2_an_automation_rule_without_a_known_token_is_refused(queues, query):
    status, _ = post(f"{RULE}&auth[domain]=acme.bitrix24.example", queryStringParameters=query)

    assert (status, queues.total()) == (403, 0)


@pytest.mark.parametrize("domain", ["", "&auth[domain]=", "&auth[domain]=crm.acme.example:8443"])
def test_w4_the_token_decides_whatever_host_is_named(queues, domain):
    """W4: any host is taken and noted; an automation rule that names none needs the token alone."""
    assert post(RULE + domain, "routing", queryStringParameters={"token": "tok-one"}) == (200, {"accepted": True})

    assert json.loads(queues.messages("routing")[0]["Body"])["host"] == domain.rpartition("=")[2]


def test_w4_only_where_the_settings_name_hosts_is_another_one_refused(queues):
    queues.store("state/portal-hosts", "acme.bitrix24.example,xn--80abnmycp7evc.xn--p1ai:8443")

    taken = ["ACME.bitrix24.example:8443", "acme.bitrix24.example", "%D1%80%D0%BE%D0%B1%D0%BE%D1%82%D1%8B", ""]
    assert post(UPDATE + AUTH.replace("acme.bitrix24.example", taken[0]))[0] == 200
    assert post(UPDATE + AUTH.replace("acme.bitrix24.example", taken[1]))[0] == 200
    assert post(UPDATE + AUTH.replace("acme.bitrix24.example", "other.example"))[0] == 403
    assert post(UPDATE + AUTH.replace("acme.bitrix24.example", taken[2]))[0] == 403
    assert post(UPDATE + AUTH.replace("acme.bitrix24.example", ""))[0] == 200


def test_w3_an_event_that_nothing_handles_is_answered_200_and_not_accepted(queues):
    assert post("event=ONTASKADD&data[FIELDS_AFTER][ID]=5&ts=1767000000" + AUTH) == (200, {"accepted": False})
    assert queues.total() == 0


def test_w3_a_rule_on_a_smart_process_is_answered_200_and_not_accepted(queues):
    """W3: the document is well formed, and nothing here handles it."""
    rule = f"{RULE.replace('LEAD_481', 'DYNAMIC_128_5')}&auth[domain]=acme.bitrix24.example"

    assert post(rule, queryStringParameters={"token": "tok-one"}) == (200, {"accepted": False})
    assert queues.total() == 0


def test_w3_64_kb_are_taken_and_one_byte_more_is_not(queues):
    """W3: the edge itself."""
    body = UPDATE + AUTH + "&x="
    body += "y" * (65536 - len(body))

    assert [post(text, "routing")[0] for text in (body, body + "y")] == [200, 413]
    assert queues.total() == 1


JSON = {"headers": {"Content-Type": "application/json"}}


@pytest.mark.parametrize(
    ("status", "body", "robot", "changes"),
    [
        (400, "", "all", {}),
        (400, None, "all", {}),
        (400, "ts=1767000000" + AUTH, "all", {}),
        (400, "event=ONCRMLEADADD&ts=1767000000" + AUTH, "all", {}),
        (400, "event=ONCRMLEADADD&data[FIELDS][ID]=x&ts=1767000000" + AUTH, "all", {}),
        (400, "&".join(["a=b"] * 2000), "all", {}),
        (400, "a[b][c][d][e]=1", "all", {}),
        (400, "a", "all", {"isBase64Encoded": True}),
        (400, "ы", "all", {"isBase64Encoded": True}),
        (400, "event=\udcff", "all", {}),
        (400, RULE.replace("481", "abc") + AUTH, "all", {}),
        (400, RULE.partition("&document_id[2]")[0] + AUTH, "all", {}),
        (403, UPDATE, "all", {}),
        (403, UPDATE + AUTH + "x", "all", {}),
        (403, "nonsense" + AUTH + "x", "all", {}),
        (403, "a[b][c][d][e]=1" + AUTH + "x", "all", {}),
        (403, "event=ONTASKADD&ts=1767000000", "all", {}),
        (404, UPDATE + AUTH, "unknown", {}),
        (404, UPDATE + AUTH, "", {}),
        (413, UPDATE + AUTH + "&x=" + "y" * 65536, "all", {}),
        (413, UPDATE + AUTH + "&x=" + "ы" * 33000, "all", {}),
        (415, '{"event": "ONCRMLEADADD"}', "all", JSON),
        (415, UPDATE + AUTH, "all", {"headers": {}}),
        (415, UPDATE + AUTH, "all", {"headers": None}),
    ],
)
def test_w3_every_refusal_says_what_is_wrong_and_queues_nothing(queues, status, body, robot, changes):
    given, content = post(body, robot, **changes)

    assert given == status
    assert len(content["error"].split()) > 3
    assert queues.total() == 0


def test_w3_the_token_is_neither_answered_nor_logged(queues, capsys):
    secret = "s3cr3t-that-nobody-should-see"
    for body in (UPDATE + f"&auth[application_token]={secret}", f"event={secret}&auth[application_token]={secret}"):
        _, content = post(body, queryStringParameters={"token": secret})
        assert secret not in json.dumps(content)

    assert secret not in capsys.readouterr().out.replace(f'"event":"{secret.upper()}"', "")


def test_w3_a_content_type_may_name_its_charset_in_any_case(queues):
    changes = {"headers": {"content-TYPE": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"}}

    assert post(UPDATE + AUTH, **changes) == (200, {"accepted": True})


def test_w4_tokens_rotate_without_a_deployment(queues):
    assert post(UPDATE + AUTH.replace("tok-one", "tok-three"))[0] == 403

    queues.store("secrets/application-tokens", "tok-three")

    assert post(UPDATE + AUTH.replace("tok-one", "tok-three"))[0] == 200
    assert post(UPDATE + AUTH)[0] == 403


def test_w6_two_updates_with_the_same_time_are_both_queued(queues):
    for _ in range(2):
        assert post(UPDATE + AUTH, "routing")[0] == 200

    assert len(queues.messages("routing")) == 2


def test_w3_a_queue_that_fails_is_no_200(queues):
    queues.sqs.delete_queue(QueueUrl=queues.urls["conversion"])

    status, content = post(UPDATE + AUTH)

    assert status == 503
    assert "queued" in content["error"]


def test_the_base_of_a_custom_domain_leaves_out_the_path_of_ours(queues):
    context = EVENT["requestContext"] | {"domainName": "crm.acme.example", "path": "/robots/webhooks/all"}

    assert post(UPDATE + AUTH, requestContext=context)[0] == 200

    assert json.loads(queues.messages("routing")[0]["Body"])["base"] == "https://crm.acme.example/robots"
