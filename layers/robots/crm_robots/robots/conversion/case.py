"""One lead with all that bears on it, and the pieces that come of it."""

from dataclasses import dataclass

from crm_robots.robots.conversion.known import Known
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.shared.actions import Action
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.reference import Reference


@dataclass(frozen=True, slots=True)
class Case:
    """What a decision looks at."""

    lead: Item
    memory: ConversionMemory
    known: Known
    rules: ConversionRules
    portal: PortalRules
    kind: str
    """`individual`, `legal_entity`, or empty while it is unknown."""
    repeat: bool
    pieces: frozenset[str]
    """What is to be made where it is not there yet: of contact, company, deal."""
    wanted: frozenset[str] = frozenset()
    """What is looked for: a known client is linked even where none would be made."""

    def came_of_lead(self, card: Item) -> bool:
        """Whether the card was made of this lead, by whomever."""
        return card.ref in self.known.of_lead


@dataclass(frozen=True, slots=True)
class Piece:
    """A contact, company or deal: there, or to be made."""

    ref: ItemRef
    title: str
    makes: tuple[Action, ...] = ()
    """Makes it, or what belongs to it and is not there yet."""
    fills: tuple[Action, ...] = ()
    """Completes one that is there."""
    others: tuple[Item, ...] = ()
    """Cards that would have done as well."""
    extras: tuple[Action, ...] = ()
    """What may fail without harm, once everything is linked."""
    requisite_id: int | Reference | None = None
    bank_detail_id: int | Reference | None = None

    came_of_lead: bool = False
    """Made of this lead, now or earlier; else it was there before."""

    @property
    def is_new(self) -> bool:
        """Whether it is made now."""
        return not isinstance(self.ref.id, int)
