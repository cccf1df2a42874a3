"""The card of a lead, deal, contact or company, for whoever reads it."""

from typing import Any

from starlette.responses import Response

from sandbox.portal.clients import contacts_of_company
from sandbox.portal.core import Portal
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME, COMPANY, CONTACT
from sandbox.web import words
from sandbox.web.addresses import NEW, address, named
from sandbox.web.card_form import edit
from sandbox.web.fields import FieldView, Piece, card_title, title_of
from sandbox.web.sections import sections
from sandbox.web.timeline import history, planned
from sandbox.web.visit import Visit


def show(visit: Visit) -> Response:
    """The card with its timeline; number 0 is the form of a new one."""
    if visit.path("id") == NEW:
        return edit(visit)
    kind, item_id, _ = named(visit)
    timer = visit.robots.timer(f"{kind}:{item_id}") if kind in (CONTACT.name, COMPANY.name) else None
    with visit.portal.lock:
        kind, item_id, row = named(visit)
        view = FieldView(visit.portal, kind, visit.language)
        return visit.page(
            "card.html",
            kind=kind,
            row=row,
            title=card_title(kind, row),
            sections=sections(visit.portal, view, kind, row, visit.language),
            stages=stages(visit.portal, kind, row),
            planned=planned(visit.portal, kind, item_id),
            history=history(visit.portal, kind, item_id, visit.language),
            related=related(visit.portal, kind, row),
            requisites=requisites(visit, BY_NAME[kind].id, item_id),
            products=visit.portal.tables.products.by("owner", (BY_NAME[kind].id, item_id)),
            presets=list(visit.portal.tables.presets),
            timer=_term(timer, visit),
            base=address(kind, item_id),
        )


def stages(portal: Portal, kind: str, row: Row) -> list[Row]:
    """Stages where the item may stand; nothing for contacts and companies."""
    item_type = BY_NAME[kind]
    return portal.stages.of(item_type.id, row.get("categoryId") or 0) if item_type.staged else []


def related(portal: Portal, kind: str, row: Row) -> list[tuple[str, list[Piece]]]:
    """Cards that point to this one, by kind: the deals of a lead, the contacts of a company …"""
    tables, item_id = portal.tables.items, row["id"]
    if kind == "lead":
        found = {other: tables[BY_NAME[other].id].find("leadId", item_id) for other in ("deal", "contact", "company")}
    elif kind == "deal":
        found = {}
    else:
        field = "contactIds" if kind == "contact" else "companyId"
        found = {other: tables[BY_NAME[other].id].find(field, item_id) for other in ("lead", "deal")}
    if kind == "company":
        found["contact"] = set(contacts_of_company(portal.tables, item_id))
    return [(other, _pieces(portal, other, ids)) for other, ids in found.items() if ids]


def _pieces(portal: Portal, kind: str, ids: set[int]) -> list[Piece]:
    return [Piece(title_of(portal, kind, one), address(kind, one)) for one in sorted(ids)]


def requisites(visit: Visit, type_id: int, item_id: int) -> list[list[tuple[str, str]]]:
    """Requisites with their bank details, as lines of label and value."""
    found = []
    for row in visit.portal.requisites.of(type_id, item_id):
        lines = _lines(visit, row)
        for bank in visit.portal.requisites.bank_details(row["id"]):
            lines += _lines(visit, {**bank, "NAME": ""})
        found.append(lines)
    return found


def _lines(visit: Visit, row: Row) -> list[tuple[str, str]]:
    return [(visit.word(*label), str(row[name])) for name, label in words.REQUISITES.items() if row.get(name)]


def _term(timer: dict[str, Any] | None, visit: Visit) -> dict[str, Any] | None:
    """The robots' timer with how many days are left, and what share of the term is over."""
    if timer is None:
        return None
    since, due = words.parse(timer["since"]), words.parse(timer["due"])
    if since is None or due is None:
        return {**timer, "left": None, "over": 0}
    today = visit.portal.clock.now().date()
    whole = max((due - since).days, 1)
    left = (due.date() - today).days
    return {**timer, "left": left, "over": min(max(100 * (whole - left) // whole, 0), 100)}
