"""A company whose settings are published, made once per process; every life begins with a copy of it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.robots.routing.robot import RoutingRobot

from sandbox.portal.core import Portal
from sandbox.portal.store import Row, Table
from sandbox.seed import Company, company
from tests.simulation.scheduler import SkewedClock
from tests.simulation.tables import Tables
from tests.support.care import DUE, SNOOZE, TARGET
from tests.support.sandbox import MONDAY
from tests.support.world import EXAMPLE, World

ROBOTS: dict[str, Any] = {
    "qualification": QualificationRobot,
    "conversion": ConversionRobot,
    "routing": RoutingRobot,
    "lost-deal": LostDealRobot,
    "client-status": ClientStatusRobot,
}
CODE = "w3bh00k5ecret"
"""The incoming webhook's code: it may stand in no log line."""


@dataclass(frozen=True)
class Furnished:
    """Portal and tables right after publishing. Rows are never changed in place, so lives may share them."""

    office: Company
    rows: dict[str, tuple[int, list[Row]]]
    contents: dict[str, list[Any]]

    def load(self, table: Table) -> None:
        """As `sandbox.portal.storage.Storage.load`."""
        last_id, rows = self.rows[table.name]
        for row in rows:
            table.put(row)
        table.last_id = last_id
        table.dirty.clear()

    def save(self, tables: list[Table]) -> None:
        """A life leaves nothing behind."""


def with_care(text: str) -> str:
    """The settings with a stop-list, the day on the card, and pauses."""
    for key, value in (("skip_when: {}", f'skip_when: {{{TARGET}: "НЕТ"}}'), ("due_field: null", f"due_field: {DUE}")):
        text = text.replace(key, value)
    return text.replace("snooze: null", f"snooze: {SNOOZE}")


@cache
def furnished(settings: Path = EXAMPLE) -> Furnished:
    """Publishes the settings; takes a second or two."""
    tables = Tables()
    with patch("tests.support.world.company", lambda portal: company(portal, CODE)):
        world = World(tables, ROBOTS, Portal(SkewedClock(MONDAY)))
    report = world.publish(with_care(settings.read_text()))
    assert not report.refused, report
    rows = {table.name: (table.last_id, list(table.rows.values())) for table in world.portal.tables.every()}
    rows["outgoing_webhook"] = (0, [])
    return Furnished(world.office, rows, tables.contents())
