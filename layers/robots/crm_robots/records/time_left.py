"""How long a function may still begin something: Lambda ends it after 120 s, in the middle of whatever it does."""

import time
from collections.abc import Callable

BEGIN_WITHIN = 50.0
"""Seconds in which a request may leave: the portal may take a minute to answer it, and we give it 65 seconds."""


class TimeLeft:
    """Of the invocation at hand; before the first one there is no end of it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = float("inf")

    def start(self) -> None:
        """An invocation begins."""
        self._end = self._clock() + BEGIN_WITHIN

    def __call__(self) -> bool:
        """Whether one more request may begin."""
        return self._clock() < self._end
