"""`robots load`: who looks after how many clients, as the last run of the day saw it; and links to the head's page."""

import time
from typing import Annotated, Any

import msgspec
import typer
from crm_robots.engine.directory import DirectoryCache
from crm_robots.records.memory import MemoryTable
from crm_robots.robots.client_status.rules import ClientStatusRules, DeskRules
from crm_robots.robots.desk.figures import Manager, Sign
from crm_robots.robots.desk.heads import people_in, people_of
from crm_robots.robots.desk.links import LinkBook
from crm_robots.robots.desk.snapshot import Index, Snapshots
from crm_robots.shared.names import folded
from crm_robots.shared.people import Directory
from rich.console import Console
from rich.table import Table

from admin.at_work import look_whether_we_may, portal_of
from admin.moments import At, moment
from admin.session import AsJson, Session, StackName, escaped, session
from admin.settings_in_force import reader
from admin.speech import say
from admin.trouble import Trouble

_SHOWN = ("due", "lost", "rescued", "snoozed", "open_deals", "no_calls")


def load(
    ctx: typer.Context,
    department: Annotated[str, typer.Option("--department")] = "",
    link: Annotated[str, typer.Option("--link")] = "",
    at: At = None,
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Show how many clients each manager has, in which state, and what looks odd."""
    run = session(ctx, stack, as_json)
    run.name_the_place(aside=bool(link))
    people = _people(run) if department or link else Directory()
    if link:
        address = _link(run, _head(link, people), at)
        run.answer({"link": address}, lambda console: console.print(escaped(address)))
        return
    snapshots = Snapshots(_memory(run))
    index = snapshots.index()
    if index.day is None:
        raise Trouble("load.no_day")
    wanted = set(index.managers)
    if department:
        wanted &= people_in(_department(department, people), people)
    found = snapshots.managers(wanted)
    document = {"day": index.day.isoformat(), "managers": [_row(one) for one in found]}
    run.answer(document, lambda console: _show(console, index, found))


def _row(one: Manager) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("id", "name", "department", "clients", *_SHOWN, "above")}
    return plain | {"signs": msgspec.to_builtins(one.signs)}


def _link(run: Session, head: int, at: str | None) -> str:
    settings = reader(run.stack).load("client_status", ClientStatusRules)
    desk = (settings.rules.desk if settings else None) or DeskRules()
    now = moment(run.stack, at)
    token = LinkBook(_memory(run)).make(head, int(now.timestamp() if now else time.time()), desk.days)
    return f"{run.stack.webhooks.removesuffix('/webhooks')}/desk/{token}"


def _head(name: str, people: Directory) -> int:
    wanted = folded(name)
    found = [one for one in people.users.values() if wanted in (folded(one.name), folded(one.email), str(one.id))]
    if len(found) != 1:
        raise Trouble("load.several_of_name" if found else "load.nobody", 2, name=name, count=len(found))
    if not people_of(found[0].id, people):
        raise Trouble("load.no_head", 2, name=name, person=found[0].name)
    return found[0].id


def _department(name: str, people: Directory) -> int:
    found = [one.id for one in people.departments.values() if folded(name) in (folded(one.name), str(one.id))]
    if len(found) != 1:
        known = ", ".join(sorted(one.name for one in people.departments.values()))
        raise Trouble("load.no_department", 2, name=name, known=known)
    return found[0]


def _people(run: Session) -> Directory:
    look_whether_we_may(run.stack)
    return DirectoryCache(portal_of(run.stack), run.stack.client("dynamodb"), run.stack.table("Settings")).get()


def _memory(run: Session) -> MemoryTable:
    return MemoryTable(run.stack.client("dynamodb"), run.stack.table("Memory"))


def _show(console: Console, index: Index, found: list[Manager]) -> None:
    statuses = [(code, label) for code, label in index.statuses if any(one.clients.get(code) for one in found)]
    signs = list(Manager(0).signs.__struct_fields__)
    first, rest = _heads("manager", "department"), _heads(*_SHOWN, "above", *signs)
    table = Table(*map(escaped, [*first, *(label for _, label in statuses), *rest]), box=None)
    for one in found:
        numbers = [*(one.clients.get(code, 0) for code, _ in statuses), *(getattr(one, name) for name in _SHOWN)]
        odd = [_text(getattr(one.signs, name)) for name in signs]
        cells = [one.name, one.department, *map(str, numbers), say("word.yes") if one.above else "", *odd]
        table.add_row(*map(escaped, cells))
    console.print(f"[bold]{index.day}[/bold]")
    console.print(table)


def _text(sign: Sign) -> str:
    return say("word.unknown") if sign.count is None else str(sign.count)


def _heads(*names: str) -> list[str]:
    return [say(f"head.{name}") for name in names]
