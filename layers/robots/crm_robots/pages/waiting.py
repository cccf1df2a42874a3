"""Whoever pressed a button waits a little, so that the page can tell how it ended."""

import time
from collections.abc import Callable

_PATIENCE_SECONDS = 6.0
_PAUSE_SECONDS = 0.3


class Patience:
    """Looks again and again, for a few seconds."""

    def __init__(
        self, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.sleep = sleep
        self._clock = clock

    def wait[Seen](self, look: Callable[[], Seen], seen: Seen, *, until: Callable[[Seen], bool]) -> Seen:
        """What was seen last: what was waited for, or whatever there is when patience ends."""
        end = self._clock() + _PATIENCE_SECONDS
        while not until(seen) and self._clock() < end:
            self.sleep(_PAUSE_SECONDS)
            seen = look()
        return seen
