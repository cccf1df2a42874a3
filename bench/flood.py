"""A mass edit in the portal: how fast its events are handled, and who waits for whom."""

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched
from typing import Any

from crm_robots.engine.pipeline import WINDOW
from crm_robots.engine.shared_limiter import SharedLimiter
from crm_robots.portal.limiter import Bucket
from crm_robots.shared.events import CrmEvent, by_item

from bench.row import Row, at_most, emit
from bench.timers import ROBOTS, cards_with_timers
from tests.support.tables import template
from tests.support.world import BASE, World, new_world

WEBHOOKS = 10_000
TABLE = f"A mass edit: {WEBHOOKS:,} webhooks, each of another card, nothing changes"
WAITS = "Who waits for whom, where all budget is spent"


def main() -> None:
    """First the flood on a portal with limits, then the shared limiter alone; both in simulated time."""
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    for world in new_world(ROBOTS):
        world.publish()
        emit(*flooded(world))
        emit(*waits(world.dynamodb))


def flooded(world: World) -> Iterator[Row]:
    """Handles the events, one window after another."""
    numbers = cards_with_timers(world, "company", WEBHOOKS)
    now = int(world.portal.clock.now().timestamp())
    events = [CrmEvent("ONCRMCOMPANYUPDATE", f"company:{number}", now, now, BASE) for number in numbers]
    world.portal.limits.requests = True
    calls, began, requests = len(world.portal.calls), world.portal.clock.wall(), world.requests
    failed = 0
    for window in batched(events, WINDOW, strict=False):
        failed += len(world.robots["client-status"].handle(by_item(window)))
    seconds, requests = world.portal.clock.wall() - began, world.requests - requests
    fewest = math.ceil(WEBHOOKS / WINDOW)
    refused = sum(call["status"] == 503 for call in list(world.portal.calls)[calls:])
    yield at_most(TABLE, f"requests to the portal, against {WEBHOOKS:,} / {WINDOW}", requests / fewest, 1.05)
    yield at_most(TABLE, "time, against 2 requests a second after the first 50", seconds / ((fewest - 50) / 2), 1.05)
    yield Row(TABLE, "until the last is worked off, seconds of the portal's clock", f"{seconds:.0f}")
    yield Row(TABLE, "503s; events that had to come again", f"{refused}; {failed}", "0; 0", refused + failed == 0)


def waits(dynamodb: Any) -> Iterator[Row]:
    """How long a lone webhook's request waits behind a robot's flood, and behind background work."""
    with _limiter(dynamodb, "flood") as (limiter, clock):
        clock.stands = True  # these requests have booked their turns and sleep
        for _ in range(Bucket().burst + _most_at_once()):
            limiter.wait(["batch"])
        slept = clock.slept(limiter, background=False)
        figure = f"a webhook's request, while another robot works off a flood ({_most_at_once()} at a time), waits"
        yield Row(WAITS, figure, f"{slept:.1f} s")
    with _limiter(dynamodb, "bulk") as (limiter, clock):
        for _ in range(3 * Bucket().burst):
            limiter.wait(["batch"], background=True)
        slept = clock.slept(limiter, background=False)
        yield Row(
            WAITS,
            "… while the day's run or a reindex takes all that it may, waits",
            f"{slept:.1f} s",
            "0.0 s",
            not slept,
        )
        behind = clock.slept(limiter, background=True)
        yield Row(WAITS, "the next request of the day's run waits", f"{behind:.1f} s")


class _Time:
    """A clock that advances when somebody sleeps, unless it is stopped."""

    def __init__(self) -> None:
        self.now, self.total, self.stands = 1_768_000_000.0, 0.0, False

    def sleep(self, seconds: float) -> None:
        self.total += seconds
        self.now += 0 if self.stands else seconds

    def slept(self, limiter: SharedLimiter, *, background: bool) -> float:
        """Seconds for which one request waits."""
        before = self.total
        limiter.wait(["batch"], background=background)
        return self.total - before


@contextmanager
def _limiter(dynamodb: Any, portal: str) -> Iterator[tuple[SharedLimiter, _Time]]:
    clock = _Time()
    address = f"https://{portal}.bitrix24.example/rest/1/x/"
    yield SharedLimiter(dynamodb, "LimiterTable", address, clock=lambda: clock.now, sleep=clock.sleep), clock


def _most_at_once() -> int:
    """How many of a robot's functions work at a time, as the template says."""
    queue = template()["Resources"]["ClientStatus"]["Properties"]["Events"]["Queue"]
    return int(queue["Properties"]["ScalingConfig"]["MaximumConcurrency"])


if __name__ == "__main__":
    main()
