"""Entries of the journal as rows for programs and for people (T1)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_robots.records.journal import Entry, Told
from crm_robots.robots.why import why
from rich.console import Console
from rich.table import Table

from admin.session import escaped
from admin.speech import say

_LANGUAGE = "ru"


def documents(entries: Iterable[Entry], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Entries for a program; `at` is the event's time in the portal's zone."""
    return [document(entry, zone) for entry in entries]


def document(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    """One entry."""
    told = words_of(entry)
    return {
        "at": event_time(entry, zone),
        "item": entry.item,
        "run": entry.run,
        "robot": entry.robot,
        "rule": entry.rule,
        "field": entry.field,
        "old": entry.old,
        "new": entry.new,
        "event": entry.event,
        "card": told.card,
        "field_label": told.label,
        "old_text": told.old,
        "new_text": told.new,
        "why": why(entry.robot, entry.rule, told.language),
        "because": told.because,
    }


def words_of(entry: Entry) -> Told:
    """Its words; entries of earlier versions have none and are told by what they hold."""
    if entry.told:
        return entry.told
    new = "" if entry.new is None else str(entry.new)
    if entry.field:
        old = "" if entry.old is None else str(entry.old)
        return Told(entry.item, new, entry.event, _LANGUAGE, entry.field, old)
    return Told(entry.item, f"{entry.action} {new}".strip(), entry.event, _LANGUAGE)


def what_happened(entry: Entry) -> str:
    """`Статус клиента: Горячий → Тёплый`, or what was made."""
    told = words_of(entry)
    return f"{told.label}: {told.old} → {told.new}" if told.label else told.new


def event_time(entry: Entry, zone: ZoneInfo) -> str:
    """When it happened, on the portal's clock and in its zone."""
    return datetime.fromtimestamp(entry.ts, zone).isoformat(timespec="seconds")


def show(console: Console, entries: Sequence[Entry], zone: ZoneInfo) -> None:
    """Entries as a table."""
    if not entries:
        console.print(say("journal.nothing"))
        return
    heads = (say(f"head.{name}") for name in ("when", "card", "what", "why", "because"))
    table = Table(*heads, box=None, pad_edge=False)
    for entry in entries:
        told = words_of(entry)
        when = f"{datetime.fromtimestamp(entry.ts, zone):%Y-%m-%d %H:%M}"
        reason = f"{why(entry.robot, entry.rule, told.language)} ({entry.robot}, {entry.rule})"
        card = f"{told.card} ({entry.item})" if told.card else "—"
        row = (when, card, what_happened(entry), reason, told.because)
        table.add_row(*(escaped(cell) for cell in row))
    console.print(table)
