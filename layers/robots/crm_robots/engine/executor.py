"""Sees decisions through: writes each down, performs it in batches, and after a crash does exactly what is missing."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from crm_robots.engine.chronicle import glimpses
from crm_robots.engine.hands_off import HandsOffRule
from crm_robots.engine.looking import look
from crm_robots.engine.performance import Performance
from crm_robots.engine.sending import packed, send
from crm_robots.engine.twins import Overtaken
from crm_robots.portal.bulk import Pace
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.errors import Busy, PortalError
from crm_robots.portal.transport import TIMED_OUT
from crm_robots.records.journal import Journal
from crm_robots.shared.decision import Decision
from crm_robots.shared.plan import Cause, Plan, Record, to_json

_GATEWAY_TIMED_OUT = 504
_SILENT = (0, _GATEWAY_TIMED_OUT)
"""No answer, or a gateway's word that there was none. Any other 5xx counts as not done: people must still be told of
what happens while a portal is down, at the price of a second message should it have done what it called a failure."""

_GOES_ON = 60.0
"""Seconds for which a portal may go on with what took too long to be answered. Who looks earlier may find it undone,
and does it again."""

type Failures = dict[str, Exception]
"""By item (`lead:17`): what kept its plan from being finished. It stays open."""


class Keeper(Protocol):
    """Where records are kept: the memory table, or the timers."""

    def save(self, record: Record) -> None:
        """Writes the record, unless somebody else did since it was read."""


class Executor:
    """Performs plans. Everything it needs is handed in.

    `in_flight`: how many requests may be under way at once. Without `has_time` the plans at hand stay open, as after a
    crash, but their events come back within seconds. `stand_ins`: addresses what is for somebody who left (S11).
    `hands_off`: keeps robots from what an administrator took back (T3).
    """

    def __init__(
        self,
        portal: Bitrix24,
        memory: Keeper,
        journal: Journal,
        *,
        in_flight: int = 1,
        has_time: Callable[[], bool] = lambda: True,
        stand_ins: Callable[[Decision], Decision] = lambda decision: decision,
        hands_off: HandsOffRule | None = None,
    ) -> None:
        self._hands_off = hands_off
        self._stand_ins = stand_ins
        self._portal = portal
        self._memory = memory
        self._journal = journal
        self._in_flight = in_flight
        self._has_time = has_time
        self._pace = Pace()

    def perform(self, decided: Iterable[tuple[Record, Decision, Cause]]) -> Failures:
        """Remembers, and where there is something to do writes the plan down and sees it through."""
        if self._hands_off:
            decided = self._hands_off(list(decided), self._portal.seen)
        begun: list[Record] = []

        def begin(one: tuple[Record, Decision, Cause]) -> Failures:
            try:
                if self._begin(*one):
                    begun.append(one[0])
            except Exception as error:
                return {one[0].item: error}
            return {}

        failures = self._all(begin, decided)
        return failures | self._see_through([Performance(record) for record in begun])

    def resume(self, records: Iterable[Record]) -> Failures:
        """Finishes the plans that an earlier try left open, after looking what of them is already done."""
        performances = [Performance(record) for record in records if record.plan is not None]
        if not performances:
            return {}
        failures = look(self._portal, performances)
        for performance in performances:
            if not performance.is_open:
                self._keep(performance)
        open_ones = [one for one in performances if one.is_open and one.record.item not in failures]
        return failures | self._see_through(open_ones)

    def _begin(self, record: Record, decision: Decision, cause: Cause) -> bool:
        if decision.steps:
            addressed = self._stand_ins(decision)
            cause, titles = glimpses(addressed, record, cause, self._portal.seen)
            record.plan = Plan(record.version + 1, cause, addressed, titles=titles)
            self._memory.save(record)
            return True
        memory = to_json(decision.memory)
        is_new = (memory, decision.look_again) != (record.memory, record.look_on)
        if is_new or record.is_begun_anew:
            record.memory, record.look_on = memory, decision.look_again
            self._memory.save(record)
        return False

    def _see_through(self, performances: Sequence[Performance]) -> Failures:
        failures: Failures = {}
        open_ones = list(performances)
        while open_ones:
            failures |= self._all(self._send, packed([one for one in open_ones if one.left], self._pace.size))
            failures |= self._all(self._advanced, (one for one in open_ones if one.record.item not in failures))
            open_ones = [one for one in open_ones if one.is_open and one.record.item not in failures]
        return failures

    def _all[Thing](self, do: Callable[[Thing], Failures], things: Iterable[Thing]) -> Failures:
        """Does it to all of them, side by side where that is allowed."""
        if self._in_flight == 1:
            return {item: error for thing in things for item, error in do(thing).items()}
        with ThreadPoolExecutor(self._in_flight) as pool:
            return {item: error for failed in pool.map(do, things) for item, error in failed.items()}

    def _send(self, batch: Sequence[Performance]) -> Failures:
        failures = self._sent(batch)
        for performance in batch:
            if isinstance(failures.get(performance.record.item), Overtaken):
                performance.give_up()
                self._keep(performance)
            elif performance.record.item in failures and performance.plan.settled:
                # What is over must not be done again with the rest, least of all a message.
                self._keep(performance)
        return failures

    def _sent(self, batch: Sequence[Performance]) -> Failures:
        if not self._has_time():
            late = Busy("", "NO_TIME", "the function's time is nearly over", applied=False)
            return {one.record.item: late for one in batch}
        began = time.monotonic()
        try:
            return send(self._portal, batch, self._pace)
        except Busy as error:
            if error.applied is None and error.status in _SILENT:
                self._pace.cut_off(sum(len(one.portion) for one in batch), time.monotonic() - began)
                self._note_silence(batch)
                if error.status == _GATEWAY_TIMED_OUT or error.code == TIMED_OUT:
                    error.retry_after = _GOES_ON
            return {one.record.item: error for one in batch}
        except PortalError as error:
            return {one.record.item: error for one in batch}

    def _note_silence(self, batch: Sequence[Performance]) -> None:
        """What had no answer may have happened; of a message nobody can ask, so it is not sent again."""
        for performance in batch:
            performance.plan.unanswered = True
            self._memory.save(performance.record)

    def _advanced(self, performance: Performance) -> Failures:
        try:
            self._advance(performance)
        except Exception as error:
            return {performance.record.item: error}
        return {}

    def _advance(self, performance: Performance) -> None:
        if performance.left:
            if not performance.was_held_up:
                # It took its other way, or has a part behind it; a crash must not begin it anew.
                self._keep(performance)
            return
        performance.next_step()
        self._keep(performance)

    def _keep(self, performance: Performance) -> None:
        self._journal.write(performance.entries(self._journal.words()))
        self._memory.save(performance.record)
