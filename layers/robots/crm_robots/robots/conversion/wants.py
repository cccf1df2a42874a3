"""What an event calls for, from the lead and the memory alone: only then is anything else looked up."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_robots.robots.conversion.gaps import can_make_contact, client_type
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.shared.gate.gaps import Gap
from crm_robots.shared.items import Item

_WON = "S"


@dataclass(frozen=True, slots=True)
class Wants:
    """`contact`: C2. `convert`: C7. `complete`: the directory was down when the company was made."""

    contact: bool = False
    convert: bool = False
    complete: bool = False

    def __bool__(self) -> bool:
        return self.contact or self.convert or self.complete


def wants(lead: Item, gaps: Sequence[Gap], memory: ConversionMemory, rules: ConversionRules) -> Wants:
    """A lead with gaps is not converted; its contact is made all the same."""
    if memory.converted:
        return Wants(complete=bool(memory.to_complete))
    if lead.stage_semantics == _WON and not gaps:
        return Wants(convert=True)
    wanted = not memory.contact_done and not has_client(lead) and can_make_contact(lead, rules)
    return Wants(contact=wanted and makes_contacts(lead, rules))


def has_client(lead: Item) -> bool:
    """Whether a contact or a company is linked."""
    return bool(lead.contact_ids or lead.company_id)


def is_marked_repeat(lead: Item) -> bool:
    """Whether Bitrix24 calls it a repeat lead: one whose client was there before it."""
    return lead.text("IS_RETURN_CUSTOMER") in ("Y", "1", "True") and has_client(lead)


def keeps_client(lead: Item, memory: ConversionMemory) -> bool:
    """Whether the client's card, and not the lead's, has phone and e-mail; our own link is no reason to think so.

    A lead that was converted with its client's data is not told afterwards that it lacks them.
    """
    return is_marked_repeat(lead) and (memory.converted or not memory.contact_done)


def makes_contacts(lead: Item, rules: ConversionRules) -> bool:
    """Whether a won lead of its type leaves a contact behind; with an unknown type, of some type."""
    kind = client_type(lead, rules)
    return any("contact" in pieces for name, pieces in rules.outcomes.items() if kind in ("", name))


def pieces_of(lead: Item, rules: ConversionRules, *, repeat: bool) -> frozenset[str]:
    """What is to be made. A repeat lead may only become a deal: its client is there."""
    wanted = frozenset(rules.outcomes.get(client_type(lead, rules), ()))
    return wanted & {"deal"} if repeat else wanted
