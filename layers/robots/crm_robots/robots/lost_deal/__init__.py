"""Deals that end: what they say about the client goes onto the client's card, where the next person will see it."""

from crm_robots.shared.row import DEALS, Row

ROW = Row(
    name="lost-deal",
    events=DEALS,
    kinds=frozenset({"deal"}),
    scopes=frozenset({"crm", "user", "im"}),
    watcher="crm_robots.robots.lost_deal.watching:DealWatcher",
)
