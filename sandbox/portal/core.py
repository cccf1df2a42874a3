"""The portal: one object that holds everything, usable in process.

portal = Portal(SimulatedClock(monday))
company(portal)                                          # sandbox.seed
portal.as_user(5).update("lead", 17, stageId="IN_PROCESS")
portal.deliver()                                         # hands queued events to `portal.sender`
"""

from collections.abc import Callable
from datetime import timedelta

from sandbox.portal.clock import Clock
from sandbox.portal.events import Delivery
from sandbox.portal.persons import Person
from sandbox.portal.rooms import Rooms
from sandbox.portal.storage import Storage

_CLOCK = 1  # the row of options that keeps how far the clock was moved
_AGENT = 0  # what runs by itself is nobody


class Portal(Rooms):
    """A Bitrix24. `sender` gets every delivery; without one, deliveries wait in `sent`."""

    def __init__(
        self,
        clock: Clock | None = None,
        storage: Storage | None = None,
        sender: Callable[[Delivery], None] | None = None,
        domain: str = "portal.bitrix24.test",
        scheme: str = "https",
    ) -> None:
        super().__init__(clock or Clock(), domain, scheme)
        self.sent: list[Delivery] = []
        self.sender = sender or self.sent.append
        self._storage = storage
        if storage:
            self._restore(storage)

    def _restore(self, storage: Storage) -> None:
        for table in self.tables.every():
            storage.load(table)
        self.items.restored()
        clock = self.tables.options.get(_CLOCK)
        if clock:
            self.clock.offset = timedelta(seconds=clock["offset"])

    @property
    def empty(self) -> bool:
        """Whether it has no employees yet."""
        return not len(self.tables.users)

    def as_user(self, user_id: int, host: str | None = None) -> Person:
        """Acts as an employee in front of a card; `host`: under which of the portal's names."""
        return Person(self, user_id, host)

    def as_agent(self) -> Person:
        """What the portal does by itself, at night: its events name no host."""
        return Person(self, _AGENT, "")

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
