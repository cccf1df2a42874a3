"""What to ask the portal about one lead. Names of questions start with the lead's id, so that leads share a batch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched

from crm_robots.portal.client_lookups import contacts_of_lead, find_by_communication, made_of_lead, requisites_with_inn
from crm_robots.portal.commands import Command, Reply, rows_of
from crm_robots.portal.items import read_items, to_items
from crm_robots.portal.lead_stages import stage_history
from crm_robots.portal.lists import PAGE
from crm_robots.portal.people import read_user
from crm_robots.portal.writes.items import marked_items, products_of
from crm_robots.robots.conversion.bank_codes import wrong_bik, wrong_inn
from crm_robots.robots.conversion.communications import (
    MOST_VALUES,
    email_spellings,
    phone_spellings,
)
from crm_robots.robots.conversion.decide import Outlook
from crm_robots.robots.conversion.gaps import client_type, code
from crm_robots.robots.conversion.known import Known
from crm_robots.robots.conversion.phones import read
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.robots.conversion.together import own_cards
from crm_robots.shared.items import Item, ItemRef, to_ids
from crm_robots.shared.typed import addresses

_FEW_NUMBERS = 5
PIECES = ("contact", "company", "deal")


@dataclass(frozen=True, slots=True)
class Search:
    """One lead, and why something is to be looked up about it."""

    lead: Item
    memory: ConversionMemory
    view: Outlook
    rules: ConversionRules
    country: str

    def name(self, what: str) -> str:
        """A question's name in a shared batch."""
        return f"l{self.lead.ref.id}_{what}"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which pieces matter."""
        return self.view.wants.kinds

    @property
    def seeks_company(self) -> bool:
        """Whether the lead is about a company that is still to be found."""
        if self.memory.repeat or "company" not in self.kinds:
            return False
        kind = client_type(self.lead, self.rules)
        return kind == "legal_entity" or "company" in self.rules.outcomes.get(kind, ())

    @property
    def inn(self) -> str:
        """The lead's INN, if it is one."""
        inn = code(self.lead, self.rules.inn_field)
        return "" if wrong_inn(inn) else inn

    def unknown_codes(self, known: Known) -> tuple[str, str]:
        """INN and BIK to ask the directory about: those that the portal does not know yet."""
        if not self.rules.party_directory_url or not self.seeks_company:
            return "", ""
        account, bik = code(self.lead, self.rules.account_field), code(self.lead, self.rules.bik_field)
        is_known = any(one.fields.get("RQ_INN") == self.inn for one in known.requisites)
        has_account = any(one.account == account and one.fields.get("RQ_BANK_NAME") for one in known.bank_details)
        inn = "" if is_known and not self.memory.to_complete else self.inn
        return inn, "" if has_account or not account or wrong_bik(bik) else bik


def first_questions(lead_id: int, rules: ConversionRules) -> dict[str, Command]:
    """What goes by the lead's id alone."""
    asked = {f"made_{kind}": made_of_lead(kind, lead_id, rules.fields_of(kind)) for kind in PIECES}
    asked |= {f"marked_{kind}": marked_items(kind, f"lead:{lead_id}:{kind}") for kind in PIECES}
    asked |= {"links": contacts_of_lead(lead_id), "products": products_of("lead", lead_id)}
    asked |= {"history": stage_history(ItemRef("lead", lead_id))}
    return {f"l{lead_id}_{name}": command for name, command in asked.items()}


def client_cards(lead_id: int, memory: ConversionMemory, rules: ConversionRules) -> dict[str, Command]:
    """The cards of the client that the lead had when it was last seen."""
    cards: dict[str, Command] = {}
    if memory.seen_contacts:
        contacts = to_ids(memory.seen_contacts)
        cards[f"l{lead_id}_cards_contact"] = read_items("contact", contacts, rules.fields_of("contact"))
    if memory.seen_company:
        cards[f"l{lead_id}_cards_company"] = read_items("company", [memory.seen_company], rules.fields_of("company"))
    return cards


_CLIENTS = "clients_"


def clients_of(memories: Iterable[ConversionMemory]) -> dict[str, Command]:
    """The cards that we linked with the leads: a lead that turned into a repeat one shows no phone of its own."""
    ids: dict[str, set[int]] = {}
    for memory in memories:
        if memory.contact_done or memory.company_done:
            for ref in own_cards(memory):
                ids.setdefault(ref.kind, set()).add(int(ref.id))
    return {
        f"{_CLIENTS}{kind}_{some[0]}": read_items(kind, some, [])
        for kind in sorted(ids)
        for some in batched(sorted(ids[kind]), PAGE, strict=False)
    }


def clients_in(answers: Mapping[str, Reply]) -> dict[ItemRef, Item]:
    """The cards in those answers."""
    found: dict[ItemRef, Item] = {}
    for name, reply in answers.items():
        if name.startswith(_CLIENTS):
            found |= to_items(name.split("_")[1], rows_of(reply))
    return found


def questions_of(search: Search) -> dict[str, Command]:
    """The first round about one lead."""
    return {search.name(name): command for name, command in _questions(search)}


def _questions(search: Search) -> Iterator[tuple[str, Command]]:
    lead, view = search.lead, search.view
    if view.goes_back:
        yield "history", stage_history(lead.ref)
    if view.creator_id:
        yield "creator", read_user(view.creator_id)
    yield from _made(search)
    contacts = lead.contact_ids or to_ids(search.memory.contact_id)
    if "contact" in view.wants.kinds or (view.wants.company and contacts):
        seeks = not search.memory.repeat and "contact" in view.wants.kinds
        yield from _clients(search, "contact", contacts, seeks=seeks)
    companies = to_ids(lead.company_id or search.memory.company_id)
    if view.wants.convert or view.wants.company or (view.wants.contact and companies):
        yield from _clients(search, "company", companies, seeks=search.seeks_company)
    if search.seeks_company and search.inn and search.rules.links_duplicates:
        yield "inn", requisites_with_inn(search.inn)


def _made(search: Search) -> Iterator[tuple[str, Command]]:
    """What there is by the lead's own id."""
    wants = search.view.wants
    names = [f"{how}_{kind}" for kind in search.kinds for how in ("made", "marked")]
    names += ["links"] if wants.contact or wants.company or wants.convert else []
    names += ["products"] if wants.convert else []
    by_id = first_questions(int(search.lead.ref.id), search.rules) if names else {}
    return ((name, by_id[search.name(name)]) for name in names)


def _clients(search: Search, kind: str, linked: Sequence[int], *, seeks: bool) -> Iterator[tuple[str, Command]]:
    """The cards of a client that the lead has, or else everybody who may be it."""
    answer = to_ids(search.memory.choices.chosen.get(kind))
    if linked or answer:
        yield f"cards_{kind}", read_items(kind, linked or answer, search.rules.fields_of(kind))
    elif seeks and search.rules.links_duplicates:
        yield from _communications(search, kind)


def _communications(search: Search, kind: str) -> Iterator[tuple[str, Command]]:
    """A number has more spellings than a question takes; of many numbers only the likely ones are asked about."""
    lead = search.lead
    read_ones = [(typed, phone) for typed in lead.phones for phone in read(typed, search.country).phones]
    phones = {phone.key: phone_spellings(typed, phone) for typed, phone in read_ones}
    chunks = [list(batched(spellings, MOST_VALUES, strict=False)) for spellings in phones.values()]
    asked = [one for some in chunks for one in (some if len(phones) <= _FEW_NUMBERS else some[:1])]
    for place, spellings in enumerate(asked):
        yield f"phone{place}_{kind}", find_by_communication(kind, "PHONE", spellings)
    found = [(typed, address) for typed in lead.emails for address in addresses(typed)]
    emails = [spelling for typed, address in found for spelling in email_spellings(typed, address)]
    for place, chunk in enumerate(batched(dict.fromkeys(emails), MOST_VALUES, strict=False)):
        yield f"email{place}_{kind}", find_by_communication(kind, "EMAIL", chunk)
