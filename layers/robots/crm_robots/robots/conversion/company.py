"""The company: known by INN, by phone or e-mail, by the directory, or new (C6)."""

from collections.abc import Iterator
from typing import Any

from crm_robots.robots.conversion import texts
from crm_robots.robots.conversion.case import Case, Piece
from crm_robots.robots.conversion.choice import NONE_OF_THESE
from crm_robots.robots.conversion.communications import distinct_emails, distinct_phones, kinds_of
from crm_robots.robots.conversion.gaps import code
from crm_robots.robots.conversion.persons import Match, chosen, ranked_cards, same_company
from crm_robots.robots.conversion.requisites import RequisiteActions, requisite_actions
from crm_robots.shared.actions import Action, AddItem, UpdateItem
from crm_robots.shared.items import Item, ItemRef


def company_piece(case: Case, contact: Piece | None) -> Piece | None:
    """The lead's company: linked, made of it, the same as a known one, or new. `contact` lends its name if need be."""
    match = _existing(case)
    if match is None or match.card is None:
        return _new(case, contact) if "company" in case.pieces else None
    if case.repeat:
        return Piece(match.card.ref, match.card.title)
    # Of a lead that is about no company nobody asked what the company has.
    asked = seeks_company(case)
    requisite = requisite_actions(case, match.card.ref, match.card.title) if asked else RequisiteActions()
    return Piece(
        match.card.ref,
        match.card.title,
        makes=requisite.makes,
        fills=tuple(_filled(case, match.card)),
        others=match.others,
        extras=requisite.extras,
        requisite_id=requisite.id,
        bank_detail_id=requisite.bank_detail_id,
        came_of_lead=case.came_of_lead(match.card),
    )


def _existing(case: Case) -> Match | None:
    known = case.known
    linked = known.cards.get(ItemRef("company", case.lead.company_id or _waiting(case)))
    card = linked or known.made("company")
    if card:
        return Match(card)
    return _answer(case) or chosen(_matches(case), known.open_deals)


def undecided_companies(case: Case) -> list[Item]:
    """All that may be the lead's company, where nothing says which of them is (C13)."""
    is_settled = case.lead.company_id or _waiting(case) or case.known.made("company") or _answer(case)
    return [] if is_settled or "company" not in case.wanted else _matches(case)


def _matches(case: Case) -> list[Item]:
    """Those with the lead's INN, else those with its phone or e-mail."""
    if case.repeat or not case.rules.links_duplicates or not seeks_company(case):
        return []
    return ranked_cards(list(_by_inn(case)) or list(_by_communications(case)), case.known.open_deals)


def _answer(case: Case) -> Match | None:
    """What a person chose; a card that is gone since is no answer."""
    number = case.memory.choices.chosen.get("company")
    card = case.known.cards.get(ItemRef("company", number)) if number else None
    return Match(card) if card else Match(None) if number == NONE_OF_THESE else None


def _waiting(case: Case) -> int:
    """Made or found earlier, and not linked until the lead is won."""
    memory = case.memory
    return memory.company_id if memory.company_made and isinstance(memory.company_id, int) else 0


def seeks_company(case: Case) -> bool:
    """Whether the lead is about a company at all."""
    return case.kind == "legal_entity" or "company" in case.pieces


def _by_inn(case: Case) -> Iterator[Item]:
    inn = code(case.lead, case.rules.inn_field)
    owners = {one.company_id for one in case.known.requisites if inn and one.fields.get("RQ_INN") == inn}
    return (card for number in sorted(owners) if (card := case.known.cards.get(ItemRef("company", number))))


def _by_communications(case: Case) -> Iterator[Item]:
    """Companies with this phone or e-mail; one with another INN is another company."""
    inn = code(case.lead, case.rules.inn_field)
    for card in case.known.possible("company"):
        inns = {one.fields.get("RQ_INN") for one in case.known.requisites_of(int(card.ref.id))} - {"", None}
        if same_company(case.lead, card, case.portal.country) and (not inn or not inns):
            yield card


def _new(case: Case, contact: Piece | None) -> Piece:
    lead = case.lead
    title = _name(case) or _stand_in(case, contact)
    fields: dict[str, Any] = {"TITLE": title, "ASSIGNED_BY_ID": lead.responsible_id, "LEAD_ID": lead.ref.id}
    fields |= {"PHONE": distinct_phones(lead.phones, case.portal.country), "EMAIL": distinct_emails(lead.emails)}
    given = {name: value for name, value in fields.items() if value not in (None, "", [])}
    make = AddItem(
        "company",
        "company",
        given,
        f"{lead.ref}:company",
        kinds=kinds_of(lead, given, case.portal.country),
        one_per_lead=int(lead.ref.id),
        rule="C6",
    )
    requisite = requisite_actions(case, make.ref, title)
    return Piece(
        make.ref,
        title,
        makes=(make, *requisite.makes),
        extras=requisite.extras,
        requisite_id=requisite.id,
        bank_detail_id=requisite.bank_detail_id,
        came_of_lead=True,
    )


def _name(case: Case) -> str:
    """As the directory has it, else as the lead says."""
    party = case.known.directory.party
    return (party.name if party else "") or case.lead.text("COMPANY_TITLE")


def _stand_in(case: Case, contact: Piece | None) -> str:
    inn = code(case.lead, case.rules.inn_field)
    if inn:
        return texts.unnamed_company(case.portal.language, inn)
    return contact.title if contact else case.lead.title


def _filled(case: Case, card: Item) -> Iterator[Action]:
    lead = case.lead
    inn = code(lead, case.rules.inn_field)
    fields: dict[str, Any] = {}
    if card.text("TITLE") in ("", texts.unnamed_company(case.portal.language, inn)):
        fields["TITLE"] = _name(case)
    if not card.phones:
        fields["PHONE"] = distinct_phones(lead.phones, case.portal.country)
    if not card.emails:
        fields["EMAIL"] = distinct_emails(lead.emails)
    given = {name: value for name, value in fields.items() if value}
    if given:
        kinds = kinds_of(lead, given, case.portal.country)
        yield UpdateItem(card.ref, given, {name: card.fields.get(name) for name in given}, kinds=kinds, rule="C6")
