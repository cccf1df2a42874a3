"""Whether a function may still start something: Lambda ends it after 120 s, whatever it does."""

import time
from collections.abc import Callable

BEGIN_WITHIN = 50.0
"""Seconds in which a request may start: the portal may take a minute to answer, and our time-out is 65 seconds."""


class TimeLeft:
    """The time left of the current invocation; without an invocation there is no limit."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = float("inf")

    def start(self) -> None:
        """Called when an invocation begins."""
        self._end = self._clock() + BEGIN_WITHIN

    def __call__(self) -> bool:
        """Whether one more request may begin."""
        return self._clock() < self._end
