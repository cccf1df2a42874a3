"""Routing: a visit, its report, and for each service of the report a manager, a deal, and somebody in charge of all."""

from crm_robots.shared.row import LEADS, Row

ROW = Row(
    name="routing",
    events=LEADS,
    kinds=frozenset({"lead"}),
    scopes=frozenset({"crm", "user", "department", "im", "task", "calendar"}),
)
