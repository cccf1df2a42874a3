"""The portal's clock against AWS's: the schedule fires by the one, events come by the other."""

from typing import Any

import msgspec

from crm_robots.domain.events import CrmEvent

ANOTHER_TIME = 24 * 3600
"""Seconds apart at which the two clocks live on different days: a portal whose clock somebody moves, to try the robots.

Its days are run by hand; the schedule's own time would drop every client at once.
"""


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
