"""When the next request may be sent: Bitrix24's leaky bucket, calculated with one number.

The portal's counter falls by 2 a second and blocks above 50. Its mirror here is `full_until`, the moment at
which the bucket would be empty if nothing more were sent (GCRA): every request moves it on by the spacing,
and may leave once it is no further ahead than the burst allows. One number, so one conditional write can
share it.
https://github.com/bitrix24/b24restdocs/blob/main/limits.md
"""

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from crm_robots.portal.errors import Busy

LONGEST_PAUSE = 600.0
PARK, SPARE = "park ", "spare "
NO_TURN, PARKED = "NO_TURN", "parked"


class Limiter(Protocol):
    """Asked before every HTTP request, and told the outcome. Times: seconds of the caller's clock."""

    def wait(self, methods: Collection[str], *, background: bool = False) -> None:
        """Returns when a request with these methods may leave; Busy if that is too far away to sleep for."""

    def learn(self, method: str, operating: float, operating_reset_at: float) -> None:
        """`operating`: seconds the method has run in the portal's window, which ends at the given time."""

    def park(self, method: str, until: float) -> None:
        """The portal refuses this method until then (OPERATION_TIME_LIMIT)."""

    def pause(self, seconds: float) -> None:
        """The portal refused a request for its rate: the bucket is full, perhaps by others' requests."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Bitrix24's numbers less a margin for requests that travel at different speeds."""

    burst: int = 49
    per_second: float = 1.99

    @property
    def spacing(self) -> float:
        """Seconds between two requests of a full bucket."""
        return round(1 / self.per_second, 3)

    def room(self, *, background: bool) -> float:
        """How far `full_until` may be ahead of a request that leaves; background work leaves half of it."""
        return (self.burst // 2 if background else self.burst) * self.spacing

    def ahead(self, full_until: float, now: float) -> float:
        """`full_until` without values too far in the future: a clock that jumped must not close the bucket for days."""
        return full_until if now < full_until <= self.furthest(now) else now

    def furthest(self, now: float) -> float:
        """The largest `full_until` that a pause and the requests waiting for its end can make."""
        return now + LONGEST_PAUSE + 3 * self.burst * self.spacing

    def delay(self, full_until: float, now: float, *, background: bool) -> float:
        """Seconds until a request may leave, `full_until` being the value before it is counted."""
        return max(0.0, full_until + self.spacing - now - self.room(background=background))

    def after_refusal(self, now: float, seconds: float) -> float:
        """`full_until` of a bucket that is full, and stays so for a while."""
        return now + self.burst * self.spacing + min(seconds, LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Operating:
    """The share of a method's run time that background work leaves to webhooks. 480 s is Bitrix24's example."""

    limit: float = 480.0
    background_share: float = 0.8

    def is_scarce(self, operating: float) -> bool:
        """True: only webhooks should go on calling the method."""
        return operating >= self.limit * self.background_share


class Parked:
    """Until when the portal refuses a method, and until when background work must leave it to webhooks."""

    def __init__(self) -> None:
        self.until: dict[str, float] = {}

    def refuse(self, methods: Collection[str], now: float, *, background: bool) -> None:
        """Raises Busy if one of the methods is parked: a queue can wait for minutes."""
        kinds = (PARK, SPARE) if background else (PARK,)
        waits = [(self.until.get(kind + method, 0.0) - now, method) for method in methods for kind in kinds]
        seconds, method = max(waits, default=(0.0, ""))
        if seconds > 0:
            raise Busy(method, "OPERATION_TIME_LIMIT", PARKED, 429, retry_after=seconds, applied=False)


def too_long(delay: float) -> Busy:
    """What a request meets whose turn is too far away to sleep for."""
    return Busy("", NO_TURN, "the request budget is spent", retry_after=delay, applied=False)


class LocalLimiter:
    """The budget of one process: for a command line, and where the shared state cannot be reached."""

    def __init__(
        self,
        bucket: Bucket | None = None,
        *,
        patience: float = 60.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._bucket = bucket or Bucket()
        self._patience = patience
        self._clock, self._sleep = clock, sleep
        self._full_until = 0.0
        self._parked = Parked()
        self._operating = Operating()
        self._lock = threading.Lock()

    def wait(self, methods: Collection[str], *, background: bool = False) -> None:
        """See Limiter. Requests that wait have their turn already: none overtakes."""
        with self._lock:
            now = self._clock()
            self._parked.refuse(methods, now, background=background)
            full_until = self._bucket.ahead(self._full_until, now)
            delay = self._bucket.delay(full_until, now, background=background)
            if delay > self._patience:
                raise too_long(delay)
            self._full_until = full_until + self._bucket.spacing
        if delay:
            self._sleep(delay)

    def learn(self, method: str, operating: float, operating_reset_at: float) -> None:
        """See Limiter."""
        if self._operating.is_scarce(operating):
            self._parked.until[SPARE + method] = operating_reset_at

    def park(self, method: str, until: float) -> None:
        """See Limiter."""
        self._parked.until[PARK + method] = until

    def pause(self, seconds: float) -> None:
        """See Limiter."""
        with self._lock:
            refilled = self._bucket.after_refusal(self._clock(), seconds)
            self._full_until = max(self._full_until, refilled)
