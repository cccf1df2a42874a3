"""What stands around a result: `time`, `total`, `next`, or an error."""

from datetime import datetime
from typing import Any

from sandbox.portal.clock import iso
from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.portal.incoming import Caller
from sandbox.portal.pages import Page


def time_block(portal: Portal, began: float, seconds: float, operating: tuple[float, int] | None) -> dict[str, Any]:
    """Times of the web server, which do not follow a moved clock. `operating`: run time and when it falls."""
    zone = portal.clock.zone
    finish = portal.clock.wall() + seconds
    block = {
        "start": began,
        "finish": finish,
        "duration": finish - began,
        "processing": finish - began,
        "date_start": iso(datetime.fromtimestamp(began, zone)),
        "date_finish": iso(datetime.fromtimestamp(finish, zone)),
    }
    if operating:
        block |= {"operating_reset_at": operating[1], "operating": operating[0]}
    return block


def operating_of(portal: Portal, caller: Caller, method: str) -> tuple[float, int]:
    """Run time of a method by this webhook, and when the oldest of it is forgotten."""
    return portal.limits.spent(caller.webhook, method), portal.limits.reset_at(caller.webhook, method)


def success_body(
    portal: Portal, caller: Caller, method: str, page: Page, began: float, seconds: float
) -> dict[str, Any]:
    """`result`, and beside it `total` and `next` of lists."""
    body: dict[str, Any] = {"result": page.result}
    if page.next is not None:
        body["next"] = page.next
    if page.total is not None:
        body["total"] = page.total
    body["time"] = time_block(portal, began, seconds, operating_of(portal, caller, method))
    return body


def error_body(refusal: Refusal) -> dict[str, Any]:
    """`error` and `error_description`, and nothing else: when a blocked method is free again stands in the `time` of
    its last answer that succeeded.
    """
    return {"error": refusal.code, "error_description": refusal.text}
