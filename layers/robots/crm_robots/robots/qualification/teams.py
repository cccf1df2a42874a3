"""Departments that may get a lead: their people are counted in the portal, their turns kept in the memory table."""

from collections.abc import Iterable, Mapping, Sequence

from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Refused
from crm_robots.portal.lead_stages import lead_count
from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.robots.qualification.handover import Team, Turns
from crm_robots.shared.people import Directory
from crm_robots.shared.plan import Record, to_json


class Teams:
    """The departments of one window of events."""

    def __init__(self, memory: MemoryTable, robot: str, directory: Directory, open_stages: Sequence[str]) -> None:
        self._memory = memory
        self._robot = robot
        self._directory = directory
        self._open_stages = open_stages
        self._records: dict[int, Record] = {}
        self.teams: dict[int, Team] = {}

    def questions(self, departments: Iterable[int], ts: int) -> dict[str, Command]:
        """Counts the open leads of everyone in those departments that are not counted yet."""
        new = [number for number in departments if number not in self._records]
        if not new:
            return {}
        rows = self._memory.load(self._robot, map(_key, new))
        self._records |= {number: rows[_key(number)] for number in new}
        asked: dict[str, Command] = {}
        for number in new:
            recent = sorted(self._records[number].remembered(Turns).current(ts))
            for user in self._directory.members(number):
                asked[f"open_{number}_{user}"] = lead_count(user, self._open_stages, recent)
        return asked

    def count(self, answers: Mapping[str, Reply]) -> None:
        """Takes the counts. Someone whose leads the portal will not count has none, and takes turns with the rest."""
        for number, record in self._records.items():
            if number in self.teams:
                continue
            members = self._directory.members(number)
            counts = {user: _total(answers[f"open_{number}_{user}"]) for user in members}
            self.teams[number] = Team(members, counts, record.remembered(Turns))

    def save(self) -> set[int]:
        """Keeps the turns; returns departments where somebody else was faster, so that it must be counted anew."""
        lost: set[int] = set()
        for number, record in self._records.items():
            turns = to_json(self.teams[number].turns)
            if turns == to_json(record.remembered(Turns)):
                continue
            record.memory = turns
            try:
                self._memory.save(record)
            except Contended:
                lost.add(number)
        return lost


def _key(department: int) -> str:
    return f"department:{department}"


def _total(reply: Reply) -> int:
    if isinstance(reply.error, Refused):
        return 0
    if reply.error is not None:
        raise reply.error
    if reply.total is not None:
        return reply.total
    rows = reply.result.get("items") if isinstance(reply.result, Mapping) else reply.result
    return len(rows or ())
