"""T2: why a timer's days stand still, and until when."""

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
