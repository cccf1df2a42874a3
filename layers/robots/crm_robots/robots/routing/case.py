"""One lead as a decision sees it: its draws, which of them are new to people, and who is in charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from crm_robots.robots.routing import deals, texts, visit
from crm_robots.robots.routing.draw import main_manager
from crm_robots.robots.routing.facts import Facts
from crm_robots.robots.routing.memory import Draw, MainDraw, RoutingMemory
from crm_robots.robots.routing.report import ticked
from crm_robots.robots.routing.rules import RoutingRules
from crm_robots.robots.routing.texts import Reader, Row
from crm_robots.shared.actions import AddItem
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.markup import quoted_lines
from crm_robots.shared.portal import PortalRules


@dataclass(frozen=True)
class Case:
    """Everything that is known about one lead."""

    lead: Item
    memory: RoutingMemory
    new: Sequence[Draw]
    """Draws that this decision records."""
    facts: Facts
    rules: RoutingRules
    portal: PortalRules

    @cached_property
    def draws(self) -> tuple[Draw, ...]:
        """All draws, in the order of the settings file; services that left the file come last."""
        places = {service.item: place for place, service in enumerate(self.rules.services)}
        return tuple(sorted((*self.memory.draws, *self.new), key=lambda one: places.get(one.service, len(places))))

    @cached_property
    def adds(self) -> dict[int, AddItem]:
        """The deals that are to be made, by service: also those that the portal refused earlier."""
        if self.main is None or self.lead.stage_semantics == "F":
            return {}
        wanted = {service.item: service for service in ticked(self.lead, self.rules)}
        shared = deals.Shared(self.lead, self.managers, self.main.manager, self.written)
        return {
            draw.service: deals.new_deal(shared, draw, wanted[draw.service], self.rules)
            for draw in self.draws
            if self.memory.deals.get(draw.service) is None and draw.service in wanted
        }

    @property
    def comment(self) -> str:
        """The visitor's comment, without live markup. One that was wiped out is what the deals still have."""
        return str(quoted_lines(self.lead.text(self.rules.comment_field))) or self.memory.comment

    @cached_property
    def about(self) -> str:
        """R5: the client of a lead without a card, and who visited; as it was when the first deal was made."""
        if self.memory.deal_ids or not self.draws:
            return self.memory.about
        return str(texts.about(self.reader, self.lead, self.visitor, visit.address(self.lead)))

    @property
    def visitor(self) -> str:
        """The name of who goes to the client."""
        visitor = visit.visitor(self.lead, self.facts, self.rules, self.portal)
        return self.facts.company.directory.name(visitor) if visitor else ""

    @property
    def written(self) -> str:
        """The whole comment of the deals."""
        return texts.deal_comment(self.comment, self.about)

    @cached_property
    def main(self) -> MainDraw | None:
        """The main manager: stays, unless they work here no longer when a new deal comes."""
        main = self.memory.main
        is_here = main is not None and self.facts.company.directory.is_active(main.manager)
        if not self.draws or is_here or (main is not None and not self.new):
            return main
        here = [draw for draw in self.draws if self.facts.company.directory.is_active(draw.manager)]
        return main_manager(here or self.draws, self.rules.main_manager, self.facts.chance)

    @cached_property
    def managers(self) -> tuple[int, ...]:
        """Everyone involved, as of now: a person may have handed a deal over."""
        return tuple(dict.fromkeys(self.manager(draw) for draw in self.draws))

    def manager(self, draw: Draw) -> int:
        """Who has the deal of that draw."""
        deal = self.deal(draw.service)
        return (deal.responsible_id if deal else None) or draw.manager

    def deal(self, service: int) -> Item | None:
        """A deal that was made earlier, as it is now."""
        return self.facts.deals.get(self.memory.deal_ids.get(service, 0))

    def ref(self, service: int) -> ItemRef | None:
        """The deal of a service: made earlier, or by this decision."""
        if service in self.adds:
            return self.adds[service].ref
        deal = self.memory.deal_ids.get(service)
        return ItemRef("deal", deal) if deal else None

    @cached_property
    def rows(self) -> dict[int, Row]:
        """All services that have a deal, for texts."""
        rows: dict[int, Row] = {}
        for draw in self.draws:
            if ref := self.ref(draw.service):
                deal, add = self.deal(draw.service), self.adds.get(draw.service)
                title = deal.title if deal else add.fields["TITLE"] if add else draw.label
                rows[draw.service] = Row(draw, self.manager(draw), self.portal.link(ref, title))
        return rows

    @cached_property
    def untold(self) -> tuple[int, ...]:
        """Services with a deal that nobody has been told of yet."""
        return tuple(service for service in self.rows if service not in self.memory.told)

    @cached_property
    def older(self) -> list[tuple[int, Item]]:
        """Deals that were made before, as they are now."""
        found = ((service, self.deal(service)) for service in self.rows)
        return [(service, deal) for service, deal in found if deal is not None]

    @property
    def reader(self) -> Reader:
        """For texts."""
        return Reader(self.portal, self.facts.company.directory)
