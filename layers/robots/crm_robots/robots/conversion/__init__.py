"""Conversion: a lead leaves its contact, company and deal behind; a company's papers are looked at (C11)."""

from crm_robots.shared.row import LEADS, Row

_PAPERS = frozenset(
    f"ONCRM{kind}{change}"
    for kind in ("COMPANY", "REQUISITE", "BANKDETAIL")
    for change in ("ADD", "UPDATE", "DELETE")
    if (kind, change) != ("COMPANY", "DELETE")
) | {"ONCRMADDRESSREGISTER", "ONCRMADDRESSUNREGISTER"}

ROW = Row(
    name="conversion",
    events=LEADS | _PAPERS,
    kinds=frozenset({"lead"}),
    scopes=frozenset({"crm", "user", "im"}),
    duties=(("leads", "crm_robots.robots.conversion.waiting:wake"),),
)
