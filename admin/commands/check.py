"""`robots check FILE`: what publishing would do, without doing it."""

from pathlib import Path
from typing import Annotated

import typer
from crm_robots.settings.problems import SettingsError

from admin.session import AsJson, StackName, session
from admin.settings_file import answer, ask, read_pieces, refuse


def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The settings file.")],
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Check a settings file against the portal; write nothing. Exit status 2: the file has faults."""
    run = session(ctx, stack, as_json)
    try:
        pieces = read_pieces(file)
    except SettingsError as error:
        return refuse(run, error)
    with run.busy("Asking the portal …"):
        report = ask(run.stack, "check", pieces)
    return answer(run, report)
