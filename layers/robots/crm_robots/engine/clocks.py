"""The portal's clock against AWS's: the schedule fires by the one, events come by the other."""

from typing import Any

import msgspec

from crm_robots.shared.events import CrmEvent

_ANOTHER_TIME = 24 * 3600
"""Seconds apart at which the two clocks live on different days: somebody moves the portal's, to try the robots."""


def is_another_time(ts: float, clocks: tuple[float, float] | None) -> bool:
    """Whether a firing's time is AWS's, while the portal lives at another: it would drop every client at once.

    `clocks`: AWS's and the portal's at the last webhook. A firing whose time is nearer to the portal's is the portal's.
    """
    if clocks is None:
        return False
    ours, portals = clocks
    return abs(portals - ours) > _ANOTHER_TIME and abs(ts - ours) < abs(ts - portals)


def clock_ahead(invocation: dict[str, Any]) -> float | None:
    """Seconds by which the portal's clock was ahead at the newest webhook among these messages; None: there is none."""
    for record in reversed(invocation["Records"]):
        try:
            event = msgspec.json.decode(record["body"], type=CrmEvent)
        except msgspec.MsgspecError:
            continue
        if event.base and event.received:
            return event.ts - event.received
    return None
