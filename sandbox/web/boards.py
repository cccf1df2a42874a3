"""Leads and deals by stage, and the lists of contacts and companies."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from sandbox.portal.core import Portal
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME
from sandbox.web.fields import FieldView, Shown, card_title, title_of
from sandbox.web.visit import Visit

_CARDS = 40
"""How many of a column's newest cards are drawn; the column shows its full number."""
_PAGE = 50
_COLUMNS = 2
"""How many dropdowns of a client stand in the list; the status is one of them."""


class Card(NamedTuple):
    """A card on a board."""

    row: Row
    title: str
    client: str
    todos: int


class Column(NamedTuple):
    """A stage with its newest cards; `length` and `total` are of all of them."""

    stage: Row
    cards: list[Card]
    length: int
    total: float


def home(_: Visit) -> Response:
    """The first page is the board of leads."""
    return RedirectResponse("/crm/lead/", 303)


def items(visit: Visit) -> Response:
    """A board for what has stages, a list for the rest."""
    kind = visit.path("kind")
    if kind not in BY_NAME:
        raise HTTPException(404)
    return board(visit, kind) if BY_NAME[kind].staged else clients(visit, kind)


def board(visit: Visit, kind: str) -> Response:
    """Columns by stage; deals have a board per funnel."""
    portal, type_id = visit.portal, BY_NAME[kind].id
    with portal.lock:
        funnels = portal.stages.categories() if kind == "deal" else []
        category = visit.request.query_params.get("category", "")
        known = {str(one["id"]): one["id"] for one in funnels}
        chosen = known.get(category, next(iter(known.values()), 0))
        stages = portal.stages.of(type_id, chosen)
        columns = [_column(portal, kind, stage) for stage in stages]
        return visit.page("board.html", kind=kind, columns=columns, stages=stages, funnels=funnels, category=chosen)


def _column(portal: Portal, kind: str, stage: Row) -> Column:
    rows = portal.items.table(BY_NAME[kind].id).by("stageId", stage["STATUS_ID"].casefold())
    cards = [_card(portal, kind, row) for row in rows[: -_CARDS - 1 : -1]]
    return Column(stage, cards, len(rows), sum(row["opportunity"] or 0 for row in rows))


def _card(portal: Portal, kind: str, row: Row) -> Card:
    return Card(row, card_title(kind, row), _client(portal, row), _open(portal, kind, row["id"]))


def _client(portal: Portal, row: Row) -> str:
    if row["companyId"]:
        return title_of(portal, "company", row["companyId"])
    if row["contactId"]:
        return title_of(portal, "contact", row["contactId"])
    return " ".join(part for part in (row.get("name"), row.get("lastName")) if part)


def _open(portal: Portal, kind: str, item_id: int) -> int:
    return sum(one["COMPLETED"] == "N" for one in portal.activities.of(BY_NAME[kind].id, item_id))


def clients(visit: Visit, kind: str) -> Response:
    """Contacts or companies, newest first; found by name, phone or e-mail."""
    asked = visit.request.query_params.get("q", "").strip()
    page = visit.request.query_params.get("page", "")
    first = _PAGE * (max(int(page), 1) - 1 if page.isdigit() else 0)
    with visit.portal.lock:
        table = visit.portal.items.table(BY_NAME[kind].id)
        ids = table.ids[::-1] if not asked else [row["id"] for row in _matching(list(table)[::-1], kind, asked)]
        shown = [table.rows[one] for one in ids[first : first + _PAGE]]
        view = FieldView(visit.portal, kind, visit.language)
        columns = list(_dropdowns(view))[:_COLUMNS]
        return visit.page(
            "clients.html",
            kind=kind,
            rows=[(row, card_title(kind, row), [view.show(name, row) for name in columns]) for row in shown],
            titles=[view.label(view.fields()[name]) for name in columns],
            fm=[view.show("fm", row) for row in shown],
            chip=option_place,
            asked=asked,
            count=len(ids),
            page=first // _PAGE + 1,
            pages=-(-len(ids) // _PAGE) or 1,
        )


def _matching(rows: list[Row], kind: str, asked: str) -> Iterator[Row]:
    wanted, digits = asked.casefold(), "".join(filter(str.isdigit, asked))
    for row in rows:
        texts = [card_title(kind, row), *(str(one["value"]) for one in row["fm"])]
        numbers = ("".join(filter(str.isdigit, text)) for text in texts[1:])
        if any(wanted in text.casefold() for text in texts) or (len(digits) > 3 and any(digits in n for n in numbers)):
            yield row


def _dropdowns(view: FieldView) -> Iterator[str]:
    for name, field in view.fields().items():
        if field.user_field and field.type == "enumeration" and not field.multiple:
            yield name


def option_place(shown: Shown) -> int:
    """Which of its items a dropdown holds, from 0; -1 for none: the colour of its chip."""
    codes: list[Any] = [code for code, _ in shown.options]
    return codes.index(shown.raw[0]) if shown.raw and shown.raw[0] in codes else -1
