"""R2 and R8: what the report says: which services are wanted, which are new, which are wanted no longer."""

from crm_robots.robots.routing.memory import RoutingMemory
from crm_robots.robots.routing.rules import RoutingRules, Service
from crm_robots.shared.items import Item, to_ids


def ticked(lead: Item, rules: RoutingRules) -> tuple[Service, ...]:
    """The ticked services, in the order of the settings file."""
    ticks = to_ids(lead.fields.get(rules.services_field))
    return tuple(service for service in rules.services if service.item in ticks)


def to_draw(lead: Item, memory: RoutingMemory, rules: RoutingRules, *, born: bool) -> tuple[Service, ...]:
    """Services that want a manager and have none. A lost lead wants nothing. `born`: an event tells its creation."""
    is_history = _is_history(lead, memory, born=born)
    if lead.stage_semantics == "F" or is_history or not _is_complete(lead, rules):
        return ()
    settled = memory.drawn | set(memory.passed_over)
    return tuple(service for service in ticked(lead, rules) if service.item not in settled)


def passed_over(lead: Item, memory: RoutingMemory, rules: RoutingRules, *, born: bool) -> tuple[int, ...]:
    """Ticks that never count; a tick that is taken away and set again does."""
    now = tuple(service.item for service in ticked(lead, rules))
    if not memory.seen:
        return now if _is_history(lead, memory, born=born) else ()
    return tuple(item for item in memory.passed_over if item in now)


def unticked(lead: Item, memory: RoutingMemory, rules: RoutingRules) -> tuple[int, ...]:
    """Services that were drawn and are ticked no longer."""
    now = to_ids(lead.fields.get(rules.services_field))
    return tuple(draw.service for draw in memory.draws if draw.service not in now)


def _is_history(lead: Item, memory: RoutingMemory, *, born: bool) -> bool:
    """Whether ticks were there before the robot: of a lead that it first sees closed, unless that is a new one.

    A new lead may be ticked and won within the second that its first event takes.
    """
    return not memory.seen and lead.is_closed and not (born and lead.stage_semantics == "S")


def _is_complete(lead: Item, rules: RoutingRules) -> bool:
    return rules.reported_stages is None or lead.stage_id in rules.reported_stages
