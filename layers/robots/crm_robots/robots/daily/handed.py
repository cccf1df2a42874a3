"""D14: hand-overs of a command wait here for the next day's message. Each list is noted before its clients move."""

from collections.abc import Sequence
from datetime import date

import msgspec

from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.telling import ROBOT
from crm_robots.shared.markup import from_wire
from crm_robots.shared.plan import Record, to_json

_INDEX = "daily:handed"
_TRIES = 5


class _Lists(msgspec.Struct, frozen=True):
    """The lists that nobody has been told of."""

    numbers: tuple[int, ...] = ()


class _List(msgspec.Struct, frozen=True):
    """`told_on`: the day whose run tells it; one that is cut off and begun again keeps that day."""

    news: tuple[News, ...] = ()
    told_on: date | None = None


class HandedOver:
    """The lists, in the memory table."""

    def __init__(self, memory: MemoryTable) -> None:
        self._memory = memory
        self._taken: set[int] = set()

    def add(self, news: Sequence[News]) -> None:
        """Keeps what is about to happen; whether it came true is looked up when it is told."""
        for attempt in range(_TRIES):
            index, numbers = self._index()
            number = next(one for one in range(len(numbers) + 1) if one not in numbers)
            record = self._list(number)
            record.memory = to_json(_List(tuple(news)))
            try:
                self._memory.save(record)
                self._keep(index, (*numbers, number))
                return
            except Contended:
                if attempt == _TRIES - 1:
                    raise

    def take(self, day: date) -> list[News]:
        """What the run of that day is to tell; a client that was handed on again appears once for each hand-over."""
        found: dict[tuple[str, int | None, int | None], News] = {}
        for number in self._index()[1]:
            record = self._list(number)
            kept = msgspec.json.decode(record.memory, type=_List, dec_hook=from_wire)
            if kept.told_on is None:
                kept = msgspec.structs.replace(kept, told_on=day)
                record.memory = to_json(kept)
                self._memory.save(record)
            self._taken.add(number)
            for one in kept.news:
                told = msgspec.structs.replace(one, run=kept.told_on or day)
                found[one.item, one.responsible, one.heir] = told
        return list(found.values())

    def told(self) -> None:
        """What was taken has been told."""
        for attempt in range(_TRIES if self._taken else 0):
            index, numbers = self._index()
            try:
                self._keep(index, tuple(one for one in numbers if one not in self._taken))
                return
            except Contended:
                if attempt == _TRIES - 1:
                    raise

    def _index(self) -> tuple[Record, tuple[int, ...]]:
        record = self._memory.load(ROBOT, [_INDEX])[_INDEX]
        return record, record.remembered(_Lists).numbers

    def _keep(self, index: Record, numbers: tuple[int, ...]) -> None:
        index.memory = to_json(_Lists(numbers))
        self._memory.save(index)

    def _list(self, number: int) -> Record:
        name = f"{_INDEX}:{number}"
        return self._memory.load(ROBOT, [name])[name]
