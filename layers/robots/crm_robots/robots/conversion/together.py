"""A lead that became a repeat one by our own link hides its client's data: lead and cards are read together (C2)."""

from collections.abc import Iterator, Mapping
from typing import Any

from crm_robots.robots.conversion.rules import ConversionMemory
from crm_robots.shared.items import Item, ItemRef

_OF_CONTACT = ("NAME", "LAST_NAME", "SECOND_NAME", "HONORIFIC", "POST")
_REACHABLE = ("PHONE", "EMAIL")


def own_cards(memory: ConversionMemory) -> Iterator[ItemRef]:
    """The cards that we gave the lead, as far as they are made."""
    if memory.repeat:
        return
    for kind, number in (("contact", memory.contact_id), ("company", memory.company_id)):
        if isinstance(number, int):
            yield ItemRef(kind, number)


def together(lead: Item, memory: ConversionMemory, cards: Mapping[ItemRef, Item]) -> Item:
    """The lead with what it lacks and the cards that we linked have: the contact's comes before the company's."""
    found: dict[str, Any] = {}
    for ref in own_cards(memory):
        card = cards.get(ref)
        if card is not None and ref.id in (*lead.contact_ids, lead.company_id):
            found = _of(card) | found
    lacking = {name: value for name, value in found.items() if value and not lead.fields.get(name)}
    kinds = {**found.get("KINDS", {}), **lead.kinds}
    return Item(lead.ref, {**lead.fields, **lacking} | ({"KINDS": kinds} if kinds else {})) if lacking else lead


def _of(card: Item) -> dict[str, Any]:
    names = (*_REACHABLE, *_OF_CONTACT) if card.ref.kind == "contact" else _REACHABLE
    fields = {name: card.fields.get(name) for name in (*names, "KINDS")}
    if card.ref.kind == "company":
        fields["COMPANY_TITLE"] = card.text("TITLE")
    return {name: value for name, value in fields.items() if value}
