"""`robots undo`: takes robots' actions back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from crm_robots.portal.client import Bitrix24
from crm_robots.records.memory import MemoryTable
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.window import Window
from crm_robots.robots.daily.schedule import RunLog
from crm_robots.robots.undo import texts
from crm_robots.robots.undo.undo import HOLDER, Undo
from crm_robots.robots.undo.undoing import RULE, Undoing
from crm_robots.shared.written import Entry
from rich.console import Console

from admin.at_work import look_whether_we_may, server_time, tools_of
from admin.cards import item_of
from admin.history import moment, of_item, of_run
from admin.in_words import document, what_happened, words_of
from admin.moments import At, time_of
from admin.session import AsJson, Session, StackName, escaped, session
from admin.settings_in_force import portal_rules, portal_zone, reader
from admin.speech import say
from admin.stack import Stack
from admin.trouble import Trouble

_UNKNOWN = 2


def undo(
    ctx: typer.Context,
    entity: Annotated[str | None, typer.Option("--entity")] = None,
    run: Annotated[str | None, typer.Option("--run")] = None,
    since: Annotated[str | None, typer.Option("--since")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,  # noqa: FBT002
    at: At = None,
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Take back what robots did to a card, or in one run. What people changed since stays. Exit status 1: something
    stayed."""
    desk = session(ctx, stack, as_json)
    if bool(entity) == bool(run):
        raise Trouble("undo.which", _UNKNOWN)
    desk.name_the_place()
    zone = portal_zone(desk.stack)
    look_whether_we_may(desk.stack)
    with desk.busy(say("busy.journal")):
        entries = _entries(desk.stack, entity, run, time_of(since, zone, "--since") if since else None)
    if run and entries and all(one.rule == RULE for one in entries):
        _say_nothing(desk, say("undo.of_undo", run=run))
        return
    with desk.busy(say("busy.undo")):
        outcome, name = _taken_back(desk.stack, entries, at, zone, dry_run=dry_run)
    _answer(desk, outcome, name, zone, dry_run=dry_run)
    if outcome.stayed:
        raise typer.Exit(1)


def _entries(stack: Stack, entity: str | None, run: str | None, start: datetime | None) -> list[Entry]:
    since = moment(start) if start else ""
    if entity:
        found = {(one.item, one.id): one for one in of_item(stack, item_of(entity), since)}
        return list(found.values())
    entries = list(of_run(stack, run or ""))
    if not entries and not _was_run(stack, run or ""):
        raise Trouble("undo.unknown_run", _UNKNOWN, run=run)
    return [one for one in entries if not start or one.ts >= start.timestamp()]


def _was_run(stack: Stack, run: str) -> bool:
    """A day on which nothing was written stands in no journal."""
    log = MemoryTable(stack.client("dynamodb"), stack.table("Memory")).load("daily-run", ["daily"])["daily"]
    try:
        day = date.fromisoformat(run.removeprefix("daily-"))
    except ValueError:
        return False
    return day in log.remembered(RunLog).done


def _taken_back(
    stack: Stack, entries: Sequence[Entry], at: str | None, zone: ZoneInfo, *, dry_run: bool
) -> tuple[Undoing, str | None]:
    """What became of it, and under which name the journal keeps it; None where nothing was written."""
    tools = tools_of(stack)
    current = reader(stack).load("client_status", ClientStatusRules)
    window = Window(tools, current.rules, current.portal, HOLDER) if current else None
    work = Undo(tools, window, _when(tools.portal, at, zone))
    if dry_run:
        return work.foreseen(entries), None
    outcome = work.done(entries)
    return outcome, work.run_name if outcome.cards else None


def _when(portal: Bitrix24, at: str | None, zone: ZoneInfo) -> int:
    if at:
        return int(time_of(at, zone, "--at").timestamp())
    return int(server_time(portal).astimezone(UTC).timestamp())


def _answer(desk: Session, outcome: Undoing, name: str | None, zone: ZoneInfo, *, dry_run: bool) -> None:
    portal = portal_rules(desk.stack)
    language = portal.language if portal else "ru"
    undone = [entry for card in outcome.cards for entry in card.entries]
    undone.sort(key=lambda one: one.ts, reverse=True)
    stayed = [(one.entry, texts.reason(language, one.reason)) for one in outcome.stayed]
    answer = {
        "run": name,
        "undone": [document(one, zone) for one in undone],
        "stayed": [{**document(one, zone), "reason": why} for one, why in stayed],
        "made": [document(one, zone) for one in outcome.made],
    }

    def for_people(console: Console) -> None:
        for entry in undone:
            told = words_of(entry)
            console.print(escaped(f"↩ {told.card}: {told.label}: {told.new} → {told.old}"))
        for entry, why in stayed:
            console.print(escaped(f"= {_told(entry)} — {why}"))
        for entry in outcome.made:
            console.print(escaped(f"+ {_told(entry)}"))
        if not (undone or stayed or outcome.made):
            console.print(say("undo.nothing"))
            return
        parts = [say("undo.foreseen" if dry_run else "undo.done", count=len(undone))]
        parts += [say("undo.stayed", count=len(stayed))] * bool(stayed)
        parts += [say("undo.made", count=len(outcome.made))] * bool(outcome.made)
        console.print(f"{', '.join(parts)}.")
        if name:
            console.print(f"robots journal --run {name}")

    desk.answer(answer, for_people)


def _told(entry: Entry) -> str:
    return ": ".join(filter(None, (words_of(entry).card, what_happened(entry))))


def _say_nothing(desk: Session, why: str) -> None:
    nothing: dict[str, Any] = {"run": None, "undone": [], "stayed": [], "made": [], "note": why}
    desk.answer(nothing, lambda console: console.print(escaped(why)))
