"""D9: which changes the robot has not heard of, by what it last saw."""

from crm_robots.robots.client_status.cards import is_known, status_of
from crm_robots.robots.client_status.deals import DealMemory, seen
from crm_robots.robots.client_status.settle import due_fields
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.shared.calls import Call
from crm_robots.shared.items import Item, ItemRef


def is_missed_card(card: Item, timer: Timer | None, calendar: Calendar, *, is_new: bool) -> bool:
    """The card says something else than its timer, or than the timer's day (S8). Without a status it is untracked."""
    if timer is None:
        return bool(status_of(card, calendar)) or is_new
    return not is_known(card, timer, calendar) or bool(due_fields(card, timer, calendar))


def is_missed_deal(deal: Item, memory: DealMemory, calendar: Calendar) -> bool:
    """It stands otherwise, or has other clients, than the client-status robot last saw."""
    return seen(deal, calendar.rules) != memory


def is_missed_call(call: Call, owner: ItemRef | None, timer: Timer | None) -> bool:
    """Its owner's timer has not heard of it. Whom else it was with, only the robot finds out."""
    if owner is None or timer is None:
        return True
    return bool(timer.status) and timer.last_call < call.start
