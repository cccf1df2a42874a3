"""T2: why a timer's days stand still, and until when; and which clients are paused (S9)."""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from crm_robots.robots.client_status import texts
from crm_robots.robots.client_status.timer import Timer


class Paused(msgspec.Struct, frozen=True):
    """`until`: None where nobody knows."""

    why: str
    until: date | None = None


def paused(timer: Timer, today: date, language: str) -> Paused | None:
    """The stop-list (L5) before a deal (S5) before a person's pause (S9); None for a timer that is not held up."""
    if not timer.status:
        return None
    if timer.stopped:
        return Paused(texts.in_stop_list(language, timer.stopped))
    if timer.in_deal:
        return Paused(texts.in_deal(language))
    if timer.pause and timer.pause.holds(today):
        return Paused(timer.pause.reason, timer.pause.until)
    return None


class Snoozed(msgspec.Struct, frozen=True):
    """A client that a person has paused, for the head's letter and page."""

    item: str
    until: date
    reason: str


def snoozed(timers: Iterable[tuple[str, Timer]], today: date) -> Iterator[Snoozed]:
    """Of these cards those that are paused on that day; what the stop-list or a deal holds up is none of them."""
    for item, timer in timers:
        if timer.status and not (timer.stopped or timer.in_deal) and timer.pause and timer.pause.holds(today):
            yield Snoozed(item, timer.pause.until or today, timer.pause.reason)
