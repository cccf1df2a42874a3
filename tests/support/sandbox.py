"""A Bitrix24 in the test's own process: no sockets, a clock that stands still until it is moved.

    def test_something(portal, office, bitrix24):
        lead = portal.as_user(office.users["Петров"]).create("lead", title="Нитки", stageId="NEW")
        bitrix24.post("crm.item.get", json={"entityTypeId": 1, "id": lead}).json()
        portal.as_user(6).call("lead", lead, CallMade(seconds=90))
        portal.clock.advance(timedelta(days=3))
        portal.deliver()                  # what outgoing webhooks would have got is in portal.sent
        portal.faults.add("query_limit", times=2)

`rest(portal, method, **params)` gives the decoded `result`, or raises with the portal's error.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from sandbox.portal.clock import SimulatedClock
from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.rest.endpoint import answer
from sandbox.seed import ROBOT_CODE, Company
from sandbox.transport import PortalTransport

MONDAY = datetime(2026, 1, 12, 9, 0, tzinfo=ZoneInfo("Europe/Moscow"))
TOKEN = "outgoing-token"


def empty_portal(now: datetime = MONDAY) -> Portal:
    """A portal at a standing clock, with nobody in it."""
    return Portal(SimulatedClock(now))


def client_of(portal: Portal, office: Company) -> httpx.Client:
    """An httpx client whose base URL is the robots' incoming webhook."""
    return httpx.Client(base_url=office.webhook, transport=PortalTransport(portal))


def body_of(portal: Portal, method: str, **params: Any) -> dict[str, Any]:
    """The whole body of a call by the robots' webhook."""
    body: dict[str, Any] = answer(portal, f"/rest/1/{ROBOT_CODE}/{method}", params).body
    return body


def rest(portal: Portal, method: str, **params: Any) -> Any:
    """`result` of a call by the robots' webhook; raises what the portal refuses."""
    reply = answer(portal, f"/rest/1/{ROBOT_CODE}/{method}", params)
    if "error" in reply.body:
        raise Refusal(reply.body["error"], reply.body["error_description"], reply.status)
    return reply.body["result"]
