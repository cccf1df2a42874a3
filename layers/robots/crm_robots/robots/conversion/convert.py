"""The steps that make, link and complete a lead's client, all or nothing, and tell about it (C2, C6–C10)."""

from collections.abc import Iterator

import msgspec

from crm_robots.robots.conversion import texts
from crm_robots.robots.conversion.case import Case, Piece
from crm_robots.robots.conversion.communications import notes_of
from crm_robots.robots.conversion.company import company_piece
from crm_robots.robots.conversion.contact import contact_piece
from crm_robots.robots.conversion.deal import deal_piece, not_carried
from crm_robots.robots.conversion.gaps import client_type, code
from crm_robots.robots.conversion.known import Known
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.robots.conversion.wants import Wants, pieces_of
from crm_robots.shared.actions import Action, AddComment, LinkContact, LinkRequisite
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.items import Item, ItemRef, to_ids
from crm_robots.shared.portal import PortalRules


def client_steps(
    lead: Item, memory: ConversionMemory, wants: Wants, known: Known, rules: ConversionRules, portal: PortalRules
) -> Decision:
    """Memory and steps; both as they were when nothing is wanted."""
    if not wants:
        return Decision(memory)
    # A client that was made of this very lead, by hand, is none that it came with.
    repeat = memory.repeat and not any(ref.kind != "deal" for ref in known.of_lead)
    pieces = pieces_of(lead, rules, repeat=repeat) if wants.convert else frozenset({"contact"})
    case = Case(lead, memory, known, rules, portal, client_type(lead, rules), repeat, pieces)
    if wants.complete:
        return _complete(case)
    return _convert(case) if wants.convert else _link_contact(case)


def _link_contact(case: Case) -> Decision:
    """C2."""
    contact = contact_piece(case)
    if contact is None:
        return Decision(case.memory)
    made = msgspec.structs.replace(case.memory, contact_id=contact.ref.id)
    done = msgspec.structs.replace(made, contact_done=True, seen_contacts=(contact.ref.id,))
    notes = notes_of(case.lead.phones, case.portal.country)
    told = AddComment(case.lead.ref, texts.contact(case.portal, contact, notes), rule="C2")
    return Decision(done, _all_or_nothing(case, [contact], made, (told,)))


def _convert(case: Case) -> Decision:
    contact = contact_piece(case)
    company = company_piece(case, contact)
    deal = deal_piece(case, contact, company)
    made = msgspec.structs.replace(
        case.memory,
        contact_id=contact.ref.id if contact else case.memory.contact_id,
        company_id=company.ref.id if company else None,
        deal_id=deal.ref.id if deal else None,
        to_complete=code(case.lead, case.rules.inn_field) if company and case.known.directory.is_down else "",
    )
    done = msgspec.structs.replace(made, contact_done=case.memory.contact_done or bool(contact), converted=True)
    pieces = [piece for piece in (company, contact, deal) if piece]
    after = (*_requisite_link(company, deal), *_extras(pieces), *_comments(case, contact, company, deal))
    return Decision(done, _all_or_nothing(case, pieces, made, after))


def _all_or_nothing(
    case: Case, pieces: list[Piece], made: ConversionMemory, after: tuple[Action, ...]
) -> tuple[Step, ...]:
    """C10: everything is made before anything is linked, and told only then.

    The deal, which has its client from birth, is the last piece: it is not made until the portal took all the others.
    """
    makes = [action for piece in pieces for action in piece.makes]
    fills = [action for piece in pieces for action in piece.fills]
    links = list(_links(case, pieces))
    stopped = AddComment(case.lead.ref, texts.stopped(case.portal.language), rule="C10")
    first = step(*makes, *fills, *links, otherwise=(stopped,), memory_otherwise=made)
    return (*first, *step(*after))


def _links(case: Case, pieces: list[Piece]) -> Iterator[Action]:
    """The lead's own link comes last: any save of the lead after it could make it a repeat one."""
    by_kind = {piece.ref.kind: piece for piece in pieces}
    contact, company = by_kind.get("contact"), by_kind.get("company")
    if contact and company and not case.repeat and not _belongs(case, contact, company):
        yield LinkContact(company.ref, contact.ref.id, rule="C7")
    if contact and contact.ref.id not in case.known.linked:
        yield LinkContact(case.lead.ref, contact.ref.id, primary=True, rule="C2")


def _belongs(case: Case, contact: Piece, company: Piece) -> bool:
    card = case.known.cards.get(contact.ref)
    companies = (*to_ids(card.fields.get("COMPANY_IDS")), card.company_id) if card else ()
    return company.ref.id in companies


def _requisite_link(company: Piece | None, deal: Piece | None) -> Iterator[Action]:
    if company and company.requisite_id and deal and deal.is_new:
        yield LinkRequisite(deal.ref.id, company.requisite_id, company.bank_detail_id or 0, optional=True, rule="C7")


def _extras(pieces: list[Piece]) -> Iterator[Action]:
    for piece in pieces:
        yield from piece.extras


def _comments(case: Case, contact: Piece | None, company: Piece | None, deal: Piece | None) -> Iterator[Action]:
    """C9."""
    party = case.known.directory.party
    warning = texts.closed_party(case.portal.language, party) if party else ""
    down = texts.directory_down(case.portal.language) if company and case.known.directory.is_down else ""
    pieces = [piece for piece in (contact, company, deal) if piece]
    lost = texts.not_carried(case.portal.language, list(not_carried(case))) if deal else ""
    text = texts.converted(case.portal, pieces, [warning, down, lost])
    yield AddComment(case.lead.ref, text, rule="C9")
    for piece in pieces:
        address = party.address if party and piece is company else ""
        yield AddComment(piece.ref, texts.back(case.portal, case.lead, piece, address), rule="C9")


def _complete(case: Case) -> Decision:
    """C6: what the directory could not say when the company was made."""
    company_id = case.memory.company_id
    card = case.known.cards.get(ItemRef("company", company_id or 0))
    if case.known.directory.is_down:
        return Decision(case.memory)
    done = msgspec.structs.replace(case.memory, to_complete="")
    piece = company_piece(case, None) if card else None
    if piece is None:
        return Decision(done)
    party = case.known.directory.party
    told = [AddComment(piece.ref, texts.completed(case.portal.language, party), rule="C6")] if party else []
    return Decision(done, step(*piece.makes, *piece.fills, *piece.extras, *told))
