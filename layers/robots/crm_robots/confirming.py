"""The confirmation page's wiring: apart from `wiring`, since a person waits for the page, and it needs no portal."""

import os
from dataclasses import dataclass
from functools import cache

from crm_robots.aws.clients import client
from crm_robots.aws.inbox import Inbox
from crm_robots.aws.memory import MemoryTable
from crm_robots.aws.settings_reader import SettingsReader
from crm_robots.robots.confirmation import Confirmation


@dataclass(frozen=True)
class Desk:
    """What the page works with."""

    confirmation: Confirmation
    settings: SettingsReader


@cache
def connect() -> Desk:
    """Made once per warm container."""
    dynamodb = client("dynamodb")
    memory = MemoryTable(dynamodb, os.environ["MEMORY_TABLE"])
    inbox = Inbox(client("sqs"), {"qualification": os.environ["QUALIFICATION_QUEUE_URL"]})
    return Desk(Confirmation(memory, inbox), SettingsReader(dynamodb, os.environ["SETTINGS_TABLE"]))
