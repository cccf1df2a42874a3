"""`robots journal`: what robots did, in words: the card, old → new, the rule, and because of what."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from crm_robots.shared.items import ENTITY_TYPE_IDS, ItemRef

from admin.history import moment, of_days, of_item, of_run
from admin.in_words import documents, show
from admin.session import AsJson, StackName, session
from admin.settings_in_force import portal_zone
from admin.trouble import Trouble

_USUAL_DAYS = 7


def journal(
    ctx: typer.Context,
    entity: Annotated[str | None, typer.Option("--entity", help="One item: lead:17, company:42 …")] = None,
    run: Annotated[str | None, typer.Option("--run", help="One run of the day, or of a command.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="ISO date or time; a week ago by default.")] = None,
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Show what robots wrote to the portal, newest last."""
    desk = session(ctx, stack, as_json)
    zone = portal_zone(desk.stack)
    start = moment_named(since, zone) if since else None
    with desk.busy("Reading the journal …"):
        if entity:
            found = of_item(desk.stack, card_named(entity), moment(start) if start else "")
            entries = [entry for entry in found if run is None or entry.run == run]
        elif run:
            entries = list(of_run(desk.stack, run, moment(start) if start else ""))
        else:
            now = datetime.now(UTC)
            first = min(start or now, now - timedelta(days=_USUAL_DAYS))
            entries = list(of_days(desk.stack, first, now, moment(start) if start else ""))
    desk.answer(documents(entries, zone), lambda console: show(console, entries, zone))


def card_named(text: str) -> str:
    """`lead:17`, as people write it."""
    try:
        found = ItemRef.parse(text.strip().casefold())
    except ValueError as error:
        raise Trouble(str(error)) from None
    if found.kind not in ENTITY_TYPE_IDS:
        raise Trouble(f"{found.kind} is no kind of item; there are {', '.join(ENTITY_TYPE_IDS)}")
    return str(found)


def moment_named(text: str, zone: ZoneInfo, option: str = "--since") -> datetime:
    """A time as people write it; without an offset it is of the portal's zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(f"{option} {text}: expected an ISO date or time, like 2026-01-10 or 2026-01-10T09:00") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)
