"""`robots doctor`: every prerequisite, one line each, with what to do."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict

import typer
from botocore.exceptions import ClientError
from rich.console import Console

from admin.doctor import names
from admin.doctor.account import account
from admin.doctor.addresses import addresses, hosts
from admin.doctor.calendar import working_days
from admin.doctor.days import last_run, schedule
from admin.doctor.drift import against_portal
from admin.doctor.finding import Finding, wrong
from admin.doctor.portal import portal, secrets
from admin.doctor.queues import dead_letters, events
from admin.doctor.settings import only_leads, robots_on, settings
from admin.session import AsJson, StackName, escaped, session
from admin.speech import say
from admin.stack import Stack

_MARKS = {"ok": "[green]✓[/green]", "note": "[yellow]![/yellow]", "wrong": "[red]✗[/red]"}

_DENIED = ("AccessDenied", "AccessDeniedException")


def doctor(ctx: typer.Context, stack: StackName = None, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Check every prerequisite and say what to do. Exit status 1: something is wrong."""
    run = session(ctx, stack, as_json)
    run.name_the_place()
    with run.busy(say("busy.doctor")):
        findings = list(examine(run.stack))
    healthy = not any(finding.level == "wrong" for finding in findings)
    document = {"healthy": healthy, "findings": [asdict(finding) for finding in findings]}
    run.answer(document, lambda console: _show(console, findings))
    if not healthy:
        raise typer.Exit(1)


def examine(stack: Stack) -> Iterator[Finding]:
    """All findings, in the order in which they depend on each other."""
    yield from _allowed(names.SECRETS, lambda: secrets(stack))
    yield from _allowed(names.ADDRESSES, lambda: addresses(stack))
    on: Collection[str] = ()
    on_leads = False
    try:
        on, on_leads = robots_on(stack), only_leads(stack)
    except ClientError as error:
        yield _denied(names.SETTINGS, error)
    yield from _allowed(names.PORTAL, lambda: portal(stack, on, only_leads=on_leads))
    yield from _allowed(names.SETTINGS, lambda: settings(stack))
    yield from _allowed(names.DRIFT, lambda: against_portal(stack))
    yield from _allowed(names.ACCOUNT, lambda: account(stack))
    yield from _allowed(names.HOSTS, lambda: hosts(stack))
    yield from _allowed(names.EVENTS, lambda: events(stack, on))
    yield from _allowed(names.CALENDAR, lambda: working_days(stack, on))
    yield from _allowed(names.SCHEDULE, lambda: schedule(stack))
    yield from _allowed(names.DAY, lambda: last_run(stack, on))
    yield from _allowed(names.DEAD_LETTERS, lambda: dead_letters(stack))


def _allowed(name: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of one part. A right that this person lacks in AWS becomes a finding and does not stop the other
    parts."""
    try:
        yield from look()
    except ClientError as error:
        yield _denied(name, error)


def _denied(name: str, error: ClientError) -> Finding:
    """Raises every error except a missing right."""
    if error.response["Error"]["Code"] not in _DENIED:
        raise error
    operation = error.operation_name
    return wrong(name, say("denied", operation=operation), say("denied.todo", operation=operation))


def _show(console: Console, findings: list[Finding]) -> None:
    for finding in findings:
        todo = f" [bold]→ {escaped(finding.todo)}[/bold]" if finding.todo else ""
        console.print(f"{_MARKS[finding.level]} {_title(finding.name)}: {escaped(finding.text)}{todo}")


def _title(name: str) -> str:
    """What people call the line."""
    _, colon, part = name.partition(": ")
    return f"{say(names.key_of(name))}{colon}{part}"
