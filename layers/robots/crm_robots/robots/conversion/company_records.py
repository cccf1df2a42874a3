"""Companies' records in the memory table, held while a function has their plan in hand (F4).

Events of a company, its requisites and its bank details, and the `requisites` command meet at one record.
"""

import time
from collections.abc import Callable, Iterable, Mapping

from crm_robots.engine.holding import HELD_SECONDS, contended, patience
from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.shared.plan import Record


class CompanyRecords:
    """Records of one window, read on behalf of the items whose events it holds."""

    def __init__(self, memory: MemoryTable, robot: str, clock: Callable[[], float] = time.time) -> None:
        self._memory = memory
        self._robot = robot
        self._clock = clock
        self._held: dict[str, float] = {}

    def load(self, holders: Mapping[str, str]) -> dict[str, Record]:
        """By company. `holders`: company -> on whose behalf it is worked on: `company:42` -> `bankdetail:7`.

        Work of one holder never runs twice at a time, so an open plan of the same holder is a crashed try's.
        """
        now = self._clock()
        records = self._memory.load(self._robot, holders)
        for item, record in records.items():
            if record.plan is not None and record.held_by not in ("", holders[item]) and record.held_until > now:
                self._held[item] = patience(record.held_until - now)
            record.held_by, record.held_until = holders[item], now + HELD_SECONDS
        return records

    def held(self, items: Iterable[str]) -> dict[str, Contended]:
        """Companies on which another function has an open plan: come back when it has finished."""
        return contended(self._held, items)

    def save(self, record: Record) -> None:
        """Writes the record; raises `Contended` if it changed since it was read."""
        self._memory.save(record)

    def release(self, record: Record) -> None:
        """Ends the hold of a plan that could not be finished."""
        if record.plan is None or not record.version:
            return
        record.held_by = ""
        try:
            self._memory.save(record)
        except Contended:
            return  # somebody else has it by now
