"""The contact: whose card is the lead's person, what a new one gets, and what an old one lacks (C2, C3)."""

from collections.abc import Iterator
from typing import Any

from crm_robots.robots.conversion.case import Case, Piece
from crm_robots.robots.conversion.choice import NONE_OF_THESE
from crm_robots.robots.conversion.communications import (
    distinct_emails,
    distinct_phones,
    kinds_of,
    lacking_emails,
    lacking_phones,
)
from crm_robots.robots.conversion.persons import Match, chosen, ranked_cards, same_person
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
    if match and match.card:
        fills = tuple(_filled(case, match.card))
        came_of_lead = case.came_of_lead(match.card)
        return Piece(match.card.ref, match.card.title, others=match.others, fills=fills, came_of_lead=came_of_lead)
    return _new(case) if "contact" in case.pieces and _has_data(case.lead) else None


def _waiting(case: Case) -> Item | None:
    """Made or found earlier, and not linked until the lead is won."""
    memory = case.memory
    is_waiting = memory.contact_made and not memory.contact_done
    return case.known.cards.get(ItemRef("contact", memory.contact_id or 0)) if is_waiting else None


def undecided_contacts(case: Case) -> list[Item]:
    """All who may be the lead's person, where nothing says which of them is (C13)."""
    settled = case.known.linked or case.repeat or _waiting(case) or case.known.made("contact") or _answer(case)
    return [] if settled or "contact" not in case.wanted else _matches(case)


def _matches(case: Case) -> list[Item]:
    if not case.rules.links_duplicates:
        return []
    same = [one for one in case.known.possible("contact") if same_person(case.lead, one, case.portal.country)]
    return ranked_cards(same, case.known.open_deals)


def _match(case: Case) -> Match | None:
    return _answer(case) or chosen(_matches(case), case.known.open_deals)


def _answer(case: Case) -> Match | None:
    """What a person chose; a card that is gone since is no answer."""
    number = case.memory.choices.chosen.get("contact")
    card = case.known.cards.get(ItemRef("contact", number)) if number else None
    return Match(card) if card else Match(None) if number == NONE_OF_THESE else None


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
