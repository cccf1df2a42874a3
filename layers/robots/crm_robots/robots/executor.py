"""Sees decisions through: writes each down, performs it in batches, and after a crash does exactly what is missing."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from crm_robots.aws.journal import Journal
from crm_robots.bitrix24.client import Bitrix24
from crm_robots.bitrix24.errors import Busy, PortalError
from crm_robots.domain.decision import Decision
from crm_robots.domain.plan import Cause, Plan, Record, to_json
from crm_robots.robots.looking import look
from crm_robots.robots.performance import Performance
from crm_robots.robots.sending import packed, send
from crm_robots.robots.twins import Overtaken

type Failures = dict[str, Exception]
"""By item (`lead:17`): what kept its plan from being finished. It stays open."""


class Keeper(Protocol):
    """Where records are kept: the memory table, or the timers."""

    def save(self, record: Record) -> None:
        """Writes the record, unless somebody else did since it was read."""


class Executor:
    """Performs plans. Everything it needs is handed in."""

    def __init__(self, portal: Bitrix24, memory: Keeper, journal: Journal) -> None:
        self._portal = portal
        self._memory = memory
        self._journal = journal

    def perform(self, decided: Iterable[tuple[Record, Decision, Cause]]) -> Failures:
        """Remembers, and where there is something to do writes the plan down and sees it through."""
        failures: Failures = {}
        begun: list[Record] = []
        for record, decision, cause in decided:
            try:
                if self._begin(record, decision, cause):
                    begun.append(record)
            except Exception as error:
                failures[record.item] = error
        return failures | self._see_through([Performance(record) for record in begun])

    def resume(self, records: Iterable[Record]) -> Failures:
        """Finishes the plans that an earlier try left open, after looking what of them is already done."""
        performances = [Performance(record) for record in records if record.plan is not None]
        if not performances:
            return {}
        failures: Failures = {}
        looked: list[Performance] = []
        for performance in performances:
            try:
                look(self._portal, performance)
                if performance.is_open:
                    looked.append(performance)
                else:
                    self._keep(performance)
            except PortalError as error:
                failures[performance.record.item] = error
        return failures | self._see_through(looked)

    def _begin(self, record: Record, decision: Decision, cause: Cause) -> bool:
        if decision.steps:
            record.plan = Plan(record.version + 1, cause, decision)
            self._memory.save(record)
            return True
        memory = to_json(decision.memory)
        if memory != record.memory:
            record.memory = memory
            self._memory.save(record)
        return False

    def _see_through(self, performances: Sequence[Performance]) -> Failures:
        failures: Failures = {}
        open_ones = list(performances)
        while open_ones:
            for batch in packed([one for one in open_ones if one.left]):
                failures |= self._send(batch)
            open_ones = [one for one in open_ones if one.record.item not in failures]
            for performance in open_ones:
                try:
                    self._advance(performance)
                except Exception as error:
                    failures[performance.record.item] = error
            open_ones = [one for one in open_ones if one.is_open and one.record.item not in failures]
        return failures

    def _send(self, batch: Sequence[Performance]) -> Failures:
        try:
            failures = send(self._portal, batch)
            for performance in batch:
                if isinstance(failures.get(performance.record.item), Overtaken):
                    performance.give_up()
                    self._keep(performance)
            return failures
        except Busy as error:
            if error.applied is None and not error.status:
                self._note_silence(batch)
            return {one.record.item: error for one in batch}
        except PortalError as error:
            return {one.record.item: error for one in batch}

    def _note_silence(self, batch: Sequence[Performance]) -> None:
        """What had no answer may have happened; of a message nobody can ask, so it is not sent again."""
        for performance in batch:
            performance.plan.unanswered = True
            self._memory.save(performance.record)

    def _advance(self, performance: Performance) -> None:
        if performance.left:
            return
        performance.next_step()
        self._keep(performance)

    def _keep(self, performance: Performance) -> None:
        self._journal.write(performance.entries())
        self._memory.save(performance.record)
