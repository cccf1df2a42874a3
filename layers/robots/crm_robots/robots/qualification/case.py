"""What a decision about a lead needs to know besides the lead itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm_robots.robots.qualification.handover import Team
from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.robots.qualification.texts import Texts
from crm_robots.robots.qualification.words import Words
from crm_robots.shared.gate.gaps import Gap
from crm_robots.shared.gate.stages import Order
from crm_robots.shared.items import Item
from crm_robots.shared.portal import PortalRules


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person chose on the page."""

    digest: str
    """Of the question."""
    confirms: bool
    received: float
    """Time of the request, on AWS's clock."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a person sent by the fill-in page."""

    name: str
    digest: str
    """Of the page."""
    form: Mapping[str, Sequence[str]]
    received: float


@dataclass(frozen=True, slots=True)
class Case:
    """One lead's surroundings."""

    rules: QualificationRules
    portal: PortalRules
    words: Words
    order: Order
    ts: int
    """The event's time on the portal's clock."""
    received: float = 0.0
    """When the API took it."""
    base: str = ""
    """Address of our API, if the event told it."""
    token: str = ""
    """A fresh one, in case a question has to be asked."""
    form_token: str = ""
    """Another one, in case a page has to be offered."""
    history: tuple[str, ...] = ()
    """Stages where the lead stood, the newest first, as far as the portal was asked."""
    answers: tuple[Answer, ...] = ()
    sendings: tuple[Sending, ...] = ()
    client: Item | None = None
    """Of a deal: the card of its contact, else of its company."""
    beside: tuple[Gap, ...] = ()
    """What conversion lacks at that stage too, or was told of by us and lacks yet; we speak for both (Q3)."""
    is_kept: bool = False
    """Conversion finds gaps at a stage whose next step the lead has yet to get (Q14)."""
    moved_on: Mapping[str, str] = field(default_factory=dict)
    """Stages from which another robot moves leads on at once, and where to (C1)."""
    teams: dict[int, Team] = field(default_factory=dict)
    """Departments that may get the lead, as far as they were counted."""

    away: frozenset[int] = frozenset()
    """Who is absent today, of those who may get the lead (S11)."""

    @property
    def texts(self) -> Texts:
        """In the portal's language, about a lead or a deal."""
        return Texts(self.portal.language, self.rules.kind)
