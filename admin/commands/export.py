"""`robots export FILE`: every card of a kind with its status, in the columns that `robots import` reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer
from crm_robots.portal.items import to_item
from crm_robots.portal.lists import Guess, item_pages
from crm_robots.robots.client_status.cards import status_of
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.window import Window
from crm_robots.shared.items import ENTITY_TYPE_IDS, Item

from admin.at_work import window
from admin.session import AsJson, StackName, escaped, session
from admin.speech import say
from admin.table_file import writer
from admin.trouble import Trouble

COLUMNS = ("entity", "id", "name", "responsible", "status", "since")
_NAMES = {"company": ["title"], "contact": ["name", "lastName"]}


def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument()],
    entity: Annotated[Literal["company", "contact"], typer.Option("--entity")],
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Write every card of a kind with name, responsible, status and since; `robots import` reads it back."""
    run = session(ctx, stack, as_json)
    run.name_the_place()
    work = window(run.stack, "export")
    if entity not in work.rules.entities:
        raise Trouble("export.not_tracked", 2, entity=entity, tracked=", ".join(work.rules.entities))
    count = 0
    with run.progress(say("unit.cards")) as progress, writer(file) as write:
        write(COLUMNS)
        for cards, left in _pages(work, entity):
            for row in _rows(work, cards):
                write(row)
            count += len(cards)
            progress(count, count + left)
    document = {"file": str(file), "cards": count}
    run.answer(document, lambda console: console.print(escaped(say("export.done", count=count, file=file))))


def _pages(work: Window, kind: str) -> Iterator[tuple[list[Item], int]]:
    select = ["id", *_NAMES[kind], "assignedById", work.rules.status_field]
    for _, rows, left in item_pages(work.portal, {ENTITY_TYPE_IDS[kind]: Guess()}, select):
        yield [to_item(kind, row) for row in rows], left


def _rows(work: Window, cards: list[Item]) -> Iterator[tuple[str, ...]]:
    timers = {item: record.remembered(Timer) for item, record in work.timers.load(str(c.ref) for c in cards).items()}
    people = work.tools.directory()
    for card in cards:
        status, timer = status_of(card, work.calendar), timers[str(card.ref)]
        since = timer.since.isoformat() if timer.since and timer.status == status else ""
        responsible = people.name(card.responsible_id) if card.responsible_id else ""
        yield card.ref.kind, str(card.ref.id), card.title, responsible, work.rules.label(status), since
