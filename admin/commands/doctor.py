"""`robots doctor`: every prerequisite, one line each, with what to do."""

from collections.abc import Iterator
from dataclasses import asdict

import typer
from rich.console import Console

from admin.doctor.addresses import addresses
from admin.doctor.days import last_run, schedule
from admin.doctor.finding import Finding
from admin.doctor.portal import portal, secrets
from admin.doctor.queues import dead_letters, events
from admin.doctor.settings import robots_on, settings
from admin.session import AsJson, StackName, escaped, session
from admin.stack import Stack

_MARKS = {"ok": "[green]✓[/green]", "note": "[yellow]![/yellow]", "wrong": "[red]✗[/red]"}


def doctor(ctx: typer.Context, stack: StackName = None, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Look at everything that has to be right, and say what to do where it is not. Exits 1 if something is wrong."""
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
    yield from secrets(stack)
    yield from addresses(stack)
    on = robots_on(stack)
    yield from portal(stack, on)
    yield from settings(stack)
    yield from events(stack, on)
    yield from schedule(stack)
    yield from last_run(stack, on)
    yield from dead_letters(stack)


def _show(console: Console, findings: list[Finding]) -> None:
    for finding in findings:
        todo = f" [bold]→ {escaped(finding.todo)}[/bold]" if finding.todo else ""
        console.print(f"{_MARKS[finding.level]} {finding.name}: {escaped(finding.text)}{todo}")
