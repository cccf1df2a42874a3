"""What the administrator's commands do to timers: put them right (`reindex`), set many statuses at once (`import`)."""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from crm_robots.robots.client_status.cards import status_of
from crm_robots.robots.client_status.pauses import taken
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.settle import with_due, with_stop
from crm_robots.robots.client_status.texts import refused_row
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.names import folded

_COLUMNS = ("entity", "id", "status")
_KINDS = {"company": "company", "компания": "company", "contact": "contact", "контакт": "contact"}
_RUSSIAN_DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})(?:\d\d:\d\d(?::\d\d)?)?")
"""`05.01.2026`, with a time of day or without."""
_LONGEST_ID = 10
"""Digits. No portal has longer ids, and a number without end stops whoever reads it."""


def reindexed(card: Item, timer: Timer, calendar: Calendar, today: date) -> Timer:
    """The timer that fits the card. A status that we did not know of begins today."""
    status = status_of(card, calendar)
    if status != timer.status:
        timer = timer.renewed(status, today if status else None)
    return taken(card, with_stop(card, timer, calendar, today), calendar, today)


class Wish(msgspec.Struct, frozen=True):
    """One good row of an import: the status that a card shall have, and since when; None: since today."""

    row: int
    """As the file counts: the heading is 1."""
    card: ItemRef
    status: str
    since: date | None


class Refusal(msgspec.Struct, frozen=True):
    """A row that is skipped, and why."""

    row: int
    reason: str


def wish(
    row: int, cells: Mapping[str, str], rules: ClientStatusRules, today: date, language: str = "en"
) -> Wish | Refusal:
    """Reads one row. The cells are texts by the names of their columns."""

    def refusal(key: str, **values: object) -> Refusal:
        return Refusal(row, refused_row(language, key, **values))

    entity, written, status = (cells.get(name, "").strip() for name in _COLUMNS)
    kind = _KINDS.get(folded(entity), "")
    if kind not in rules.entities:
        return refusal("entity", found=entity, known=", ".join(rules.entities))
    number = "".join(folded(written).split())
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_ID and int(number) > 0):
        return refusal("id", found=written)
    code = _code(status, rules)
    if code is None:
        labels = ", ".join(f"{one.label} ({one.code})" for one in rules.statuses)
        return refusal("status", found=status, known=labels)
    since = _day(cells.get("since", "").strip())
    if isinstance(since, str):
        return refusal("since", found=since, today=today.isoformat())
    if since is not None and since > today:
        return refusal("to_come", found=since.isoformat())
    return Wish(row, ItemRef(kind, int(number)), code, since)


def fulfilled(wanted: Wish, card: Item, timer: Timer, calendar: Calendar, today: date) -> Decision:
    """The administrator's change: no call is asked, nobody is told. A status that stands already keeps its date,
    unless the row names one."""
    rules = calendar.rules
    kind, field = card.ref.kind, rules.status_field
    same = wanted.status == timer.status
    since = wanted.since or (timer.since if same else None) or today
    after = timer if same and since == timer.since else timer.renewed(wanted.status, since)
    after = taken(card, with_stop(card, after, calendar, today), calendar, today)
    if status_of(card, calendar) == wanted.status:
        return with_due(card, Decision(after), calendar)
    value = rules.value_of(kind, wanted.status)
    update = UpdateItem(card.ref, {field: value}, {field: card.fields.get(field)}, rule="import")
    return with_due(card, Decision(after, step(update, memory_otherwise=timer)), calendar)


def _code(text: str, rules: ClientStatusRules) -> str | None:
    """A status by its label, else by its code."""
    plain = folded(text)
    labels = (one.code for one in rules.statuses if folded(one.label) == plain)
    codes = (one.code for one in rules.statuses if one.code == plain)
    return next(labels, None) or next(codes, None)


def _day(text: str) -> date | str | None:
    """A day; None for an empty cell, the text itself for anything else."""
    if not text:
        return None
    plain = "".join(folded(text).split())
    if russian := _RUSSIAN_DAY.fullmatch(plain):
        plain = "-".join(reversed(russian.groups()))
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return text
