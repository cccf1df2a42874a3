"""The receiver's wiring: apart from `wiring`, since a webhook's answer must not wait for the robots' imports."""

import os
from dataclasses import dataclass
from functools import cache

from crm_robots.engine.gatekeeper import Gatekeeper
from crm_robots.records.clients import client
from crm_robots.records.inbox import Inbox
from crm_robots.robots.registry import ROWS


@dataclass(frozen=True)
class Receiver:
    """What the receiving function works with."""

    gatekeeper: Gatekeeper
    inbox: Inbox


@cache
def connect() -> Receiver:
    """Made once per warm container."""
    urls = {row.name: os.environ[row.queue_variable] for row in ROWS}
    by_address = bool(os.environ.get("QUEUE_ADDRESSES_URL"))
    return Receiver(
        Gatekeeper(client("ssm", quick=True), os.environ["STACK"], by_address=by_address),
        Inbox(client("sqs", quick=True), urls),
    )
