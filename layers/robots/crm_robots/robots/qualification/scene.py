"""A lead once its consent is settled: what gate and hand-over look at."""

from collections.abc import Mapping
from dataclasses import dataclass

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.offer import Offer
from crm_robots.robots.qualification.texts import paragraphs
from crm_robots.robots.qualification.values import Value
from crm_robots.shared.actions import Action, AddComment
from crm_robots.shared.decision import Step
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, Markup


@dataclass(frozen=True, slots=True)
class Scene:
    """One lead, and what is to be said about it anyway."""

    lead: Item
    values: Mapping[str, Value]
    news: Markup
    """Changes that the timeline is still to be told of."""
    known: LeadMemory
    case: Case
    offer: Offer | None = None
    """What the direction asks for, where that is to be said with this event."""

    @property
    def offer_link(self) -> Markup:
        """The line with the link to the fill-in page."""
        return self.offer.link if self.offer else NOTHING

    @property
    def news_and_offer(self) -> Markup:
        """One comment with both."""
        return paragraphs(self.news, self.offer.text if self.offer else NOTHING, self.offer_link)

    @property
    def is_lost(self) -> bool:
        """A lead at one of the failed stages."""
        return self.case.order.semantics(self.lead) == "F"

    def steps(self, text: Markup, *more: Action) -> tuple[Step, ...]:
        """A comment, if there is something to say, and more, in one step; no step for nothing."""
        comment = (AddComment(self.lead.ref, text, rule="Q5"),) if text else ()
        return (Step((*comment, *more)),) if comment or more else ()
