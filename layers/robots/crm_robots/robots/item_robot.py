"""The course that robots on one kind of item share: remember, read, decide, perform. A robot fills in the middle."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from crm_robots.aws.memory import MemoryTable
from crm_robots.bitrix24.client import Bitrix24
from crm_robots.bitrix24.commands import Command, Reply
from crm_robots.domain.decision import Decision
from crm_robots.domain.events import Work
from crm_robots.domain.plan import Cause, Record
from crm_robots.robots.executor import Executor, Failures


class ItemRobot(ABC):
    """Handles the events of items of one kind: one read of the memory, one of the portal, one write."""

    name: str

    def __init__(self, portal: Bitrix24, memory: MemoryTable, executor: Executor) -> None:
        self.portal = portal
        self.memory = memory
        self.executor = executor

    @abstractmethod
    def is_on(self) -> bool:
        """Takes the rules in force for this window; False when the robot is switched off."""

    @abstractmethod
    def questions(self, works: Sequence[Work], records: Mapping[str, Record]) -> dict[str, Command]:
        """What to ask the portal, in one batch."""

    @abstractmethod
    def decide(self, work: Work, record: Record, answers: Mapping[str, Reply]) -> Decision | None:
        """What to do about one item; None when it is gone."""

    def handle(self, works: Sequence[Work]) -> Failures:
        """Works off a window of events."""
        if not self.is_on():
            return {}
        records = self.memory.load(self.name, (str(work.ref) for work in works))
        failures = self.executor.resume(records.values())
        works = [work for work in works if str(work.ref) not in failures]
        for work in works:
            if work.is_deletion:
                self.memory.forget(records[str(work.ref)])
        works = [work for work in works if not work.is_deletion]
        if not works:
            return failures
        answers = self.portal.read(self.questions(works, records))
        decided = []
        for work in works:
            try:
                decision = self.decide(work, records[str(work.ref)], answers)
            except Exception as error:
                failures[str(work.ref)] = error
                continue
            if decision is not None:
                decided.append((records[str(work.ref)], decision, cause_of(work)))
        return failures | self.executor.perform(decided)


def cause_of(work: Work) -> Cause:
    """The event that a robot acts upon."""
    return Cause(work.newest.event, str(work.ref), work.ts)


def result_of(answers: Mapping[str, Reply], name: str) -> Any:
    """One answer's result; its error is raised."""
    reply = answers[name]
    if reply.error is not None:
        raise reply.error
    return reply.result
