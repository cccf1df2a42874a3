"""The pages' wiring: apart from `wiring`, since a person waits for a page, and it needs no portal."""

import os
from dataclasses import dataclass
from functools import cache

from crm_robots.pages.choice.answers import ChoicePage
from crm_robots.pages.consent.answers import Confirmation
from crm_robots.pages.desk.answers import DeskPage
from crm_robots.pages.form.answers import Forms
from crm_robots.pages.waiting import Patience
from crm_robots.records.clients import client
from crm_robots.records.directory import stored_directory
from crm_robots.records.inbox import Inbox
from crm_robots.records.memory import MemoryTable
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.shared.people import Directory

_ANSWERED = ("qualification", "conversion")
"""Robots whose questions people answer on a page."""


@dataclass(frozen=True)
class Desk:
    """What the pages work with."""

    confirmation: Confirmation
    forms: Forms
    choices: ChoicePage
    heads: DeskPage
    settings: SettingsReader


@cache
def connect() -> Desk:
    """Made once per warm container."""
    dynamodb, table = client("dynamodb"), os.environ["SETTINGS_TABLE"]
    memory = MemoryTable(dynamodb, os.environ["MEMORY_TABLE"])
    inbox = Inbox(client("sqs"), {robot: os.environ[f"{robot.upper()}_QUEUE_URL"] for robot in _ANSWERED})
    settings = SettingsReader(dynamodb, table)

    def people() -> Directory:
        stored = stored_directory(dynamodb, table)
        return stored[0] if stored else Directory()

    return Desk(
        Confirmation(memory, inbox, Patience()),
        Forms(memory, inbox, settings, people, Patience()),
        ChoicePage(memory, inbox, Patience()),
        DeskPage(memory, settings, people),
        settings,
    )
