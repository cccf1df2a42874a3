"""Which robot wants which event."""

LEADS = frozenset({"ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE"})
DEALS = frozenset({"ONCRMDEALADD", "ONCRMDEALUPDATE"})
CLIENTS = frozenset(
    f"ONCRM{kind}{change}"
    for kind in ("CONTACT", "COMPANY", "DEAL", "ACTIVITY")
    for change in ("ADD", "UPDATE", "DELETE")
) | {"ONVOXIMPLANTCALLEND"}

# Robot -> the events that it wants, and the kinds of items whose automation rules it listens to. A deal that moves to
# another category raises no event at all: an automation rule's webhook is how it is heard of at once.
SUBSCRIPTIONS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "qualification": (LEADS, frozenset({"lead"})),
    "conversion": (LEADS, frozenset({"lead"})),
    "routing": (LEADS, frozenset({"lead"})),
    "lost-deal": (DEALS, frozenset({"deal"})),
    "client-status": (CLIENTS, frozenset({"contact", "company", "deal"})),
}
ROBOTS = tuple(SUBSCRIPTIONS)
ALL = "all"


def wanted_by(addressed: str, event: str, item: str) -> list[str]:
    """The robots that take this event. `addressed`: one robot, or `all`; `event`: empty for an automation rule's."""
    if not item:
        return []
    asked = ROBOTS if addressed == ALL else (addressed,)
    return [robot for robot in asked if _wants(robot, event, item)]


def _wants(robot: str, event: str, item: str) -> bool:
    events, kinds = SUBSCRIPTIONS[robot]
    return event in events if event else item.partition(":")[0] in kinds
