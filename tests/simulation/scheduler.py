"""Simulated time: everything that happens is an entry in one agenda, and everything that waits is a greenlet."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

from greenlet import getcurrent, greenlet
from time_machine import Traveller

from sandbox.portal.clock import SimulatedClock


class SkewedClock(SimulatedClock):
    """A portal whose clock is a little wrong: `wall` is AWS's."""

    skew = 0.0
    _known: tuple[datetime, float] | None = None

    def wall(self) -> float:
        if self._known is None or self._known[0] is not self._moment:
            self._known = (self._moment, self._moment.timestamp())
        return self._known[1] - self.skew

    def wall_time(self) -> datetime:
        """AWS's moment."""
        return datetime.fromtimestamp(self.wall(), UTC)


class Scheduler:
    """One thing at a time. Whoever sleeps lets others run, in the order of their moments."""

    def __init__(self, clock: SkewedClock, traveller: Traveller) -> None:
        self.clock = clock
        self._traveller = traveller
        self._agenda: list[tuple[float, int, Callable[[], object]]] = []
        self._order = count()
        self._hub = getcurrent()
        self.steps = 0

    @property
    def now(self) -> float:
        """Unix seconds on AWS's clock."""
        return self.clock.wall()

    def at(self, moment: float, happening: Callable[[], object]) -> None:
        """Puts something on the agenda."""
        heapq.heappush(self._agenda, (moment, next(self._order), happening))

    def spawn(self, work: Callable[[], object]) -> None:
        """Starts work that may sleep, now."""
        self.at(self.now, greenlet(work, self._hub).switch)

    def sleep(self, seconds: float) -> None:
        """Lets others run meanwhile."""
        here = getcurrent()
        if here is self._hub:
            self._move_to(self.now + seconds)
            return
        self.at(self.now + max(seconds, 0.0), here.switch)
        self._hub.switch()

    def run(self, until: float = float("inf"), most: int = 100_000) -> bool:
        """Lives until then, or until nothing is left to happen; False when there is no end to it."""
        for _ in range(most):
            if not self._agenda or self._agenda[0][0] > until:
                if until != float("inf"):
                    self._move_to(until)
                return True
            moment, _, happening = heapq.heappop(self._agenda)
            self._move_to(moment)
            self.steps += 1
            happening()
        return False

    def _move_to(self, moment: float) -> None:
        ahead = moment - self.now
        if ahead > 0:
            self.clock.advance(timedelta(seconds=ahead))
            self._traveller.move_to(self.now)
