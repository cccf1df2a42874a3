"""The client-status section with a stop-list, a day on the card and pauses, on a whole company in process."""

from datetime import date
from typing import Any

from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.client_status.timer import Calendar
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.shared.values import day_of_value

from tests.support.days import timer
from tests.support.world import EXAMPLE, World

ROBOTS = {"lost-deal": LostDealRobot, "client-status": ClientStatusRobot}
DUE, UNTIL, WHY, TARGET = "UF_CRM_DUE", "UF_CRM_SNOOZE_UNTIL", "UF_CRM_SNOOZE_WHY", "UF_CRM_TARGET_CLIENT"
SNOOZE = f"{{until_field: {UNTIL}, reason_field: {WHY}, most_days: 90}}"


def settings(**changes: str) -> str:
    """The example's portal, lost_deal and client_status sections with all of client care; `old="new"` changes keys."""
    text = EXAMPLE.read_text()
    portal = text[text.index("portal:") : text.index("qualification:")]
    wanted = {"skip_when": f'{{{TARGET}: "НЕТ"}}', "due_field": DUE, "snooze": SNOOZE, "desk": "null"} | changes
    lines = []
    for line in text[text.index("lost_deal:") :].splitlines():
        key = line.strip().partition(":")[0]
        is_key = key in wanted and line.startswith("  ") and not line.startswith("    ")
        lines.append(f"  {key}: {wanted[key]}" if is_key else line)
    return portal + "\n".join(lines) + "\n"


def item_of(world: Any, field: str, label: str, kind: str = "contact") -> int:
    """The id of a dropdown's item."""
    rows = [row for row in world.portal.tables.user_fields if row["FIELD_NAME"] == field]
    found = (row for row in rows if kind in row["entityId"].lower())
    ids = [item["id"] for row in found for item in row["LIST"] if item["value"] == label]
    return int(ids[0])


def shown_due(world: World, kind: str, number: int) -> date | None:
    """The day on the card."""
    return day_of_value(world.person("Петров").read(kind, number).get(DUE))


def agrees(world: World, kind: str, number: int) -> bool:
    """S8: the card's day is the timer's."""
    current = world.tools.settings.load("client_status", _rules(world), {})
    found = timer(world, f"{kind}:{number}")
    due = Calendar(current.rules, current.portal.timezone).due(found) if current and found else None
    return shown_due(world, kind, number) == due


def _rules(world: World) -> Any:
    from crm_robots.robots.client_status.rules import ClientStatusRules

    return ClientStatusRules


def orders(world: World) -> int:
    """How many times robots wrote to cards, by the journal."""
    return len(world.dynamodb.scan(TableName="JournalTable")["Items"])
