"""`robots check FILE [--effect]`: what publishing would do, without doing it."""

from pathlib import Path
from typing import Annotated

import typer
from crm_robots.settings.problems import SettingsError

from admin.moments import At, moment
from admin.session import AsJson, StackName, session
from admin.settings_file import answer, ask, differ, read_pieces, refuse, speak_as
from admin.speech import say


def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument()],
    effect: Annotated[bool, typer.Option("--effect")] = False,  # noqa: FBT002
    at: At = None,
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Check a settings file against the portal; write nothing. Exit status 2: the file has faults."""
    run = session(ctx, stack, as_json)
    try:
        pieces = read_pieces(file)
    except SettingsError as error:
        return refuse(run, error)
    speak_as(run, pieces)
    run.name_the_place()
    with run.busy(say("busy.portal")):
        report = ask(run.stack, "check", pieces, rules=True)
    if not effect or report.refused:
        differ(run, report)
        return answer(run, report)
    # What only the effect needs is slow to load.
    from admin import effect as effects
    from admin.at_work import tools_of

    found = effects.foresee(run, report, moment(run.stack, at))
    people = tools_of(run.stack).directory()
    names = {number: user.name for number, user in people.users.items()}
    return run.answer(found.document(), lambda console: effects.show(console, found, names))
