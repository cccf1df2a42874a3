"""`robots import FILE`: statuses for many cards at once."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from crm_robots.robots.client_status.importing import HOLDER, Importing, Outcome
from rich.console import Console

from admin.at_work import server_time, window
from admin.session import AsJson, StackName, escaped, session
from admin.speech import language, say
from admin.spreadsheet import rows


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument()],
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,  # noqa: FBT002
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Set the statuses of many cards. No call is asked for and nobody is told. Exit status 1: rows were refused."""
    run = session(ctx, stack, as_json)
    source = rows(file)
    run.name_the_place()
    work = window(run.stack, HOLDER)
    now = server_time(work.portal)
    importing = Importing(
        work, work.calendar.today(now.timestamp()), int(now.timestamp()), dry_run=dry_run, language=language()
    )
    with run.progress(say("unit.rows")) as progress:
        outcome = importing.run(source, lambda done: progress(done, None))
    document = {**msgspec.to_builtins(outcome), "run": None if dry_run else importing.run_name}
    run.answer(document, lambda console: _show(console, outcome, document["run"]))
    if outcome.refused:
        raise typer.Exit(1)


def _show(console: Console, outcome: Outcome, run_name: str | None) -> None:
    for refusal in outcome.refused:
        console.print(escaped(say("import.row", row=refusal.row, why=refusal.reason)))
    key = "import.done" if run_name else "import.foreseen"
    console.print(say(key, rows=outcome.rows, good=outcome.imported, refused=len(outcome.refused)))
    if run_name:
        console.print(f"robots journal --run {run_name}")
