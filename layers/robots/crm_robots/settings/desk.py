"""What publishing works with; the settings function hands it in."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from crm_robots.portal.client import Bitrix24
from crm_robots.records.settings_store import SettingsTable
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.shared.people import Directory


@dataclass(frozen=True, slots=True)
class Desk:
    """The portal, the settings table, and what else a section's steps need."""

    bitrix24: Bitrix24
    table: SettingsTable
    alone: Callable[[], AbstractContextManager[None]]
    """Prevents two publications at the same time."""
    count_timers: Callable[[str], int]
    """How many client timers stand at the status of that code."""
    replan_timers: Callable[[ClientStatusRules, str], int]
    """Plans the timers by these rules, in that time zone."""
    take_over_cards: Callable[[ClientStatusRules, str], None]
    """The same, with what the cards say: their day, marks and pauses."""
    keep_directory: Callable[[Directory], None]
    """Keeps the people who were just read, so that robots need not read them again."""
    keep_hosts: Callable[[Sequence[str]], None]
    """Tells the receiver which hosts a webhook may name."""
    now: Callable[[], str]
    """ISO time for the record of publishing; no decision depends on it."""
