"""Open plans of cards at which events of several items meet: one function at a time goes on with a plan (F4).

A queue keeps the events of one item apart, not those of a company and its bank details. A function holds the record
while its plan is open; the others come back later. The hold of a crashed function ends by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from crm_robots.engine.executor import Executor, Failures
from crm_robots.records.memory import Contended
from crm_robots.shared.decision import Decision
from crm_robots.shared.plan import Cause, Record

HELD_SECONDS = 150
"""Longer than a function runs."""


class HeldRecords(Protocol):
    """Where the records and their holds are kept."""

    def held(self, items: Iterable[str]) -> dict[str, Contended]:
        """Cards on which another function has an open plan."""

    def save(self, record: Record) -> None:
        """Writes the record, held if its plan is open; raises `Contended` if it changed since it was read."""

    def release(self, record: Record) -> None:
        """Ends the hold of a plan that could not be finished, so that the next function may go on with it."""


class Holding:
    """Performs plans on held records."""

    def __init__(self, records: HeldRecords, executor: Executor) -> None:
        self._records = records
        self._executor = executor

    def resume(self, records: Iterable[Record]) -> Failures:
        """Finishes the plans that a crash left open; returns the cards that must wait."""
        every = {record.item: record for record in records}
        failures: Failures = {**self._records.held(every)}
        failures |= self._took_over(record for item, record in every.items() if item not in failures)
        free = [record for item, record in every.items() if item not in failures]
        return failures | self._let_go(self._executor.resume(free), free)

    def perform(self, decided: Sequence[tuple[Record, Decision, Cause]]) -> Failures:
        """Performs decisions; what cannot be finished now is open to whoever comes next."""
        return self._let_go(self._executor.perform(decided), [record for record, _, _ in decided])

    def _took_over(self, records: Iterable[Record]) -> Failures:
        """Several may find a crashed function's plan at one moment: the first to write the row goes on with it."""
        failures: Failures = {}
        for record in records:
            if record.plan is not None:
                try:
                    self._records.save(record)
                except Contended as error:
                    failures[record.item] = error
        return failures

    def _let_go(self, failures: Failures, records: Iterable[Record]) -> Failures:
        for record in records:
            # What had no answer may still be under way: whoever sent it is the one to look, in its time.
            if record.item in failures and not (record.plan and record.plan.unanswered):
                self._records.release(record)
        return failures


def contended(held: Mapping[str, float], items: Iterable[str]) -> dict[str, Contended]:
    """Those of the items that another function holds. `held`: item -> seconds after which to try again."""
    found = [item for item in items if item in held]
    return {item: Contended(f"{item} is being worked on", retry_after=held[item]) for item in found}


def patience(left: float) -> float:
    """Seconds to wait for a plan whose hold ends in `left`: half as long as it has been open, because a function that
    has not finished within seconds is slow or crashed; and at most until the hold ends.
    """
    return min((HELD_SECONDS - left) / 2, left)
