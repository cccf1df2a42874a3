"""`robots doctor`: every prerequisite, one line each, with what to do."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict

import typer
from botocore.exceptions import ClientError
from rich.console import Console

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
from admin.stack import Stack

_MARKS = {"ok": "[green]✓[/green]", "note": "[yellow]![/yellow]", "wrong": "[red]✗[/red]"}

_DENIED = ("AccessDenied", "AccessDeniedException")


def doctor(ctx: typer.Context, stack: StackName = None, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Check every prerequisite and say what to do. Exit status 1: something is wrong."""
    run = session(ctx, stack, as_json)
    with run.busy("Looking …"):
        findings = list(examine(run.stack))
    healthy = not any(finding.level == "wrong" for finding in findings)
    document = {"healthy": healthy, "findings": [asdict(finding) for finding in findings]}
    run.answer(document, lambda console: _show(console, findings))
    if not healthy:
        raise typer.Exit(1)


def examine(stack: Stack) -> Iterator[Finding]:
    """All findings, in the order in which they depend on each other."""
    yield from _allowed("secrets", lambda: secrets(stack))
    yield from _allowed("queue addresses", lambda: addresses(stack))
    on: Collection[str] = ()
    on_leads = False
    try:
        on, on_leads = robots_on(stack), only_leads(stack)
    except ClientError as error:
        yield _denied("settings", error)
    yield from _allowed("portal", lambda: portal(stack, on, only_leads=on_leads))
    yield from _allowed("settings", lambda: settings(stack))
    yield from _allowed("settings against the portal", lambda: against_portal(stack))
    yield from _allowed("functions at once", lambda: account(stack))
    yield from _allowed("portal hosts", lambda: hosts(stack))
    yield from _allowed("last event", lambda: events(stack, on))
    yield from _allowed("working days", lambda: working_days(stack, on))
    yield from _allowed("schedule", lambda: schedule(stack))
    yield from _allowed("last daily run", lambda: last_run(stack, on))
    yield from _allowed("dead letters", lambda: dead_letters(stack))


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
    return wrong(name, f"AWS refuses {operation} to you", f"ask for the right to {operation} in your AWS account")


def _show(console: Console, findings: list[Finding]) -> None:
    for finding in findings:
        todo = f" [bold]→ {escaped(finding.todo)}[/bold]" if finding.todo else ""
        console.print(f"{_MARKS[finding.level]} {finding.name}: {escaped(finding.text)}{todo}")
