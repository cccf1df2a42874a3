"""Where our pages are, as webhooks last had it: the day's run sends links to them, and no webhook comes to it. Until
the first one comes, the address that the stack was published with will do.
"""

from contextlib import suppress
from urllib.parse import urlsplit

import msgspec

from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.shared.plan import to_json

_ROBOT, _ROW = "desk", "desk:address"


class Address(msgspec.Struct, frozen=True):
    """The address before `/webhooks/…`."""

    base: str = ""


class OwnAddress:
    """One row; written when the address is another than before."""

    def __init__(self, memory: MemoryTable) -> None:
        self._memory = memory
        self._known = ""

    def note(self, base: str) -> None:
        """A webhook came to this address."""
        if base and base != self._known:
            self._keep(base)
            self._known = base

    def offer(self, base: str) -> None:
        """The stack's own address: webhooks that come under a domain of the customer's know better."""
        known = self.get()
        if base and (not known or urlsplit(known).netloc == urlsplit(base).netloc):
            self._keep(base)

    def get(self) -> str:
        """Empty as long as nobody told."""
        return self._memory.load(_ROBOT, [_ROW])[_ROW].remembered(Address).base.rstrip("/")

    def _keep(self, base: str) -> None:
        record = self._memory.load(_ROBOT, [_ROW])[_ROW]
        if record.remembered(Address).base != base:
            record.memory = to_json(Address(base))
            with suppress(Contended):  # another function noted it just now
                self._memory.save(record)
