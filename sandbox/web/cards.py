"""The card of a lead, deal, contact or company: reading and saving it."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from sandbox.portal.clients import contacts_of_company
from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME, COMPANY, CONTACT
from sandbox.portal.values import BadValue, is_empty
from sandbox.web import form, words
from sandbox.web.fields import LINKS, FieldView, Piece, Shown, card_title, title_of
from sandbox.web.sections import Section, sections
from sandbox.web.timeline import history, planned
from sandbox.web.visit import Visit

NEW = 0
"""The number of a card that is not there yet, in addresses: Bitrix24's own habit."""


def address(kind: str, item_id: int, tail: str = "") -> str:
    """Where a card is; robots' comments link there."""
    return f"/crm/{kind}/details/{item_id}/{tail}"


def named(visit: Visit) -> tuple[str, int, Row]:
    """The item that the address names."""
    kind, item_id = visit.path("kind"), visit.path("id")
    row = visit.portal.items.get(BY_NAME[kind].id, item_id) if kind in BY_NAME else None
    if row is None:
        raise HTTPException(404)
    return kind, item_id, row


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


def edit(visit: Visit) -> Response:
    """The form of a card."""
    with visit.portal.lock:
        if visit.path("id") == NEW:
            return _draw(visit, visit.path("kind"), _blank(visit))
        kind, _, row = named(visit)
        return _draw(visit, kind, row)


def save(visit: Visit) -> Response:
    """Writes what the person changed; a refusal shows the form again, with what was typed."""
    kind, item_id = visit.path("kind"), visit.path("id")
    try:
        with visit.portal.lock:
            row = _blank(visit) if item_id == NEW else named(visit)[2]
            given = form.changes(visit.form, visit.portal.items.fields(BY_NAME[kind].id))
            _check_links(visit.portal, kind, given)
            if item_id == NEW:
                item_id = visit.person.create(kind, **{**_chosen(visit), **given})
            elif given:
                visit.person.update(kind, item_id, **given)
    except Refusal as refusal:
        return _draw(visit, kind, row, refused(visit, kind, row, refusal))
    except BadValue as bad:
        text = visit.word(
            f"Такого нет или портал этого не понял: {bad}",
            f"There is none, or the portal does not understand it: {bad}",
        )
        return _draw(visit, kind, row, text)
    return visit.go(address(kind, item_id), visit.word("Сохранено", "Saved"))


def _check_links(portal: Portal, kind: str, given: Row) -> None:
    """A card is linked by its number; a number that no card has is a slip of the pen."""
    fields = portal.items.fields(BY_NAME[kind].id)
    for name, value in given.items():
        linked = LINKS.get(fields[name].type)
        if linked is None:
            continue
        for one in value if isinstance(value, list) else [value]:
            if one and portal.items.get(BY_NAME[linked].id, one) is None:
                raise BadValue(f"{words.KINDS[linked][0]} #{one}")


def refused(visit: Visit, kind: str, row: Row, refusal: Refusal, stage: str = "") -> str:
    """What the portal refused, kindly: all the fields that are missing at once, or else its own words."""
    if refusal.code != "CRM_FIELD_ERROR_REQUIRED":
        return visit.word("Портал не согласился: ", "The portal refuses: ") + (refusal.text or str(refusal.code))
    view = FieldView(visit.portal, kind, visit.language)
    fields = view.fields()
    demanded = visit.portal.items.requirements.of(BY_NAME[kind].id, stage or row.get("stageId") or "")
    names = dict.fromkeys([*(name for name, field in fields.items() if field.mandatory), *demanded])
    labels = [view.label(fields[name]) for name in names if name in fields and is_empty(row.get(name))]
    if not labels:
        return visit.word("Портал не согласился: ", "The portal refuses: ") + refusal.text
    missing = ", ".join(f"«{label}»" for label in labels)
    return visit.word(f"Сначала заполните: {missing}", f"Please fill in first: {missing}")


def _blank(visit: Visit) -> Row:
    """A card that is not there yet, in the funnel from whose board it was asked for."""
    kind = visit.path("kind")
    if kind not in BY_NAME:
        raise HTTPException(404)
    fields = visit.portal.items.fields(BY_NAME[kind].id)
    return {**{name: field.default for name, field in fields.items()}, "id": NEW, **_chosen(visit)}


def _chosen(visit: Visit) -> Row:
    if visit.path("kind") != "deal":
        return {}
    category = visit.request.query_params.get("category", "")
    return {"categoryId": int(category) if category.isdigit() else 0}


def _draw(visit: Visit, kind: str, row: Row, trouble: str = "") -> Response:
    """The form; after a refusal with what was typed, so that nothing has to be typed twice."""
    view = FieldView(visit.portal, kind, visit.language)
    with visit.portal.lock:
        laid = sections(visit.portal, view, kind, row, visit.language)
    every = [one for section in laid for one in section.fields]
    return visit.page(
        "edit.html",
        422 if trouble else 200,
        kind=kind,
        row=row,
        title=card_title(kind, row) if row["id"] else "",
        sections=[_editable(section) for section in laid],
        seen=str(visit.form.get(form.SEEN) or form.seen(every)),
        typed=form.submitted(visit.form),
        sent=visit.form,
        trouble=trouble,
        items=_suggestions(visit.portal, every),
        phones=words.PHONES,
    )


def _editable(section: Section) -> Section:
    return section._replace(fields=[one for one in section.fields if one.widget])


def _suggestions(portal: Portal, every: list[Shown]) -> dict[str, list[tuple[int, str]]]:
    """The newest cards of the kinds that the form links to; older ones can be typed by their number."""
    wanted = {"contactIds": "contact", "companyId": "company", "companyIds": "company", "leadId": "lead"}
    kinds = {wanted[one.name] for one in every if one.name in wanted}
    newest = {kind: portal.items.table(BY_NAME[kind].id).ids[-100:][::-1] for kind in kinds}
    return {kind: [(one, title_of(portal, kind, one)) for one in ids] for kind, ids in newest.items()}
