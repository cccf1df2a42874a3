"""Outgoing webhooks: what is queued for whom, and how a delivery looks on the wire.

Nothing is ever sent twice on purpose and nothing is retried: that is how Bitrix24 does it.
https://apidocs.bitrix24.com/local-integrations/local-webhooks.html
"""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from sandbox.portal import brackets
from sandbox.portal.clock import Clock
from sandbox.portal.event_faults import EventFaults
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.types import BY_ID

# Only applications get these; an outgoing webhook cannot subscribe to them.
APPLICATION_ONLY = frozenset({"ONCRMDEALMOVETOCATEGORY"})
_DOCUMENTS = {"lead": "CCrmDocumentLead", "deal": "CCrmDocumentDeal"}


@dataclass(slots=True)
class Delivery:
    """One POST to a handler. `event` is empty for automation rules, `webhook` is then 0.

    `at`: when it was sent, by the portal's clock; `outcome`: an HTTP status, or a sentence, once it is known.
    """

    url: str
    body: bytes
    event: str
    webhook: int
    data: dict[str, Any]
    at: str
    outcome: str = ""


class Change(NamedTuple):
    """What happened, when (unix seconds, which `ts` tells) and in a request to which host."""

    event: str
    data: dict[str, Any]
    ts: int
    host: str


class Outbox:
    """Queue of deliveries, ordered by the moment they are due."""

    def __init__(self, clock: Clock, tables: Tables, auth: Callable[[str], dict[str, str]]) -> None:
        self.faults = EventFaults()
        self.log: deque[Delivery] = deque(maxlen=2000)
        self.wake: Callable[[], None] = lambda: None
        self._clock = clock
        self._tables = tables
        # Simple CRM mode: there are no leads, so nothing is told of them.
        self.without_leads = False
        # Where the change at hand is made: the host of the request, or nothing for an agent.
        self.host = ""
        self._auth = auth
        self._queue: list[tuple[float, int, Change, Row]] = []
        self._order = count()

    def emit(self, event: str, data: dict[str, Any]) -> None:
        """Queues an event for every outgoing webhook that asked for it."""
        if event in APPLICATION_ONLY or (self.without_leads and event.startswith("ONCRMLEAD")):
            return
        for webhook in self._tables.outgoing:
            if "*" in webhook["events"] or event in webhook["events"]:
                self._put(event, data, webhook)

    def rule(self, type_id: int, item_id: int, stage: str) -> None:
        """Queues the automation rules that stand on a stage; their form has neither event nor token."""
        name = BY_ID[type_id].name
        for rule in self._tables.automation_rules:
            if (rule["entityTypeId"], rule["stageId"]) == (type_id, stage):
                document = ["crm", _DOCUMENTS[name], f"{name.upper()}_{item_id}"]
                self._put("", {"document_id": document}, {"id": 0, "url": rule["url"], "token": ""})

    def __len__(self) -> int:
        return len(self._queue)

    def next_due(self) -> float | None:
        """Portal time (unix seconds) of the earliest delivery."""
        return self._queue[0][0] if self._queue else None

    def due(self) -> list[Delivery]:
        """Takes out everything that is due; `ts` stays the moment of the change, however late it is."""
        now = self._clock.now().timestamp()
        deliveries = []
        while self._queue and self._queue[0][0] <= now:
            _, _, change, webhook = heapq.heappop(self._queue)
            deliveries.append(self._render(change, webhook))
        return deliveries

    def _put(self, event: str, data: dict[str, Any], webhook: Row) -> None:
        now = self._clock.now().timestamp()
        change = Change(event, data, int(now), self.host)
        for delay in self.faults.delays(event):
            heapq.heappush(self._queue, (now + delay, next(self._order), change, webhook))
        self.wake()

    def _render(self, change: Change, webhook: Row) -> Delivery:
        event, data, auth = change.event, change.data, self._auth(change.host)
        if event:
            auth["application_token"] = webhook["token"]
            body = {"event": event, "event_handler_id": webhook["id"], "data": data, "ts": change.ts, "auth": auth}
        else:
            body = {**data, "auth": auth}
        at = self._clock.now().isoformat(timespec="seconds")
        delivery = Delivery(webhook["url"], brackets.encode(body), event, webhook["id"], data, at)
        self.log.append(delivery)
        return delivery
