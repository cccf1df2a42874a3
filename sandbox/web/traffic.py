"""Webhooks that went out, REST calls that came in, and the robots' journal, second by second."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.responses import Response

from sandbox.portal.events import Delivery
from sandbox.web.fields import title_of
from sandbox.web.log_lines import Line, call_lines, delivery_line, journal_line
from sandbox.web.visit import Visit

_MOMENTS = 80
"""How many of the newest seconds are shown."""
_NEWEST = 600
"""How many of the newest calls and deliveries are read."""
_ITEM = re.compile(r"(?P<kind>lead|deal|contact|company):(?P<id>\d+)")


@dataclass
class Moment:
    """A second of the portal's clock, with its three lanes."""

    at: str
    events: list[Line] = field(default_factory=list)
    calls: list[Line] = field(default_factory=list)
    journal: list[Line] = field(default_factory=list)


def show(visit: Visit) -> Response:
    """The log, newest first; `?item=lead:17` narrows it to one card."""
    asked = visit.request.query_params.get("item", "").strip()
    item = asked if _ITEM.fullmatch(asked) else ""
    entries = visit.robots.journal(item)
    with visit.portal.lock:
        deliveries, calls = list(visit.portal.outbox.log)[-_NEWEST:], list(visit.portal.calls)[-_NEWEST:]
        moments = gather(deliveries, calls, entries or [], item, visit.portal.clock.now())
        newest = sorted(moments.values(), key=lambda one: one.at)[::-1][:_MOMENTS]
        names = {line.item for one in newest for line in (*one.events, *one.calls, *one.journal) if line.item}
        return visit.page(
            "traffic.html",
            moments=newest,
            item=item,
            live=visit.request.query_params.get("live") == "1",
            stack=entries is not None,
            titles={name: _title(visit, name) for name in names},
            waiting=len(visit.portal.outbox),
        )


def gather(
    deliveries: list[Delivery], calls: list[dict[str, Any]], entries: list[Any], item: str, now: datetime
) -> dict[str, Moment]:
    """Everything by second; with `item`, only what names it."""
    moments: dict[str, Moment] = defaultdict(lambda: Moment(""))

    def at(moment: str) -> Moment:
        moments[moment].at = moment
        return moments[moment]

    for one in deliveries:
        line = delivery_line(one)
        if item in ("", line.item):
            at(one.at).events.append(line)
    for call in calls:
        lines = [line for line in call_lines(call) if not item or line.item == item]
        if lines:
            at(call["at"]).calls.extend(lines)
    for row in entries:
        moment = datetime.fromisoformat(row["at"]).astimezone(now.tzinfo).isoformat(timespec="seconds")
        at(moment).journal.append(journal_line(row))
    return moments


def _title(visit: Visit, item: str) -> str:
    found = _ITEM.fullmatch(item)
    return title_of(visit.portal, found["kind"], int(found["id"])) if found else item
