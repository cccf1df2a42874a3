"""What a portal is made of, without those who work in it and the dialects that are spoken to it."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.portal.activities import Activities
from sandbox.portal.clock import Clock
from sandbox.portal.conversion import convert
from sandbox.portal.directory import Directory
from sandbox.portal.events import Outbox
from sandbox.portal.faults import Faults
from sandbox.portal.incoming import Incoming
from sandbox.portal.items import Items
from sandbox.portal.limits import Limits
from sandbox.portal.news import News
from sandbox.portal.people import People
from sandbox.portal.requisites import Requisites
from sandbox.portal.stages import Stages
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.tasks import Tasks
from sandbox.portal.timeline import Timeline
from sandbox.portal.user_fields import UserFields

MEMBER_ID = "0f0e0d0c0b0a09080706050403020100"


class Rooms:
    """Tables and the rules over them. `lock` is held by whoever changes something."""

    def __init__(self, clock: Clock, domain: str, scheme: str) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.scheme = scheme
        # `department.get` of some portals leaves UF_HEAD out.
        self.shows_heads = True
        # Names under which people work here besides the domain; their events name the host they used.
        self.other_hosts: list[str] = [_second_name(domain)]
        self.calls: deque[dict[str, Any]] = deque(maxlen=2000)
        self.directory = Directory()
        self.tables = tables = Tables()
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

    @property
    def simple_crm(self) -> bool:
        """Simple CRM mode: no leads. A lead that is made all the same is converted at once by the portal."""
        return self.items.on_new_lead is not None

    @simple_crm.setter
    def simple_crm(self, simple: bool) -> None:
        self.outbox.without_leads = simple
        self.items.on_new_lead = self._convert_at_once if simple else None

    def _convert_at_once(self, lead: Row, by: int) -> None:
        if lead["name"]:
            convert(self.items, self.stages, lead, by, company=False, deal=True)

    @property
    def address(self) -> str:
        """`https://portal.bitrix24.test`."""
        return f"{self.scheme}://{self.faults.domain}"

    def host_of(self, user_id: int) -> str:
        """The host under which somebody works: people of one portal use all of its names."""
        hosts = [self.faults.domain, *self.other_hosts]
        return hosts[user_id % len(hosts)]

    @contextmanager
    def working_at(self, host: str) -> Iterator[None]:
        """Changes made meanwhile come from requests to `host`; empty: from an agent, which knows no host."""
        with self.lock:
            before, self.outbox.host = self.outbox.host, host
            try:
                yield
            finally:
                self.outbox.host = before

    def _auth(self, host: str) -> dict[str, str]:
        return {
            "domain": host,
            "client_endpoint": f"{self.scheme}://{host}/rest/",
            "server_endpoint": "https://oauth.bitrix.info/rest/",
            "member_id": MEMBER_ID,
        }


def _second_name(domain: str) -> str:
    """`localhost:8600` beside `127.0.0.1:8600`, `www.` before other names."""
    name, _, port = domain.partition(":")
    return f"localhost:{port}" if name == "127.0.0.1" else f"www.{domain}"
