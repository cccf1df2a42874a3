"""All robots, by their rows. Whoever must know of every robot reads them here."""

from crm_robots.robots.client_status import ROW as CLIENT_STATUS
from crm_robots.robots.conversion import ROW as CONVERSION
from crm_robots.robots.lost_deal import ROW as LOST_DEAL
from crm_robots.robots.qualification import ROW as QUALIFICATION
from crm_robots.robots.routing import ROW as ROUTING
from crm_robots.shared.row import Row

ROWS: tuple[Row, ...] = (QUALIFICATION, CONVERSION, ROUTING, LOST_DEAL, CLIENT_STATUS)
"""In the order in which people read of them, and in which their settings are published."""
ROBOTS = tuple(row.name for row in ROWS)
ALL = "all"


def wanted_by(addressed: str, event: str, item: str) -> list[str]:
    """The robots that take this event. `addressed`: one robot, or `all`; `event`: empty for an automation rule's."""
    if not item:
        return []
    return [row.name for row in ROWS if addressed in (row.name, ALL) and row.wants(event, item)]
