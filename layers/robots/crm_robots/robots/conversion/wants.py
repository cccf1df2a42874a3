"""What an event calls for, from the lead and the memory alone: only then is anything else looked up."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_robots.robots.conversion.gaps import can_make_company, can_make_contact, client_type
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.shared.gate.gaps import Gap
from crm_robots.shared.items import Item

_WON = "S"


@dataclass(frozen=True, slots=True)
class Wants:
    """`contact`: C2. `company`: C6. `convert`: C7. `complete`: the directory was down when the company was made."""

    contact: bool = False
    company: bool = False
    convert: bool = False
    complete: bool = False

    def __bool__(self) -> bool:
        return self.contact or self.company or self.convert or self.complete

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which pieces matter."""
        if self.convert:
            return ("contact", "company", "deal")
        company = self.company or self.complete
        return (*(("contact",) if self.contact else ()), *(("company",) if company else ()))


def wants(lead: Item, gaps: Sequence[Gap], memory: ConversionMemory, rules: ConversionRules) -> Wants:
    """A lead with gaps is not converted; its contact and company are made all the same."""
    if memory.converted:
        return Wants(complete=bool(memory.to_complete))
    if lead.stage_semantics == _WON and not gaps:
        return Wants(convert=True)
    early = Wants(contact=_wants_contact(lead, memory, rules), company=_wants_company(lead, memory, rules))
    return early or Wants(complete=bool(memory.to_complete))


def _wants_contact(lead: Item, memory: ConversionMemory, rules: ConversionRules) -> bool:
    """A client whom somebody else linked is enough; our own company still lacks its person."""
    is_over = memory.contact_done if rules.links_at_once else memory.contact_made
    theirs = lead.company_id and not memory.company_done
    if is_over or lead.contact_ids or theirs or memory.repeat:
        return False
    return makes_contacts(lead, rules) and can_make_contact(lead, rules)


def _wants_company(lead: Item, memory: ConversionMemory, rules: ConversionRules) -> bool:
    is_over = memory.company_done if rules.links_at_once else memory.company_made
    if is_over or lead.company_id or memory.repeat or client_type(lead, rules) != "legal_entity":
        return False
    return "company" in rules.outcomes.get("legal_entity", ()) and can_make_company(lead, rules)


def has_client(lead: Item) -> bool:
    """Whether a contact or a company is linked."""
    return bool(lead.contact_ids or lead.company_id)


def is_marked_repeat(lead: Item) -> bool:
    """Whether Bitrix24 calls it a repeat lead: one that has a client, whoever linked it."""
    return lead.text("IS_RETURN_CUSTOMER") in ("Y", "1", "True") and has_client(lead)


def keeps_client(lead: Item, memory: ConversionMemory) -> bool:
    """Whether it has a client whom we did not give it: then nothing of theirs is asked of the lead.

    A lead that was converted with its client's data is not told afterwards that it lacks them.
    """
    ours = (memory.contact_done or memory.company_done) and not memory.repeat
    return is_marked_repeat(lead) and (memory.converted or not ours)


def makes_contacts(lead: Item, rules: ConversionRules) -> bool:
    """Whether a won lead of its type leaves a contact behind; with an unknown type, of some type."""
    kind = client_type(lead, rules)
    return any("contact" in pieces for name, pieces in rules.outcomes.items() if kind in ("", name))


def pieces_of(lead: Item, wanted: Wants, rules: ConversionRules, *, repeat: bool) -> frozenset[str]:
    """What is to be made. A repeat lead may only become a deal: its client is there."""
    if not wanted.convert:
        return frozenset(wanted.kinds)
    all_of_them = frozenset(rules.outcomes.get(client_type(lead, rules), ()))
    return all_of_them & {"deal"} if repeat else all_of_them
