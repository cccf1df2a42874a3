"""D2, D3: what the day has to do with a timer, and one step down the list of statuses."""

from datetime import date
from enum import Enum

from crm_robots.robots.client_status.rules import LOST, NEW, ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar, Timer


class Verdict(Enum):
    """What a day does with a timer."""

    NOTHING = "nothing"
    WARN = "warn"
    DROP = "drop"


def verdict(timer: Timer, calendar: Calendar, day: date) -> Verdict:
    """A term that is over drops; one that ends soon is warned of once."""
    term = calendar.term(timer)
    if term is None:
        return Verdict.NOTHING
    if term.due <= day:
        return Verdict.DROP
    before = calendar.rules.warning.days_before
    if before is None or timer.warned_for == term.start:
        return Verdict.NOTHING
    return Verdict.WARN if calendar.days.earlier(term.due, before) <= day else Verdict.NOTHING


def next_status(code: str, rules: ClientStatusRules) -> str:
    """One step: a new client that nobody took up is lost at once; the others go down the list."""
    place = rules.place(code)
    if code == NEW or place is None:
        return LOST
    return rules.statuses[min(place + 1, len(rules.statuses) - 1)].code
