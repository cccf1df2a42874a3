"""The portal: one object that holds everything, usable in process.

portal = Portal(SimulatedClock(monday))
company(portal)                                          # sandbox.seed
status, headers, body = portal.rest("/rest/1/code/crm.item.get", {"entityTypeId": 1, "id": 17})
portal.as_user(5).update("lead", 17, stageId="IN_PROCESS")
portal.deliver()                                         # hands queued events to `portal.sender`
"""

import threading
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from sandbox.portal.activities import Activities
from sandbox.portal.clock import Clock
from sandbox.portal.directory import Directory
from sandbox.portal.events import Delivery, Outbox
from sandbox.portal.faults import Faults
from sandbox.portal.incoming import Incoming
from sandbox.portal.items import Items
from sandbox.portal.limits import Limits
from sandbox.portal.news import News
from sandbox.portal.people import People
from sandbox.portal.persons import Person
from sandbox.portal.requisites import Requisites
from sandbox.portal.stages import Stages
from sandbox.portal.storage import Storage
from sandbox.portal.tables import Tables
from sandbox.portal.tasks import Tasks
from sandbox.portal.timeline import Timeline
from sandbox.portal.user_fields import UserFields

_CLOCK = 1  # the row of options that keeps how far the clock was moved
MEMBER_ID = "0f0e0d0c0b0a09080706050403020100"


class Answer(NamedTuple):
    """An HTTP answer: `body` is JSON data, or text where the portal answers HTML.

    `delay`: seconds the answer is held back; `cut`: the connection ends in the middle of it. Transports play both.
    """

    status: int
    headers: dict[str, str]
    body: Any
    delay: float = 0.0
    cut: bool = False


class Portal:
    """A Bitrix24. `sender` gets every delivery; without one, deliveries wait in `sent`."""

    def __init__(
        self,
        clock: Clock | None = None,
        storage: Storage | None = None,
        sender: Callable[[Delivery], None] | None = None,
        domain: str = "portal.bitrix24.test",
        scheme: str = "https",
    ) -> None:
        self.clock = clock or Clock()
        self.lock = threading.RLock()
        self.scheme = scheme
        self.sent: list[Delivery] = []
        self.sender = sender or self.sent.append
        # `department.get` of some portals leaves UF_HEAD out.
        self.shows_heads = True
        self.calls: deque[dict[str, Any]] = deque(maxlen=2000)
        self.directory = Directory()
        self.tables = Tables()
        self._storage = storage
        self._assemble(domain)
        if storage:
            self._restore(storage)

    def _assemble(self, domain: str) -> None:
        clock, tables = self.clock, self.tables
        self.faults = Faults(domain)
        self.limits = Limits(clock.wall)
        self.outbox = Outbox(clock, tables, self._auth)
        self.people = People(tables)
        self.incoming = Incoming(tables)
        self.stages = Stages(tables)
        self.user_fields = UserFields(tables, self.outbox)
        self.items = Items(clock, tables, self.stages, self.user_fields, self.outbox)
        self.timeline = Timeline(clock, tables, self.outbox)
        self.activities = Activities(clock, tables, self.outbox, self.items)
        self.tasks = Tasks(clock, tables, self.outbox, self.activities)
        self.requisites = Requisites(clock, tables, self.outbox)
        self.news = News(clock, tables, self.outbox)

    def _restore(self, storage: Storage) -> None:
        for table in self.tables.every():
            storage.load(table)
        self.items.restored()
        clock = self.tables.options.get(_CLOCK)
        if clock:
            self.clock.offset = timedelta(seconds=clock["offset"])

    @property
    def address(self) -> str:
        """`https://portal.bitrix24.test`."""
        return f"{self.scheme}://{self.faults.domain}"

    @property
    def empty(self) -> bool:
        """Whether it has no employees yet."""
        return not len(self.tables.users)

    def _auth(self) -> dict[str, str]:
        return {
            "domain": self.faults.domain,
            "client_endpoint": f"{self.address}/rest/",
            "server_endpoint": "https://oauth.bitrix.info/rest/",
            "member_id": MEMBER_ID,
        }

    def rest(self, path: str, params: dict[str, Any] | None = None, host: str = "") -> Answer:
        """Answers one REST request: `/rest/<user>/<code>/<method>[.json]` and its decoded parameters.

        `host` is the address it was sent to; a portal that moved sends those of its old one on.
        """
        from sandbox.rest.endpoint import answer

        with self.lock:
            return answer(self, path, params or {}, host)

    def as_user(self, user_id: int) -> Person:
        """Acts as an employee in front of a card."""
        return Person(self, user_id)

    def subscribe(self, url: str, events: list[str], token: str) -> int:
        """Makes an outgoing webhook with a token of its own; `["*"]` is every event."""
        row = {"url": url, "events": [event.upper() for event in events], "token": token}
        webhook: int = self.tables.outgoing.add(row)["id"]
        return webhook

    def add_rule(self, type_id: int, stage_id: str, url: str) -> int:
        """Puts an automation rule «Outgoing webhook» on a stage."""
        row = {"entityTypeId": type_id, "stageId": stage_id, "url": url}
        rule: int = self.tables.automation_rules.add(row)["id"]
        return rule

    def add_trigger(self, type_id: int, code: str, stage_id: str) -> int:
        """Makes `crm.automation.trigger` with this code move items to a stage."""
        trigger: int = self.tables.triggers.add({"entityTypeId": type_id, "code": code, "stageId": stage_id})["id"]
        return trigger

    def deliver(self) -> int:
        """Sends everything that is due; returns how many deliveries that were."""
        with self.lock:
            deliveries = self.outbox.due()
        for delivery in deliveries:
            self.sender(delivery)
        return len(deliveries)

    def save(self) -> None:
        """Writes what changed to the storage."""
        if self._storage:
            with self.lock:
                if self.clock.offset:
                    self.tables.options.put({"id": _CLOCK, "offset": self.clock.offset.total_seconds()})
                self._storage.save(self.tables.every())
