"""`robots inspect KIND ID`: the card's timer, and what each robot last saw and did."""

import json
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer
from crm_robots.portal.commands import Command
from crm_robots.portal.errors import AccessLost, Gone, PortalError
from crm_robots.records.directory import stored_directory
from crm_robots.records.memory import to_record
from crm_robots.records.parameters import MissingParameter
from crm_robots.records.timers import TimersTable
from crm_robots.records.vocabulary import Vocabulary
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.standing import paused
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.client_status.timer_records import timer_of
from crm_robots.robots.routing.describe import describe
from crm_robots.robots.routing.memory import RoutingMemory
from crm_robots.shared.items import ENTITY_TYPE_IDS
from crm_robots.shared.people import Directory
from crm_robots.shared.plan import Record, to_json
from rich.console import Console

from admin.at_work import portal_of, server_time
from admin.cards import kind_of
from admin.history import of_item
from admin.in_words import documents, event_time, show
from admin.portrait import Portrait
from admin.session import AsJson, Session, StackName, escaped, session
from admin.session import to_json as to_json_text
from admin.settings_in_force import portal_rules, portal_zone, reader
from admin.stack import Stack
from admin.trouble import Trouble, of_portal

_TAIL = 20
"""How many of the newest journal entries are shown."""


def inspect(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument()],
    number: Annotated[int, typer.Argument(metavar="ID", min=1)],
    raw: Annotated[bool, typer.Option("--raw")] = False,  # noqa: FBT002
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Show in words the timer of a card and what happens next, what each robot last saw and did, and when."""
    run = session(ctx, stack, as_json)
    kind = kind_of(kind)
    run.name_the_place(aside=raw)
    item, zone = f"{kind}:{number}", portal_zone(run.stack)
    entries = list(of_item(run.stack, item))[-_TAIL:]
    term, known = timer(run.stack, item, zone), robots(run.stack, item)
    for name, at in {entry.robot: event_time(entry, zone) for entry in entries}.items():
        known.setdefault(name, {})["last_wrote"] = at
    if not (term or known or entries):
        _look_for(run, kind, number)
    document = {"item": item, "timer": term, "robots": known, "journal": documents(entries, zone)}
    if raw:
        typer.echo(to_json_text(document, indent=2))
        return

    def for_people(console: Console) -> None:
        current = reader(run.stack).load("client_status", ClientStatusRules)
        words = Vocabulary(run.stack.client("dynamodb"), run.stack.table("Settings"))()
        portrait = Portrait(words, kind, current.rules if current else None)
        for sentence in portrait.timer(term) if term or kind in ("company", "contact") else ():
            console.print(escaped(sentence))
        for name, state in known.items():
            console.print(f"[bold]{name}[/bold]: {escaped(portrait.robot(name, state))}")
            for line in state.get("draws", ()):
                console.print(escaped(line))
        show(console, entries, zone)

    run.answer(document, for_people)


def _look_for(run: Session, kind: str, number: int) -> None:
    """Looks whether the portal has the card, if no robot knows it."""
    question = Command("crm.item.get", {"entityTypeId": ENTITY_TYPE_IDS[kind], "id": number})
    try:
        reply = portal_of(run.stack).batch({"card": question})["card"]
    except AccessLost:
        raise
    except (PortalError, MissingParameter) as error:
        why = of_portal(error) if isinstance(error, PortalError) else error
        raise Trouble("inspect.not_seen", kind=kind, number=number, why=why) from None
    if isinstance(reply.error, Gone):
        raise Trouble("inspect.gone", kind=kind, number=number)


def timer(stack: Stack, item: str, zone: ZoneInfo) -> dict[str, Any] | None:
    """Status, since, due and last call as days of the portal's zone; None for a card without a status."""
    row = TimersTable(stack.client("dynamodb"), stack.table("Timers")).rows([item]).get(item)
    found = timer_of(row) if row else None
    if found is None or not found.status:
        return None
    return {
        "status": found.status,
        "since": found.since and found.since.isoformat(),
        "due": _due(stack, found),
        "paused": _paused(stack, found, zone),
        "last_call": datetime.fromtimestamp(found.last_call, zone).date().isoformat() if found.last_call else None,
    }


def robots(stack: Stack, item: str) -> dict[str, Any]:
    """By robot: what it remembers of the item, and the plan that it has not finished, if any."""
    reply = stack.client("dynamodb").query(
        TableName=stack.table("Memory"),
        KeyConditionExpression="#item = :item",
        ExpressionAttributeNames={"#item": "item"},
        ExpressionAttributeValues={":item": {"S": item}},
    )
    records = [to_record(row) for row in reply["Items"]]
    return {record.robot: _state(stack, record) for record in records}


def _state(stack: Stack, record: Record) -> dict[str, Any]:
    saw = json.loads(record.memory)
    state = {"saw": saw, "unfinished": record.plan is not None, "refused": record.refusal}
    if record.robot == "routing" and (draws := _draws(stack, record)):
        state["draws"] = draws
    return state


def _draws(stack: Stack, record: Record) -> list[str]:
    """Who was drawn and why, in words. An unfinished plan holds the newest draws."""
    portal = portal_rules(stack)
    if portal is None:
        return []
    stored = stored_directory(stack.client("dynamodb"), stack.table("Settings"))
    newest = to_json(record.plan.decision.memory) if record.plan else record.memory
    memory = msgspec.json.decode(newest, type=RoutingMemory)
    return describe(memory, stored[0] if stored else Directory(), portal)


def _due(stack: Stack, found: Timer) -> str | None:
    current = reader(stack).load("client_status", ClientStatusRules)
    term = Calendar(current.rules, current.portal.timezone).term(found) if current else None
    return term.due.isoformat() if term else None


def _paused(stack: Stack, found: Timer, zone: ZoneInfo) -> dict[str, Any] | None:
    """Why its days stand still, and until when."""
    portal = portal_rules(stack)
    # Only a person's pause depends on the day, and only then the portal's clock is asked.
    today = _today(stack, zone) if found.pause and found.pause.until else date.min
    why = paused(found, today, portal.language if portal else "ru")
    return {"why": why.why, "until": why.until and why.until.isoformat()} if why else None


def _today(stack: Stack, zone: ZoneInfo) -> date:
    try:
        return server_time(portal_of(stack)).astimezone(zone).date()
    except (PortalError, MissingParameter):
        return datetime.now(zone).date()
