"""The snapshot: a row of the memory per manager, and one that says of which day they are and is written last."""

from collections.abc import Iterable
from datetime import date

import msgspec

from crm_robots.records.memory import MemoryTable
from crm_robots.robots.desk.figures import Manager
from crm_robots.shared.plan import to_json

ROBOT = "desk"
_INDEX = "desk:index"


class Index(msgspec.Struct, frozen=True, omit_defaults=True):
    """What there is."""

    day: date | None = None
    at: int = 0
    managers: tuple[int, ...] = ()
    capacity: int | None = None
    statuses: tuple[tuple[str, str], ...] = ()
    """Code and label, best first."""
    cards: dict[str, tuple[int, int]] = {}
    """How many cards of a kind there were, and the newest one's id: a guess for the next reading."""


class Snapshots:
    """The newest snapshot."""

    def __init__(self, memory: MemoryTable) -> None:
        self._memory = memory

    def index(self) -> Index:
        """Empty where no day was run yet."""
        return self._memory.load(ROBOT, [_INDEX])[_INDEX].remembered(Index)

    def managers(self, wanted: Iterable[int]) -> list[Manager]:
        """Those of the managers who have figures, by department and name."""
        rows = self._memory.load(ROBOT, [_row(user) for user in wanted]).values()
        found = [record.remembered(Manager) for record in rows if record.version]
        return sorted(found, key=lambda one: (one.department, one.name, one.id))

    def keep(self, index: Index, managers: Iterable[Manager]) -> None:
        """Replaces what was there. Cut off in the middle, it is made anew."""
        by_row = {_row(one.id): one for one in managers}
        records = self._memory.load(ROBOT, [*by_row, _INDEX])
        for name, one in by_row.items():
            records[name].memory = to_json(one)
            self._memory.save(records[name])
        records[_INDEX].memory = to_json(index)
        self._memory.save(records[_INDEX])


def _row(user: int) -> str:
    return f"desk:manager:{user}"
