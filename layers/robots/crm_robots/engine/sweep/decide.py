"""D9: which changes nobody told the robots of, by what they last saw; and from when on to look."""

from datetime import date

import msgspec

from crm_robots.robots.client_status.calls import Call
from crm_robots.robots.client_status.cards import status_of
from crm_robots.robots.client_status.deals import DealMemory, seen
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.daily.schedule import Firing, has_time_come
from crm_robots.robots.lost_deal.rules import LostDealMemory
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import Item, ItemRef

OVERLAP = 15 * 60
"""Seconds by which sweeps overlap: a change may become visible later than its time says."""
_FIRST = 24 * 3600
"""How far back the very first sweep looks: a base of years must not pour into the queues."""
_USUAL_TIME = "09:00"


class SweepMemory(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last sweep: its day, and the moment of the portal's clock up to which everything is known, unix seconds."""

    day: date | None = None
    until: int = 0

    def since(self, now: int) -> int:
        """From when on to look. A portal whose clock went back is swept as for the first time."""
        return self.until - OVERLAP if 0 < self.until <= now else now - _FIRST


def due_sweep(memory: SweepMemory, firing: Firing, at: str | None, timezone: str) -> date | None:
    """The day whose sweep this firing has to do; once a day, from the day's time on."""
    has_come, today = has_time_come(firing, at or _USUAL_TIME, timezone)
    return today if has_come and memory.day != today else None


def event_of(item: Item, updated: int, created: int | None, since: int) -> CrmEvent:
    """The event that should have come. What was made since the last sweep counts as new."""
    change = "ADD" if created is not None and created >= since else "UPDATE"
    return CrmEvent(f"ONCRM{item.ref.kind.upper()}{change}", str(item.ref), updated, float(updated))


def event_of_call(call: Call, updated: int) -> CrmEvent:
    """The same for a completed call."""
    ts = max(updated, call.end)
    return CrmEvent("ONCRMACTIVITYUPDATE", f"activity:{call.id}", ts, float(ts))


def is_missed_card(card: Item, timer: Timer | None, calendar: Calendar, *, is_new: bool) -> bool:
    """The card shows another status than its timer. One that never had any is not tracked."""
    shown = status_of(card, calendar)
    if timer is None:
        return bool(shown) or is_new
    return shown != timer.status


def is_missed_deal(deal: Item, memory: DealMemory, calendar: Calendar) -> bool:
    """It stands otherwise, or has other clients, than the client-status robot last saw."""
    return seen(deal, calendar.rules) != memory


def is_missed_stage(deal: Item, memory: LostDealMemory) -> bool:
    """It came to another stage since the lost-deal robot saw it."""
    return deal.stage_id != memory.stage_id


def is_missed_call(call: Call, owner: ItemRef | None, timer: Timer | None) -> bool:
    """Its owner's timer has not heard of it. Whom else it was with, only the robot finds out."""
    if owner is None or timer is None:
        return True
    return bool(timer.status) and timer.last_call < call.start
