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
from admin.trouble import Trouble

_SHOWN = ("due", "lost", "rescued", "snoozed", "open_deals", "no_calls")


def load(
    ctx: typer.Context,
    department: Annotated[str, typer.Option("--department", help="Only this department and those below it.")] = "",
    link: Annotated[str, typer.Option("--link", help="A link to the page of this head: name, e-mail or id.")] = "",
    at: At = None,
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Show how many clients each manager has, in which state, and what looks odd."""
    run = session(ctx, stack, as_json)
    people = _people(run) if department or link else Directory()
    if link:
        address = _link(run, _head(link, people), at)
        run.answer({"link": address}, lambda console: console.print(escaped(address)))
        return
    snapshots = Snapshots(_memory(run))
    index = snapshots.index()
    if index.day is None:
        raise Trouble("no day was run yet: `robots daily` runs it, and the figures are counted at its end")
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
        what = "nobody" if not found else f"{len(found)} people"
        raise Trouble(f"--link {name}: {what} of that name; give an e-mail or an id", 2)
    if not people_of(found[0].id, people):
        raise Trouble(f"--link {name}: {found[0].name} heads nobody; the page is for heads of departments", 2)
    return found[0].id


def _department(name: str, people: Directory) -> int:
    found = [one.id for one in people.departments.values() if folded(name) in (folded(one.name), str(one.id))]
    if len(found) != 1:
        known = ", ".join(sorted(one.name for one in people.departments.values()))
        raise Trouble(f"--department {name}: no single department of that name; there are {known}", 2)
    return found[0]


def _people(run: Session) -> Directory:
    look_whether_we_may(run.stack)
    return DirectoryCache(portal_of(run.stack), run.stack.client("dynamodb"), run.stack.table("Settings")).get()


def _memory(run: Session) -> MemoryTable:
    return MemoryTable(run.stack.client("dynamodb"), run.stack.table("Memory"))


def _show(console: Console, index: Index, found: list[Manager]) -> None:
    statuses = [(code, label) for code, label in index.statuses if any(one.clients.get(code) for one in found)]
    heads = ["manager", "department", *(label for _, label in statuses), *(name.replace("_", " ") for name in _SHOWN)]
    signs = list(Manager(0).signs.__struct_fields__)
    table = Table(*map(escaped, [*heads, "above", *(name.replace("_", " ") for name in signs)]), box=None)
    for one in found:
        numbers = [*(one.clients.get(code, 0) for code, _ in statuses), *(getattr(one, name) for name in _SHOWN)]
        odd = [_text(getattr(one.signs, name)) for name in signs]
        cells = [one.name, one.department, *map(str, numbers), "yes" if one.above else "", *odd]
        table.add_row(*map(escaped, cells))
    console.print(f"[bold]{index.day}[/bold]")
    console.print(table)


def _text(sign: Sign) -> str:
    return "unknown" if sign.count is None else str(sign.count)
