"""The confirmation page's wiring: apart from `wiring`, since a person waits for the page, and it needs no portal."""

import os
from dataclasses import dataclass
from functools import cache

from crm_robots.pages.consent.answers import Confirmation
from crm_robots.records.clients import client
from crm_robots.records.inbox import Inbox
from crm_robots.records.memory import MemoryTable
from crm_robots.records.settings_reader import SettingsReader


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
