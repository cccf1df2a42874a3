"""Which calls to other services a webhook waits for before it is answered.

The gate's parameters are read before that, at most every ten seconds, and are not counted.
"""

import json
import os
import threading
import time
from typing import Any
from unittest.mock import patch

import boto3
from crm_robots.receiving import connect
from crm_robots.records import clients
from crm_robots.robots.registry import ROBOTS, wanted_by
from moto import mock_aws

from bench.row import Row, at_most, emit
from functions.receive_webhook import app
from local_aws.settings import ROOT

TABLE = "Webhooks"
EVENT = "ONCRMLEADUPDATE"
SLOW = 0.2
"""Each call is delayed by so many seconds; sequential calls would therefore be visible."""


class Calls:
    """Counts the calls of an SDK client, and how many are under way at once."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.under_way = 0
        self.most = 0
        self._lock = threading.Lock()

    def __call__(self, model: Any, **_: Any) -> None:
        """Called by the SDK with each request that it is about to send."""
        with self._lock:
            self.made.append(model.name)
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        time.sleep(SLOW)
        with self._lock:
            self.under_way -= 1


@mock_aws
def main() -> None:
    """Sends one webhook through a warm receiver."""
    os.environ |= {"STACK": "bench", "AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x"}
    os.environ |= {"AWS_REGION": "eu-central-1", "AWS_SECRET_ACCESS_KEY": "x"}
    _prepare()
    request = json.loads((ROOT / "events/receive_webhook.json").read_text())
    with patch.object(app.logger, "info"):
        _answer(request)
        calls = Calls()
        for service in ("sqs", "ssm"):
            clients.client(service).meta.events.register("before-call", calls)
        _answer(request)
    robots = len(wanted_by("all", EVENT, "lead:481"))
    emit(
        at_most(TABLE, "calls before the answer, per robot that wants the event", len(calls.made) / robots, 1, ""),
        Row(TABLE, f"of these {robots} calls, at once", str(calls.most), str(robots), calls.most == robots),
    )


def _prepare() -> None:
    ssm, sqs = boto3.client("ssm"), boto3.client("sqs")
    secrets = {"portal-webhook": "https://acme.bitrix24.example/rest/1/x/", "application-tokens": "replace-me"}
    for name, value in secrets.items():
        ssm.put_parameter(Name=f"/bench/secrets/{name}", Value=value, Type="SecureString")
    for robot in ROBOTS:
        queue = sqs.create_queue(QueueName=f"{robot}.fifo", Attributes={"FifoQueue": "true"})
        os.environ[f"{robot.upper().replace('-', '_')}_QUEUE_URL"] = queue["QueueUrl"]
    connect.cache_clear()


def _answer(request: dict[str, Any]) -> None:
    answer = app.lambda_handler(request, None)
    if answer["statusCode"] != 200:
        raise RuntimeError(f"the webhook was answered {answer['statusCode']}")


if __name__ == "__main__":
    main()
