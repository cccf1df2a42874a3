"""`robots publish FILE`: each section into its parameter, then into force."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from crm_robots.records.parameters import Parameters
from crm_robots.robots.registry import ROWS
from crm_robots.settings.problems import SettingsError
from crm_robots.settings.source import Piece

from admin.last_language import remember
from admin.session import AsJson, StackName, session
from admin.settings_file import answer, ask, differ, read_pieces, refuse, speak_as
from admin.speech import say
from admin.stack import Stack

SECTION_NAMES = {"portal", *(row.section for row in ROWS)}


def publish(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument()],
    prune: Annotated[bool, typer.Option("--prune")] = False,  # noqa: FBT002
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Publish a settings file. A section with faults keeps its last good version. Exit status 2: a section was
    refused."""
    run = session(ctx, stack, as_json)
    try:
        pieces = read_pieces(file)
    except SettingsError as error:
        return refuse(run, error)
    speak_as(run, pieces)
    run.name_the_place()
    if not run.as_json:
        with run.busy(say("busy.portal")):
            foreseen = ask(run.stack, "check", pieces, rules=True)
        differ(run, foreseen)
    with run.busy(say("busy.parameters")):
        write_parameters(run.stack, pieces)
    with run.busy(say("busy.compiling")):
        base = run.stack.webhooks.removesuffix("/webhooks")
        report = ask(run.stack, "publish", pieces, prune=prune, base=base)
    if any(one.section == "portal" and one.version for one in report.sections):
        remember(run.stack_name, report.language)
    return answer(run, report)


def write_parameters(stack: Stack, pieces: Mapping[str, Piece]) -> None:
    """Writes one parameter per section, only where the text differs, and deletes those of absent sections. If a
    section's name is misspelt, nothing is deleted: the absent section may be the misspelt one.
    """
    ssm: Any = stack.client("ssm")
    before = Parameters(ssm, stack.name).below("settings")
    for name in SECTION_NAMES & pieces.keys():
        if before.get(name) != pieces[name].text:
            ssm.put_parameter(
                Name=f"/{stack.name}/settings/{name}",
                Value=pieces[name].text,
                Type="String",
                Tier="Intelligent-Tiering",
                Overwrite=True,
            )
    if gone := [] if pieces.keys() - SECTION_NAMES else sorted(SECTION_NAMES & before.keys() - pieces.keys()):
        ssm.delete_parameters(Names=[f"/{stack.name}/settings/{name}" for name in gone])
