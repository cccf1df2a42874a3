"""D9: from when on to look for changes, and the events that should have come."""

from datetime import date

import msgspec

from crm_robots.portal.changes import ChangedItem
from crm_robots.shared.calls import Call
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.firing import Firing, has_time_come

OVERLAP = 15 * 60
"""Seconds by which sweeps overlap: a change may become visible later than its time says."""
_FIRST = 24 * 3600
"""How far back the very first sweep looks: a base of years must not pour into the queues."""


class SweepMemory(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last sweep: its day, and the moment of the portal's clock up to which everything is known, unix seconds."""

    day: date | None = None
    until: int = 0

    def since(self, now: int) -> int:
        """From when on to look. A portal whose clock went back is swept as for the first time."""
        return self.until - OVERLAP if 0 < self.until <= now else now - _FIRST


def due_sweep(memory: SweepMemory, firing: Firing, at: str, timezone: str) -> date | None:
    """The day whose sweep this firing has to do; once a day, from the day's time on."""
    has_come, today = has_time_come(firing, at, timezone)
    return today if has_come and memory.day != today else None


def event_of(change: ChangedItem) -> CrmEvent:
    """The event that should have come. What was made since the last sweep counts as new."""
    ref, ts = change.item.ref, change.updated
    return CrmEvent(f"ONCRM{ref.kind.upper()}{'ADD' if change.is_new else 'UPDATE'}", str(ref), ts, float(ts))


def event_of_call(call: Call, updated: int) -> CrmEvent:
    """The same for a completed call."""
    ts = max(updated, call.end)
    return CrmEvent("ONCRMACTIVITYUPDATE", f"activity:{call.id}", ts, float(ts))
