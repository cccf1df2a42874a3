"""The contact: whose card is the lead's person, what a new one gets, and what an old one lacks (C2, C3)."""

from collections.abc import Iterator
from typing import Any

from crm_robots.robots.conversion.case import Case, Piece
from crm_robots.robots.conversion.communications import (
    distinct_emails,
    distinct_phones,
    kinds_of,
    lacking_emails,
    lacking_phones,
)
from crm_robots.robots.conversion.persons import Match, chosen, same_person
from crm_robots.shared.actions import Action, AddItem, UpdateItem
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.typed import is_readable

_NAMES = ("NAME", "LAST_NAME", "SECOND_NAME")


def contact_piece(case: Case) -> Piece | None:
    """The lead's contact: linked, made of it, the same person as somebody known, or new."""
    linked = (case.known.cards.get(ItemRef("contact", number)) for number in case.known.linked)
    card = next((one for one in linked if one), None) or _waiting(case)
    if card:
        fills = tuple(_filled(case, card)) if _is_the_leads(case, card) else ()
        return Piece(card.ref, card.title, fills=fills, came_of_lead=case.came_of_lead(card))
    if case.repeat:
        return None
    made = case.known.made("contact")
    match = Match(made) if made else _match(case)
    if match:
        fills = tuple(_filled(case, match.card))
        came_of_lead = case.came_of_lead(match.card)
        return Piece(match.card.ref, match.card.title, others=match.others, fills=fills, came_of_lead=came_of_lead)
    return _new(case) if "contact" in case.pieces and _has_data(case.lead) else None


def _waiting(case: Case) -> Item | None:
    """Made or found earlier, and not linked until the lead is won."""
    memory = case.memory
    is_waiting = memory.contact_made and not memory.contact_done
    return case.known.cards.get(ItemRef("contact", memory.contact_id or 0)) if is_waiting else None


def _match(case: Case) -> Match | None:
    if not case.rules.links_duplicates:
        return None
    same = [card for card in case.known.possible("contact") if same_person(case.lead, card, case.portal.country)]
    return chosen(same, {int(ref.id) for ref in case.known.with_open_deals if ref.kind == "contact"})


def _is_the_leads(case: Case, card: Item) -> bool:
    """A client that somebody else's card is stays as it is."""
    return case.came_of_lead(card) or same_person(case.lead, card, case.portal.country)


def _has_data(lead: Item) -> bool:
    is_reachable = is_readable("PHONE", lead.phones) or is_readable("EMAIL", lead.emails)
    return is_reachable or any(lead.text(name) for name in _NAMES)


def _new(case: Case) -> Piece:
    lead = case.lead
    fields: dict[str, Any] = {name: lead.text(name) for name in (*_NAMES, "HONORIFIC", "POST", "SOURCE_ID")}
    fields |= {"PHONE": distinct_phones(lead.phones, case.portal.country), "EMAIL": distinct_emails(lead.emails)}
    fields |= {"ASSIGNED_BY_ID": lead.responsible_id, "LEAD_ID": lead.ref.id}
    if not fields["NAME"] and not fields["LAST_NAME"]:
        # A contact needs a name of some kind, or a later update is refused.
        fields["NAME"] = fields["SECOND_NAME"] or next(iter([*fields["PHONE"], *fields["EMAIL"]]), lead.title)
    given = {name: value for name, value in fields.items() if value not in (None, "", [])}
    title = " ".join(filter(None, (fields["NAME"], fields["LAST_NAME"])))
    make = AddItem(
        "contact",
        "contact",
        given,
        f"{lead.ref}:contact",
        kinds=kinds_of(lead, given, case.portal.country),
        one_per_lead=int(lead.ref.id),
        rule="C2",
    )
    return Piece(make.ref, title, makes=(make,), came_of_lead=True)


def _filled(case: Case, card: Item) -> Iterator[Action]:
    lead = case.lead
    fields: dict[str, Any] = {name: lead.text(name) for name in _NAMES if not card.text(name)}
    fields["PHONE"] = lacking_phones(lead.phones, card.phones, case.portal.country)
    fields["EMAIL"] = lacking_emails(lead.emails, card.emails)
    if not card.text("SOURCE_ID"):
        fields["SOURCE_ID"] = lead.text("SOURCE_ID")
    given = {name: value for name, value in fields.items() if value}
    if given:
        kinds = kinds_of(lead, given, case.portal.country)
        yield UpdateItem(card.ref, given, {name: card.fields.get(name) for name in given}, kinds=kinds, rule="C3")
