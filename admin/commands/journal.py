"""`robots journal`: what robots did, in words: the card, old → new, the rule, and because of what."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from admin.cards import item_of
from admin.history import moment, of_days, of_item, of_run
from admin.in_words import documents, show
from admin.moments import time_of
from admin.session import AsJson, StackName, session
from admin.settings_in_force import portal_zone
from admin.speech import say

_USUAL_DAYS = 7


def journal(
    ctx: typer.Context,
    entity: Annotated[str | None, typer.Option("--entity")] = None,
    run: Annotated[str | None, typer.Option("--run")] = None,
    since: Annotated[str | None, typer.Option("--since")] = None,
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Show what robots wrote to the portal, newest last."""
    desk = session(ctx, stack, as_json)
    desk.name_the_place()
    zone = portal_zone(desk.stack)
    start = time_of(since, zone, "--since") if since else None
    with desk.busy(say("busy.journal")):
        if entity:
            found = of_item(desk.stack, item_of(entity), moment(start) if start else "")
            entries = [entry for entry in found if run is None or entry.run == run]
        elif run:
            entries = list(of_run(desk.stack, run, moment(start) if start else ""))
        else:
            now = datetime.now(UTC)
            first = min(start or now, now - timedelta(days=_USUAL_DAYS))
            entries = list(of_days(desk.stack, first, now, moment(start) if start else ""))
    desk.answer(documents(entries, zone), lambda console: show(console, entries, zone))
