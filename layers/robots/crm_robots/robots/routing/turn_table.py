"""Turns of departments, in the memory table: however many draw at once, each turn is taken once (R3)."""

from collections.abc import Sequence

from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.robots.routing.turns import Turn, Turns, take
from crm_robots.shared.plan import to_json

_TRIES = 50
"""In each round of a race somebody wins; so many that draw in one department at one moment are unheard of."""


class TurnTable:
    """One record per department, moved by conditional writes."""

    def __init__(self, memory: MemoryTable, robot: str) -> None:
        self._memory = memory
        self._robot = robot

    def take(self, department: int, draw: str, eligible: Sequence[int]) -> Turn:
        """The turn of one of the eligible. The same draw again, after a crash, gets the same turn."""
        item = f"department:{department}"
        for _ in range(_TRIES):
            record = self._memory.load(self._robot, [item])[item]
            before = record.remembered(Turns)
            after, turn = take(before, draw, eligible)
            if after is before:
                return turn
            record.memory = to_json(after)
            try:
                self._memory.save(record)
            except Contended:
                continue
            return turn
        raise Contended(f"the turns of {item} are written by too many at once")
