"""Where our pages are, as webhooks last had it: the day's run sends links to them, and no webhook comes to it."""

from contextlib import suppress

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
        if not base or base == self._known:
            return
        record = self._memory.load(_ROBOT, [_ROW])[_ROW]
        if record.remembered(Address).base != base:
            record.memory = to_json(Address(base))
            with suppress(Contended):  # another function noted it just now
                self._memory.save(record)
        self._known = base

    def get(self) -> str:
        """Empty as long as no webhook came."""
        return self._memory.load(_ROBOT, [_ROW])[_ROW].remembered(Address).base.rstrip("/")
