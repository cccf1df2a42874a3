"""The client-status section as the example file has it, compiled by hand, and the days that its tests live on."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from crm_robots.robots.client_status.past import Past
from crm_robots.robots.client_status.rules import ClientStatusRules, LostRules, Status, WarningRules
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.shared.portal import PortalRules

FIELD = "UF_CRM_CLIENT_STATUS"
STATUSES = (
    Status("new", "Новый", 10),
    Status("in_work", "В работе"),
    Status("hot", "Горячий", 30),
    Status("warm", "Тёплый", 30),
    Status("cold", "Холодный", 30),
    Status("lost", "Пропал"),
)
ITEMS = {
    kind: {status.code: first + place for place, status in enumerate(STATUSES)}
    for kind, first in (("company", 100), ("contact", 200))
}
RULES = ClientStatusRules(
    entities=("company", "contact"),
    status_field=FIELD,
    statuses=STATUSES,
    items=ITEMS,
    warning=WarningRules("{client} — {status} до {due_date}."),
    lost=LostRules("Клиент потерян: {client}.", "Потерян клиент {client}, ответственный — {manager}."),
)
ROBOT_USER = 7
PORTAL = PortalRules("https://acme.bitrix24.example", "Europe/Moscow", "ru", (1,), ROBOT_USER)
DAY = date(2026, 3, 2)
NOON = int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp())
"""Noon of `DAY` in Moscow."""
A_DAY = 24 * 3600


def rules(**changes: Any) -> ClientStatusRules:
    """The example's rules with these changes."""
    return msgspec.structs.replace(RULES, **changes)


def calendar(**changes: Any) -> Calendar:
    """The calendar under the example's rules with these changes."""
    return Calendar(rules(**changes), PORTAL.timezone)


def without_past(timer: Timer) -> Timer:
    """The timer but for what it remembers for the head's desk."""
    return msgspec.structs.replace(timer, past=Past())
