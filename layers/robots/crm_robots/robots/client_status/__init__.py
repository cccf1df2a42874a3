"""Client status: who still works with which client, and whose client is about to be forgotten (S1 to S7)."""

from crm_robots.shared.row import CLIENTS, Row

ROW = Row(
    name="client-status",
    events=CLIENTS,
    kinds=frozenset({"contact", "company", "deal"}),
    scopes=frozenset({"crm", "user", "department", "im", "log", "telephony"}),
    timers=True,
    duties=(("day", "crm_robots.robots.daily.duty:run"), ("desk", "crm_robots.robots.desk.duty:run")),
    watcher="crm_robots.robots.client_status.watching:watcher",
)
