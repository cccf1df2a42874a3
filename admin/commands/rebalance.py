"""`robots rebalance --most N`: clients above N per manager change hands within their department (D14)."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar
from crm_robots.robots.daily.hand_over import BESIDE
from crm_robots.robots.daily.rebalance import Client, Move, Proposal, Stay, Teams, Terms, propose, still_holding
from crm_robots.robots.daily.rebalancing import IN_USE, REFUSED, Propose, Rebalancing
from crm_robots.shared.names import folded
from crm_robots.shared.people import Directory
from rich.console import Console
from rich.table import Table

from admin.at_work import look_whether_we_may, server_time, tools_of
from admin.kept_proposal import KeptProposal, document, keep, kept
from admin.moments import At, moment
from admin.session import AsJson, Session, StackName, escaped, session
from admin.settings_in_force import reader
from admin.speech import knows, say
from admin.trouble import Trouble

_SHOWN = 50
_HEADS = ("manager", "before", "gives", "gets", "after")
_FAILED = (REFUSED, IN_USE)

Most = Annotated[int | None, typer.Option("--most", min=1)]
Department = Annotated[str | None, typer.Option("--department")]
Statuses = Annotated[str | None, typer.Option("--status")]
DryRun = Annotated[bool, typer.Option("--dry-run")]
Yes = Annotated[bool, typer.Option("--yes")]
Plan = Annotated[Path | None, typer.Option("--plan")]


def rebalance(
    ctx: typer.Context,
    most: Most = None,
    department: Department = None,
    status: Statuses = None,
    at: At = None,
    dry_run: DryRun = False,  # noqa: FBT002
    yes: Yes = False,  # noqa: FBT002
    plan: Plan = None,
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Move clients from managers who have more than N to colleagues of their department who have room."""
    run = session(ctx, stack, as_json)
    if not (dry_run or yes or sys.stdin.isatty()):
        raise Trouble("rebalance.nobody_to_ask", 2)
    earlier = kept(plan) if plan and not dry_run else None
    most = most or (earlier.most if earlier else None)
    if most is None:
        raise Trouble("rebalance.how_many", 2)
    run.name_the_place()
    settings = reader(run.stack).load("client_status", ClientStatusRules, BESIDE)
    if settings is None:
        raise Trouble("client_status_is_off")
    look_whether_we_may(run.stack)
    tools = tools_of(run.stack)
    work = Rebalancing(tools, settings, moment(run.stack, at) or server_time(tools.portal))
    terms = Terms(most, _statuses(status, settings.rules), _givers(department, work.directory))
    shown = _Shown(run, work.directory, Calendar(settings.rules, settings.portal.timezone))
    with run.busy(say("busy.clients")):
        found = work.proposal(terms, _way(terms, earlier), finishes=not dry_run)
    if dry_run:
        if plan:
            keep(plan, shown.document(None, found.moves, found.stays), most)
        shown.answer(None, found, found.moves, found.stays)
        return
    if not yes:
        shown.ask(found)
    with run.progress(say("unit.clients")) as progress:
        moved, stayed = work.carry_out(found.moves, lambda done: progress(done, len(found.moves)))
    shown.answer(work.run_name if moved else None, found, moved, [*found.stays, *stayed], is_done=True)
    if any(one.why in _FAILED for one in stayed):
        raise typer.Exit(1)


class _Shown:
    """What people and programs see of it."""

    def __init__(self, run: Session, directory: Directory, calendar: Calendar) -> None:
        self._run = run
        self._directory = directory
        self._calendar = calendar

    def document(self, run: str | None, moves: Iterable[Move], stays: Iterable[Stay]) -> dict[str, object]:
        """The JSON."""
        return document(run, moves, stays, self._day)

    def answer(
        self,
        run: str | None,
        found: Proposal,
        moves: Sequence[Move],
        stays: Sequence[Stay],
        *,
        is_done: bool = False,
    ) -> None:
        """What is proposed, or was done."""

        def show(console: Console) -> None:
            self._proposal(console, found, moves, stays)
            if is_done:
                console.print(say("rebalance.done", moved=len(moves), stayed=len(stays)))
                if run:
                    console.print(f"robots journal --run {run}")
            else:
                console.print(say("rebalance.foreseen", moved=len(moves), stayed=len(stays)))

        self._run.answer(self.document(run, moves, stays), show)

    def ask(self, found: Proposal) -> None:
        """Shows it and asks; ends the command where the answer is no."""
        self._proposal(self._run.err, found, found.moves, found.stays)
        if found.moves and not _agreed(say("rebalance.question", count=len(found.moves))):
            raise Trouble("rebalance.nothing_done")

    def _proposal(self, console: Console, found: Proposal, moves: Sequence[Move], stays: Sequence[Stay]) -> None:
        gives, gets = Counter(one.client.manager for one in moves), Counter(one.to for one in moves)
        counted = Counter(one.client.manager for one in moves if one.client.counts)
        more = Counter(one.to for one in moves if one.client.counts)
        people = sorted({*gives, *gets, *(one.client.manager for one in stays)}, key=self._directory.name)
        table = Table(*(say(f"head.{name}") for name in _HEADS))
        for one in people:
            before = found.before.get(one, 0)
            row = (before, gives[one], gets[one], before - counted[one] + more[one])
            table.add_row(escaped(self._directory.name(one)), *map(str, row))
        if people:
            console.print(table)
        _lines(console, [f"{self._named(one.client)} → {self._directory.name(one.to)}" for one in moves])
        _lines(console, [say("rebalance.stays", client=self._named(one.client), why=_why(one.why)) for one in stays])

    def _named(self, client: Client) -> str:
        called = self._day(client.last_call)
        last = say("rebalance.last_call", day=called) if called else say("rebalance.no_call")
        return f"{client.item} {client.title} ({last}), {self._directory.name(client.manager)}"

    def _day(self, call: int) -> str | None:
        return self._calendar.today(call).isoformat() if call else None


def _why(reason: str) -> str:
    """In the command's language; the JSON has it as it is."""
    key = f"stays.{reason}"
    return say(key) if knows(key) else reason


def _agreed(question: str) -> bool:
    """Only yes is yes."""
    answer = typer.prompt(question, default="", show_default=False, err=True)
    return answer.strip().casefold() in ("y", "yes", "д", "да")


def _way(terms: Terms, earlier: KeptProposal | None) -> Propose:
    """A new proposal, or what is left of a kept one."""

    def found(clients: Sequence[Client], receivers: Teams) -> Proposal:
        if earlier is None:
            return propose(clients, terms, receivers)
        return still_holding(earlier.wanted, clients, terms, receivers)

    return found


def _lines(console: Console, lines: Sequence[str]) -> None:
    for line in lines[:_SHOWN]:
        console.print(escaped(line))
    if len(lines) > _SHOWN:
        console.print(say("rebalance.more", count=len(lines) - _SHOWN))


def _statuses(given: str | None, rules: ClientStatusRules) -> frozenset[str] | None:
    """Codes of the statuses that were named."""
    if given is None:
        return None
    found: set[str] = set()
    for name in filter(None, map(folded, given.split(","))):
        codes = [one.code for one in rules.statuses if name in (folded(one.label), folded(one.code))]
        if not codes:
            known = ", ".join(f"{one.label} ({one.code})" for one in rules.statuses)
            raise Trouble("rebalance.no_status", 2, name=name, known=known)
        found |= set(codes[:1])
    if not found:
        raise Trouble("rebalance.which_status", 2)
    return frozenset(found)


def _givers(department: str | None, directory: Directory) -> frozenset[int] | None:
    """Everybody of the department and those below, also people who left."""
    if department is None:
        return None
    places = directory.departments.values()
    named = [one for one in places if folded(one.name) == folded(department)]
    named = named or [one for one in places if str(one.id) == department.strip()]
    if len(named) != 1:
        known = ", ".join(f"{one.name} ({one.id})" for one in named or sorted(places, key=lambda one: one.id))
        key = "rebalance.several_departments" if named else "rebalance.no_department"
        raise Trouble(key, 2, name=department, known=known)
    within = directory.within(named[0].id)
    return frozenset(user.id for user in directory.users.values() if not within.isdisjoint(user.departments))
