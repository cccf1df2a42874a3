"""What the schedule brings about every 15 minutes. EventBridge -> the day, as far as it is due -> Bitrix24."""

import os
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger
from crm_robots.aws.clients import client
from crm_robots.domain.subscriptions import ROBOTS
from crm_robots.robots.conversion.waiting import wake
from crm_robots.robots.dead_letters import watch_dead_letters
from crm_robots.wiring import tools

logger = Logger()


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """`{"time": ISO}` is the only clock."""
    ts = int(datetime.fromisoformat(event["time"]).timestamp())
    failures = watch_dead_letters(tools(), client("sqs"), _dead_letters(), ts)
    wake(tools().memory, client("sqs"), os.environ["CONVERSION_QUEUE_URL"], ts)
    return {"failures": {name: str(error) for name, error in failures.items()}}


def _dead_letters() -> dict[str, str]:
    names = {robot: f"{robot.replace('-', '_').upper()}_DEAD_LETTERS_URL" for robot in ROBOTS}
    return {robot: os.environ[name] for robot, name in names.items()}
