"""The steps that make, link and complete a lead's client, all or nothing, and tell about it (C2, C6–C10)."""

from collections.abc import Iterator

import msgspec

from crm_robots.robots.conversion import texts
from crm_robots.robots.conversion.ambiguity import waits_for_choice
from crm_robots.robots.conversion.case import Case, Piece
from crm_robots.robots.conversion.choice import Asking
from crm_robots.robots.conversion.communications import notes_of
from crm_robots.robots.conversion.company import company_piece
from crm_robots.robots.conversion.contact import contact_piece
from crm_robots.robots.conversion.deal import deal_piece, not_carried
from crm_robots.robots.conversion.gaps import client_type, code
from crm_robots.robots.conversion.known import Known
from crm_robots.robots.conversion.rules import ConversionMemory, ConversionRules
from crm_robots.robots.conversion.wants import Wants, pieces_of
from crm_robots.shared.actions import Action, AddComment, LinkContact, LinkRequisite, UpdateItem
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.items import Item, ItemRef, to_ids
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.stop_list import stopped

_WON = "S"


def client_steps(
    lead: Item,
    memory: ConversionMemory,
    wants: Wants,
    known: Known,
    rules: ConversionRules,
    portal: PortalRules,
    asking: Asking | None = None,
) -> Decision:
    """Memory and steps; both as they were when nothing is wanted."""
    if not wants:
        return Decision(memory)
    # A client that was made of this very lead, by hand, is none that it came with.
    repeat = memory.repeat and not any(ref.kind != "deal" for ref in known.of_lead)
    pieces = pieces_of(lead, wants, rules, repeat=repeat)
    kind = client_type(lead, rules)
    case = Case(lead, memory, known, rules, portal, kind, repeat, pieces, frozenset(wants.kinds))
    if wants.complete:
        return _complete(case)
    if rules.asks and asking and (waiting := waits_for_choice(case, asking)):
        return waiting
    return _convert(case) if wants.convert else _early(case)


def _early(case: Case) -> Decision:
    """C2 and C6: contact and company before the lead is won, linked now or then."""
    has_contact = "contact" in case.pieces or case.known.linked or case.memory.contact_id
    contact = contact_piece(case) if has_contact else None
    company = company_piece(case, contact) if "company" in case.pieces else _own_company(case)
    new = [piece for piece in (company, contact) if piece and piece.ref.kind in case.pieces]
    if not new:
        return Decision(case.memory)
    made = _with_ids(case, contact, company)
    told = msgspec.structs.replace(
        made,
        contact_made=made.contact_made or contact in new,
        company_made=made.company_made or company in new,
    )
    done = told
    if case.rules.links_at_once:
        done = msgspec.structs.replace(told, contact_done=told.contact_made, company_done=told.company_made)
    if contact in new and case.rules.links_at_once and contact:
        done = msgspec.structs.replace(done, seen_contacts=(contact.ref.id,))
    pieces = [piece for piece in (company, contact) if piece]
    after = (*_extras(new), *_early_comments(case, new))
    return Decision(done, _all_or_nothing(case, pieces, made, after))


def _own_company(case: Case) -> Piece | None:
    """A company that the lead got earlier; its new contact belongs to it."""
    card = case.known.cards.get(ItemRef("company", case.memory.company_id or 0))
    return Piece(card.ref, card.title) if card else None


def _with_ids(case: Case, contact: Piece | None, company: Piece | None) -> ConversionMemory:
    memory = case.memory
    is_waiting = company and company.ref.kind in case.pieces and case.known.directory.is_down
    return msgspec.structs.replace(
        memory,
        contact_id=contact.ref.id if contact else memory.contact_id,
        company_id=company.ref.id if company else memory.company_id,
        to_complete=code(case.lead, case.rules.inn_field) if is_waiting else memory.to_complete if not company else "",
    )


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
    done = msgspec.structs.replace(
        made,
        contact_done=case.memory.contact_done or bool(contact),
        company_done=case.memory.company_done or bool(company),
        converted=True,
    )
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
    """The lead's own links come last, the company's at the very end: it is a save, which makes a repeat lead."""
    by_kind = {piece.ref.kind: piece for piece in pieces}
    contact, company = by_kind.get("contact"), by_kind.get("company")
    if contact and company and not case.repeat and not _belongs(case, contact, company):
        yield LinkContact(company.ref, contact.ref.id, rule="C7")
    if not (case.rules.links_at_once or "deal" in by_kind or case.lead.stage_semantics == _WON):
        return
    if contact and contact.ref.id not in case.known.linked and _may_link(case, "contact"):
        yield LinkContact(case.lead.ref, contact.ref.id, primary=True, rule="C2")
    if company and company.ref.kind in case.pieces and not case.lead.company_id and _may_link(case, "company"):
        change = {"COMPANY_ID": company.ref.id}
        yield UpdateItem(case.lead.ref, change, {"COMPANY_ID": case.lead.fields.get("COMPANY_ID")}, rule="C6")


def _may_link(case: Case, kind: str) -> bool:
    """A person who took our link away meant it."""
    memory = case.memory
    return not (memory.contact_done if kind == "contact" else memory.company_done)


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


def _early_comments(case: Case, pieces: list[Piece]) -> Iterator[Action]:
    """One on the lead; one on a company, which shows its address."""
    notes = notes_of(case.lead.phones, case.portal.country)
    text = texts.early(case.portal, pieces, notes, [_stop_line(case, pieces)], _warnings(case, pieces))
    yield AddComment(case.lead.ref, text, rule="C2" if any(one.ref.kind == "contact" for one in pieces) else "C6")
    yield from (_back(case, piece) for piece in pieces if piece.ref.kind == "company")


def _comments(case: Case, contact: Piece | None, company: Piece | None, deal: Piece | None) -> Iterator[Action]:
    """C9. A company that came early has its own already."""
    pieces = [piece for piece in (contact, company, deal) if piece]
    lost = texts.not_carried(case.portal.language, list(not_carried(case))) if deal else ""
    first = [_stop_line(case, pieces)]
    yield AddComment(
        case.lead.ref, texts.converted(case.portal, pieces, first, [*_warnings(case, pieces), lost]), rule="C9"
    )
    yield from (_back(case, one) for one in pieces if one is not company or not case.memory.company_made)


def _back(case: Case, piece: Piece) -> AddComment:
    party = case.known.directory.party
    address = party.address if party and piece.ref.kind == "company" else ""
    return AddComment(piece.ref, texts.back(case.portal, case.lead, piece, address), rule="C9")


def _warnings(case: Case, pieces: list[Piece]) -> list[str]:
    """C6: of a party that is closed, and of a directory that is down."""
    party, language = case.known.directory.party, case.portal.language
    is_down = case.known.directory.is_down and any(one.ref.kind == "company" for one in pieces)
    return [texts.closed_party(language, party) if party else "", texts.directory_down(language) if is_down else ""]


def _stop_line(case: Case, pieces: list[Piece]) -> str:
    """C14."""
    cards = (case.known.cards[piece.ref] for piece in pieces if piece.ref in case.known.cards)
    reasons = dict.fromkeys(stopped(card, case.rules.stop_list) for card in cards)
    return texts.in_stop_list(case.portal.language, [reason for reason in reasons if reason])


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
