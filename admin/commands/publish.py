"""`robots publish FILE`: each section into its parameter, then into force."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from crm_robots.records.parameters import Parameters
from crm_robots.settings.problems import SettingsError
from crm_robots.settings.sections import SECTIONS
from crm_robots.settings.source import Piece

from admin.session import AsJson, StackName, session
from admin.settings_file import answer, ask, read_pieces, refuse
from admin.stack import Stack


def publish(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The settings file.")],
    prune: Annotated[  # noqa: FBT002
        bool, typer.Option("--prune", help="Remove dropdown items that the file does not have and no card uses.")
    ] = False,
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
    with run.busy("Writing parameters …"):
        write_parameters(run.stack, pieces)
    with run.busy("Compiling against the portal …"):
        report = ask(run.stack, "publish", pieces, prune=prune)
    return answer(run, report)


def write_parameters(stack: Stack, pieces: Mapping[str, Piece]) -> None:
    """Writes one parameter per section, only where the text differs, and deletes those of absent sections. If a
    section's name is misspelt, nothing is deleted: the absent section may be the misspelt one.
    """
    ssm: Any = stack.client("ssm")
    before = Parameters(ssm, stack.name).below("settings")
    for name in SECTIONS.keys() & pieces.keys():
        if before.get(name) != pieces[name].text:
            ssm.put_parameter(
                Name=f"/{stack.name}/settings/{name}",
                Value=pieces[name].text,
                Type="String",
                Tier="Intelligent-Tiering",
                Overwrite=True,
            )
    if gone := [] if pieces.keys() - SECTIONS.keys() else sorted(SECTIONS.keys() & before.keys() - pieces.keys()):
        ssm.delete_parameters(Names=[f"/{stack.name}/settings/{name}" for name in gone])
