"""The request budget that all functions share: one DynamoDB item per portal, one conditional write per request.

The item holds `full_until` (milliseconds, see `portal.limiter`) and until when methods are parked; both come
back with every write, so nothing is read. If the table fails, each process uses a budget of its own.
"""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from crm_robots.portal.limiter import PARK, SPARE, Bucket, LocalLimiter, Operating, Parked, too_long
from crm_robots.records.limiter_row import LimiterRow

logger = Logger(child=True)

_MOST_TRIES = 100
_ALONE_FOR = 30.0
"""Seconds for which a table that failed is not asked again: its time-outs cost more than its answers."""


class SharedLimiter:
    """See `portal.limiter.Limiter`. A webhook's request books its turn in advance: first come, first served.

    Background work never books in advance: it takes a turn only when half of the burst is free, otherwise it sleeps and
    asks again. So a webhook that comes later still goes first.

    `apart`: for a second incoming webhook. Requests are counted per portal, the run time of methods per webhook.
    """

    def __init__(
        self,
        dynamodb: Any,
        table: str,
        webhook_url: str,
        *,
        bucket: Bucket | None = None,
        apart: str = "",
        patience: float = 25.0,
        background_patience: float = 120.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._row = LimiterRow(dynamodb, table, f"portal {urlsplit(webhook_url).netloc}")
        self._bucket = bucket or Bucket()
        self._apart = apart
        self._patience, self._background_patience = patience, background_patience
        self._clock, self._sleep = clock, sleep
        self._operating = Operating()
        self._parked = Parked()
        self._full_until, self._alone_until = 0.0, 0.0
        self._alone = LocalLimiter(self._bucket, patience=patience, clock=clock, sleep=sleep)

    def wait(self, methods: Collection[str], *, background: bool = False) -> None:
        """See Limiter."""
        own = {self._apart + method for method in methods}
        self._parked.refuse(own, self._clock(), background=background)
        if self._clock() < self._alone_until:
            self._alone.wait(methods, background=background)
            return
        try:
            delay = self._turn(background=background)
        except (BotoCoreError, ClientError) as failure:
            logger.warning("the shared request budget is out of reach", failure=type(failure).__name__)
            self._alone_until = self._clock() + _ALONE_FOR
            self._alone.wait(methods, background=background)
            return
        self._parked.refuse(own, self._clock(), background=background)
        if delay:
            self._sleep(delay)

    def is_crowded(self) -> bool:
        """Whether more than half of the burst is spent, as far as this process knows."""
        now = self._clock()
        return self._bucket.ahead(self._full_until, now) - now > self._bucket.room(background=True)

    def learn(self, method: str, operating: float, operating_reset_at: float) -> None:
        """See Limiter. Writes only if the method's time runs short, once per window."""
        name = SPARE + self._apart + method
        known = self._parked.until.get(name, 0.0)
        if self._operating.is_scarce(operating) and operating_reset_at > known + 1:
            self._tell(name, operating_reset_at)

    def park(self, method: str, until: float) -> None:
        """See Limiter."""
        self._tell(PARK + self._apart + method, until)

    def pause(self, seconds: float) -> None:
        """See Limiter."""
        self._alone.pause(seconds)
        full_until = self._bucket.after_refusal(self._clock(), seconds)
        self._full_until = max(self._full_until, full_until)
        self._try_to_write("full_until", full_until)

    def _turn(self, *, background: bool) -> float:
        """Books a turn; returns the seconds until it comes."""
        patience = self._background_patience if background else self._patience
        deadline = self._clock() + patience
        for _ in range(_MOST_TRIES):
            now = self._clock()
            idle = self._bucket.ahead(self._full_until, now) == now
            booked = self._start(now) if idle else self._move_on(now, background=background)
            if booked is not None:
                return self._bucket.delay(booked - self._bucket.spacing, now, background=background)
            # Another function wrote meanwhile; the refusal contains the item's value.
            known = self._bucket.ahead(self._full_until, now)
            delay = self._bucket.delay(known, now, background=background)
            if now + delay > deadline:
                raise too_long(delay)
            if background and delay:
                self._sleep(delay)
        raise too_long(self._bucket.spacing)

    def _start(self, now: float) -> float | None:
        """The first request of an empty bucket, or of one whose value no clock can have written."""
        return self._update(
            "SET full_until = :next",
            "attribute_not_exists(full_until) OR full_until <= :now OR full_until > :most",
            {":next": now + self._bucket.spacing, ":now": now, ":most": self._bucket.furthest(now)},
        )

    def _move_on(self, now: float, *, background: bool) -> float | None:
        """One more request on a bucket in use, unless its turn would be too far away."""
        ahead = self._bucket.room(background=background) - self._bucket.spacing
        horizon = now + ahead + (0.0 if background else self._patience)
        return self._update(
            "SET full_until = full_until + :spacing",
            "full_until BETWEEN :now AND :horizon",
            {":spacing": self._bucket.spacing, ":now": now, ":horizon": horizon},
        )

    def _update(self, change: str, condition: str, values: Mapping[str, float]) -> float | None:
        """The new `full_until`, or None where the condition does not hold."""
        holds, item = self._row.change(change, condition, values)
        full_until = self._take(item)
        return full_until if holds else None

    def _take(self, item: Mapping[str, float]) -> float:
        """Takes over the item's values."""
        values = dict(item)
        full_until = self._full_until = values.pop("full_until", 0.0)
        self._parked.until |= values
        return full_until

    def _tell(self, name: str, until: float) -> None:
        self._parked.until[name] = until
        self._try_to_write(name, until)

    def _try_to_write(self, name: str, until: float) -> None:
        """Raises the value to this; a larger one stays. A failing table is ignored."""
        try:
            self._row.raise_to(name, until)
        except (BotoCoreError, ClientError):
            logger.debug("somebody told the others already, or the table is out of reach")
