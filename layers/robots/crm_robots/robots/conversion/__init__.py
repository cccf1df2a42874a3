"""Conversion: a lead leaves its contact, company and deal behind."""

from crm_robots.shared.row import LEADS, Row

ROW = Row(
    name="conversion",
    events=LEADS,
    kinds=frozenset({"lead"}),
    scopes=frozenset({"crm", "user", "im"}),
    duties=(("leads", "crm_robots.robots.conversion.waiting:wake"),),
)
