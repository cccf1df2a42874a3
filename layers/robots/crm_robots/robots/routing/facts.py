"""What a decision about a lead looks at besides the lead and the memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm_robots.robots.routing.ballot import Company
from crm_robots.shared.items import Item
from crm_robots.shared.tasks import ControlTask


@dataclass(frozen=True, slots=True)
class Facts:
    """The portal at this moment."""

    company: Company
    ts: int
    """The event's time, unix seconds."""
    born: bool = False
    """One of the events tells the lead's creation."""
    deals: Mapping[int, Item] = field(default_factory=dict)
    """The lead's deals that the robot made, by id; one that is missing was deleted."""
    control: ControlTask | None = None
    contact: Item | None = None
    """The primary contact of a new lead that hides its own phones."""
    chance: float = 0.0
    """Decides on the main manager."""
