"""The form of a card: a new one or a change, saved as the person who looks."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME
from sandbox.portal.values import BadValue, is_empty
from sandbox.web import form, words
from sandbox.web.addresses import NEW, address, named
from sandbox.web.fields import LINKS, FieldView, Shown, card_title, title_of
from sandbox.web.sections import Section, sections
from sandbox.web.visit import Visit


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
    """Links a card by its number; refuses a number that no card has."""
    fields = portal.items.fields(BY_NAME[kind].id)
    for name, value in given.items():
        linked = LINKS.get(fields[name].type)
        if linked is None:
            continue
        for one in value if isinstance(value, list) else [value]:
            if one and portal.items.get(BY_NAME[linked].id, one) is None:
                raise BadValue(f"{words.KINDS[linked][0]} #{one}")


def refused(visit: Visit, kind: str, row: Row, refusal: Refusal, stage: str = "") -> str:
    """What the portal refused: all missing fields at once, or else its own words."""
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
    usual = {name: field.default for name, field in fields.items()}
    return {**usual, "id": NEW, "assignedById": visit.user_id, **_chosen(visit)}


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
