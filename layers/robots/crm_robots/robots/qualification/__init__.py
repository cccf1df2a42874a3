"""Leads before the gate: no lead passes it half filled, and what was agreed on does not change unnoticed."""

from crm_robots.shared.row import DEALS, LEADS, Row

ROW = Row(
    name="qualification",
    events=LEADS | DEALS | {"ONCRMDEALDELETE"},
    kinds=frozenset({"lead", "deal"}),
    scopes=frozenset({"crm", "user", "department", "im"}),
)
