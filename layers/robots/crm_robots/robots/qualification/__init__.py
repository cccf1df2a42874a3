"""Leads before the gate: no lead passes it half filled, and what was agreed on does not change unnoticed."""
