"""S9: a person pauses a client on the card. Is the pause good, and what becomes of the days?"""

from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from crm_robots.robots.client_status import texts
from crm_robots.robots.client_status.rules import Snooze
from crm_robots.robots.client_status.timer import Calendar, Pause, Timer
from crm_robots.shared.actions import Action, Notify, UpdateItem
from crm_robots.shared.items import Item
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.values import day_of_value


class Shown(NamedTuple):
    """The two fields of a card."""

    until: date | None = None
    reason: str = ""


def shown(card: Item, snooze: Snooze) -> Shown:
    """What the card says."""
    reason = card.fields.get(snooze.reason_field)
    return Shown(day_of_value(card.fields.get(snooze.until_field)), str(reason or "").strip())


def known(timer: Timer) -> Shown:
    """What we last took from it."""
    return Shown(timer.pause.shown, timer.pause.reason) if timer.pause else Shown()


def judged(
    card: Item, timer: Timer, calendar: Calendar, portal: PortalRules, today: date
) -> tuple[Timer, list[Action]]:
    """The timer with the pause as it is now, and what puts a wrong one back."""
    snooze = calendar.rules.snooze
    if snooze is None or not timer.status or (now := shown(card, snooze)) == known(timer):
        return timer, []
    wrong = _objection(now, timer, calendar, snooze, today, portal.language)
    if not wrong:
        return msgspec.structs.replace(timer, pause=_taken(now, timer, calendar, today)), []
    if card.updated_by_id == portal.webhook_user_id:
        # Our own user's changes are never sent back (S7); as a pause they do not count.
        return msgspec.structs.replace(timer, pause=_noted(now, timer)), []
    return timer, _put_back(card, known(timer), snooze, portal, wrong)


def taken(card: Item, timer: Timer, calendar: Calendar, today: date) -> Timer:
    """The same for the administrator's commands, which put nothing back: only a good pause counts."""
    snooze = calendar.rules.snooze
    if snooze is None or not timer.status or (now := shown(card, snooze)) == known(timer):
        return timer
    good = not _objection(now, timer, calendar, snooze, today, "en")
    return msgspec.structs.replace(timer, pause=_taken(now, timer, calendar, today) if good else _noted(now, timer))


def _objection(now: Shown, timer: Timer, calendar: Calendar, snooze: Snooze, today: date, language: str) -> str:
    """Why the pause cannot be; empty where it can."""
    if now.until is None or now.until <= today:
        return ""
    if not now.reason:
        return texts.pause_without_reason(language)
    last = _first(timer, calendar, today) + timedelta(days=snooze.most_days)
    return texts.pause_too_long(language, last) if now.until > last else ""


def _first(timer: Timer, calendar: Calendar, today: date) -> date:
    """When the term was first paused: a call since then has begun another one."""
    first = timer.pause.first if timer.pause else None
    if first is None:
        return today
    called = calendar.today(timer.last_call) if timer.last_call and calendar.rules.calls.reset_timer else first
    return today if called > first else first


def _taken(now: Shown, timer: Timer, calendar: Calendar, today: date) -> Pause | None:
    before = timer.pause or Pause()
    lasts = before.holds(today)
    if now.until is None or now.until <= today:
        if lasts:
            return Pause(now.until, now.reason, today, before.left, before.first)
        return _noted(now, timer)
    first = _first(timer, calendar, today)
    if lasts:
        return Pause(now.until, now.reason, now.until, before.left, first)
    due = calendar.due(timer)
    return Pause(now.until, now.reason, now.until, calendar.days.between(today, due) if due else None, first)


def _noted(now: Shown, timer: Timer) -> Pause | None:
    before = timer.pause or Pause()
    noted = msgspec.structs.replace(before, shown=now.until, reason=now.reason)
    return None if noted == Pause() else noted


def _put_back(card: Item, before: Shown, snooze: Snooze, portal: PortalRules, why: str) -> list[Action]:
    fields = {
        snooze.until_field: before.until.isoformat() if before.until else None,
        snooze.reason_field: before.reason or None,
    }
    back: list[Action] = [
        UpdateItem(card.ref, fields, {name: card.fields.get(name) for name in fields}, rule="S9"),
    ]
    if card.responsible_id:
        text = texts.pause_put_back(portal.language, portal.link_to(card), why)
        back.append(Notify(card.responsible_id, text, rule="S9"))
    return back
