"""What routing asks the portal about a window of leads, and what it has learnt.

A lone lead's questions all fit into its first request, whether or not they turn out to matter: who is in, who is busy,
the client's open deals. For a crowd they are asked in a second one, for the leads that need them.
"""

from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

from crm_robots.engine.item_robot import result_of
from crm_robots.portal.commands import MOST_COMMANDS, Command, Reply
from crm_robots.portal.errors import Gone, Refused
from crm_robots.portal.items import read_items, to_items
from crm_robots.portal.lead_addresses import read_addresses, with_address
from crm_robots.portal.writes.tasks import links_of_task, read_task
from crm_robots.robots.routing import client_deals as routing_clients
from crm_robots.robots.routing.ballot import Company
from crm_robots.robots.routing.facts import Facts
from crm_robots.robots.routing.memory import RoutingMemory
from crm_robots.robots.routing.people import People
from crm_robots.robots.routing.report import to_draw
from crm_robots.robots.routing.rules import RoutingRules
from crm_robots.robots.routing.visit import is_new, moment
from crm_robots.shared.events import Work
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules


class Window:
    """Leads that are worked off together. `answers` grows with each request."""

    def __init__(
        self,
        works: Sequence[Work],
        memories: Mapping[ItemRef, RoutingMemory],
        rules: RoutingRules,
        portal: PortalRules,
        directory: Directory,
    ) -> None:
        self._works, self._memories, self._rules = works, memories, rules
        self.people = People(directory, rules, portal, moment(max(work.ts for work in works), portal))
        self.answers: dict[str, Reply] = {}

    def questions(self) -> dict[str, Command]:
        """The leads, and whatever of the rest can be asked without knowing them."""
        ids = sorted(int(work.ref.id) for work in self._works)
        asked = {"leads": read_items("lead", ids, [*self._rules.lead_fields, "contactIds"])}
        if new := [int(ref.id) for ref, memory in self._memories.items() if not (memory.deals or memory.closed)]:
            asked["addresses"] = read_addresses(new)  # for the visit, and for deals of a client without a card
        known = [deal for memory in self._memories.values() for deal in memory.deal_ids.values()]
        named = [self._rules.managers_field, self._rules.main_manager_field, "contactIds", "observers"]
        asked |= {f"deals{chunk[0]}": read_items("deal", chunk, named) for chunk in batched(known, 50, strict=False)}
        if len(self._works) == 1:
            return self._lone(self._works[0].ref, asked)
        return asked

    def left(self) -> dict[str, Command]:
        """What the leads, now that they are known, need and nobody has asked."""
        asked: dict[str, Command] = {}
        works = {work.ref: work for work in self._works}
        drawing = [lead for lead in self.leads().values() if self._draws(works[lead.ref], lead)]
        if drawing:
            asked |= self.people.left(self.answers) if self._knows_people() else self.people.questions(MOST_COMMANDS)
            asked |= routing_clients.left(drawing, self.answers)
            for lead in drawing:
                asked |= self._task(lead.ref)
        visits = [lead for lead in self.leads().values() if self._hides(works[lead.ref], lead)]
        if contacts := sorted({lead.contact_ids[0] for lead in visits}):
            asked["contacts"] = read_items("contact", contacts, [])
        return {name: command for name, command in asked.items() if name not in self.answers}

    def leads(self) -> dict[ItemRef, Item]:
        """The leads as they are now."""
        found = to_items("lead", result_of(self.answers, "leads"))
        return {ref: with_address(lead, self.answers.get("addresses")) for ref, lead in found.items()}

    def facts(self, work: Work, lead: Item, company: Company, chance: float) -> Facts:
        """What the decision about one lead looks at."""
        task = self.answers.get(f"task{work.ref.id}")
        contacts = self._items("contact", "contacts")
        return Facts(
            company,
            work.ts,
            born=is_born(work),
            deals={int(ref.id): deal for ref, deal in self._items("deal", "deals").items()},
            control=links_of_task(_known(task)) if task else None,
            contact=next(
                (contacts[ref] for one in lead.contact_ids if (ref := ItemRef("contact", one)) in contacts), None
            ),
            chance=chance,
        )

    def client_deals(self, lead: Item) -> list[Item]:
        """Open deals of the lead's contacts and company."""
        return routing_clients.open_deals(lead, self.answers)

    def _lone(self, ref: ItemRef, asked: dict[str, Command]) -> dict[str, Command]:
        memory = self._memories[ref]
        if memory.closed or all(service.item in memory.drawn for service in self._rules.services):
            return asked
        asked |= routing_clients.lone_questions(memory) | self._task(ref)
        return asked | self.people.questions(MOST_COMMANDS - len(asked))

    def _task(self, ref: ItemRef) -> dict[str, Command]:
        number = self._memories[ref].control_task
        return {f"task{ref.id}": read_task(number)} if isinstance(number, int) else {}

    def _knows_people(self) -> bool:
        return any(name.startswith("members") for name in self.answers)

    def _draws(self, work: Work, lead: Item) -> bool:
        return bool(to_draw(lead, self._memories[work.ref], self._rules, born=is_born(work)))

    def _hides(self, work: Work, lead: Item) -> bool:
        """Whether the phone for the visit has to come from the contact: repeat leads show none."""
        is_visit = is_new(lead, self._memories[work.ref], born=is_born(work), ts=work.ts)
        return is_visit and bool(lead.contact_ids) and not lead.phones

    def _items(self, kind: str, prefix: str) -> dict[ItemRef, Item]:
        found: dict[ItemRef, Item] = {}
        for name in self.answers:
            if name.startswith(prefix):
                found |= to_items(kind, result_of(self.answers, name))
        return found


def _known(task: Reply) -> Any:
    """A task that the portal will not show is gone; one that it cannot show just now is not (F4)."""
    if isinstance(task.error, Gone | Refused):
        return None
    return result_of({"task": task}, "task")


def is_born(work: Work) -> bool:
    """Whether one of the events tells the creation of the lead."""
    return any(event.event.endswith("ADD") for event in work.events)
