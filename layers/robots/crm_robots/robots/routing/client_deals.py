"""The open deals of leads' clients (R4)."""

from collections.abc import Iterable, Iterator, Mapping

from crm_robots.portal.client_deals import open_deals_of
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Gone, Refused
from crm_robots.portal.items import to_items
from crm_robots.robots.routing.memory import RoutingMemory
from crm_robots.shared.items import Item, to_ids
from crm_robots.shared.reference import Reference

_GUESSED_CONTACTS = 2


def lone_questions(memory: RoutingMemory) -> dict[str, Command]:
    """For a lead that is asked about alone: by the client that we remember, else by reference to the lead itself."""
    if memory.seen:
        return dict(_named(memory.contacts, memory.company))
    lead = Reference("leads", ("items", "0"))
    contacts = [(f"guess_contact{place}", lead.at("contactIds", place)) for place in range(_GUESSED_CONTACTS)]
    asked = {name: open_deals_of("contactIds", reference) for name, reference in contacts}
    return asked | {"guess_company": open_deals_of("companyId", lead.at("companyId"))}


def left(leads: Iterable[Item], answers: Mapping[str, Reply]) -> dict[str, Command]:
    """Clients that nobody asked about, and those whom the portal will only look up as primary contacts."""
    asked: dict[str, Command] = {}
    for lead in leads:
        guessed = dict(_guesses(lead, answers))
        named = _named(lead.contact_ids, lead.company_id)
        asked |= {name: command for name, command in named if name not in guessed}
        for contact in lead.contact_ids:
            name = f"client_contact{contact}"
            if isinstance(_reply(name, guessed, answers).error, Refused):
                asked[f"client_primary{contact}"] = open_deals_of("contactId", contact)
    return {name: command for name, command in asked.items() if name not in answers}


def open_deals(lead: Item, answers: Mapping[str, Reply]) -> list[Item]:
    """What the portal told, without deals of others: a reference that did not resolve may have brought some."""
    guessed = dict(_guesses(lead, answers))
    names = [name for name, _ in _named(lead.contact_ids, lead.company_id)]
    names += [f"client_primary{contact}" for contact in lead.contact_ids]
    found: dict[int, Item] = {}
    for name in names:
        reply = _reply(name, guessed, answers)
        if reply.error is not None and not isinstance(reply.error, Refused | Gone):
            raise reply.error
        if reply.error is None and reply.result:
            found |= {int(deal.ref.id): deal for deal in to_items("deal", reply.result).values()}
    return [deal for deal in found.values() if _is_of(lead, deal)]


def _is_of(lead: Item, deal: Item) -> bool:
    same_company = lead.company_id is not None and deal.company_id == lead.company_id
    return same_company or not set(lead.contact_ids).isdisjoint(deal.contact_ids)


def _named(contacts: Iterable[int], company: int | None) -> Iterator[tuple[str, Command]]:
    for contact in contacts:
        yield f"client_contact{contact}", open_deals_of("contactIds", contact)
    if company:
        yield f"client_company{company}", open_deals_of("companyId", company)


def _guesses(lead: Item, answers: Mapping[str, Reply]) -> Iterator[tuple[str, Reply]]:
    """Answers to references, under the names that they would have if the lead had been known."""
    for place, contact in enumerate(to_ids(lead.fields.get("CONTACT_IDS"))[:_GUESSED_CONTACTS]):
        if reply := answers.get(f"guess_contact{place}"):
            yield f"client_contact{contact}", reply
    if lead.company_id and (reply := answers.get("guess_company")):
        yield f"client_company{lead.company_id}", reply


def _reply(name: str, guessed: Mapping[str, Reply], answers: Mapping[str, Reply]) -> Reply:
    return answers.get(name) or guessed.get(name) or Reply()
