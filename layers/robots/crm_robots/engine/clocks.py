"""What webhooks say besides their item: the portal's clock against AWS's, and under which name people worked.

The schedule fires by AWS's clock, events come by the portal's.
"""

from contextlib import suppress
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
    return next((event.ts - event.received for event in reversed(_webhooks(invocation))), None)


def hosts_named(invocation: dict[str, Any]) -> list[str]:
    """Under which of the portal's names people worked, as these webhooks say (W4)."""
    return list(dict.fromkeys(event.host for event in _webhooks(invocation) if event.host))


def _webhooks(invocation: dict[str, Any]) -> list[CrmEvent]:
    events = []
    for record in invocation["Records"]:
        with suppress(msgspec.MsgspecError):
            events.append(msgspec.json.decode(record["body"], type=CrmEvent))
    return [event for event in events if event.base and event.received]
