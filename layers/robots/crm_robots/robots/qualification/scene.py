"""A lead once its consent is settled: what gate and hand-over look at."""

from collections.abc import Mapping
from dataclasses import dataclass

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.values import Value
from crm_robots.shared.actions import Action, AddComment
from crm_robots.shared.decision import Step
from crm_robots.shared.items import Item
from crm_robots.shared.markup import Markup


@dataclass(frozen=True, slots=True)
class Scene:
    """One lead, and what is to be said about it anyway."""

    lead: Item
    values: Mapping[str, Value]
    news: Markup
    """Changes that the timeline is still to be told of."""
    known: LeadMemory
    case: Case

    @property
    def is_lost(self) -> bool:
        """A lead at one of the failed stages."""
        return self.case.order.semantics(self.lead) == "F"

    def steps(self, text: Markup, *more: Action) -> tuple[Step, ...]:
        """A comment, if there is something to say, and more, in one step; no step for nothing."""
        comment = (AddComment(self.lead.ref, text, rule="Q5"),) if text else ()
        return (Step((*comment, *more)),) if comment or more else ()
