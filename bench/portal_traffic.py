"""Bulk reads and writes against what the portal's limits allow at best.

Both sides run at the same moment, each with its own portal: prepared requests that only have to be sent
(`bench/limit.py`), and our client, which builds requests and reads answers. Clocks are real and the machine is the
same, so other load slows down both. The median of three such pairs counts.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from crm_robots.portal.commands import MOST_COMMANDS, Command
from crm_robots.portal.lists import Guess

from bench import limit
from bench.peers import LISTED, PHONES, Ours, Peer, lookups, updates
from bench.row import Row, at_most, emit
from bench.stand_in import CARDS, SECONDS_PER_COMMAND, Clock

_BULK = "Bulk work against the portal's limit"
_PER_LIST = 50
_SPARE = 1.05
_PAIRS = 3
ROUGHLY = Guess(CARDS - 300, CARDS - 100)
"""What the timers of a stack tell of the cards before they are listed."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is done, and the fewest commands of the portal that do it."""

    words: str
    run: Callable[[Any], int]
    results: int
    commands: Sequence[Command]

    @property
    def requests(self) -> int:
        """Fewest requests."""
        return -(-len(self.commands) // MOST_COMMANDS)

    @property
    def seconds(self) -> float:
        """Fewest seconds on the portal's clock: the time at which the last request may leave, plus the length of
        one."""
        return max(0, self.requests - 50) / 2 + min(len(self.commands), MOST_COMMANDS) * SECONDS_PER_COMMAND


def _pages() -> Iterator[Command]:
    for start in range(0, CARDS, _PER_LIST):
        yield Command("crm.item.list", {**LISTED, "order": {"id": "ASC"}, "start": start})


LIST = Job("12,000 companies listed", lambda peer: peer.list_cards(), CARDS, list(_pages()))
UPDATE_2000 = Job("2,000 cards updated", lambda peer: peer.update_cards(2_000), 2_000, updates(2_000))
UPDATE_5000 = Job("5,000 cards updated", lambda peer: peer.update_cards(5_000), 5_000, updates(5_000))
DUPLICATES = Job("500 phones looked up", lambda peer: peer.find_duplicates(), len(PHONES), lookups())


@dataclass(frozen=True, slots=True)
class Measure:
    """The outcome of a job; `results` is 0 if the client gave up."""

    results: int
    seconds: float
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Our client and the limit, measured at the same moment."""

    ours: Measure
    limit: float


def main() -> None:
    """Prints the rows. Long and short jobs run side by side, because both mostly wait."""
    lanes = ((LIST, UPDATE_2000, DUPLICATES), (UPDATE_5000,))
    with ThreadPoolExecutor() as pool:
        for rows in pool.map(_lane, lanes):
            emit(*rows)


def _lane(jobs: Iterable[Job]) -> list[Row]:
    clock = Clock(1)
    with stand_in(clock) as ours, stand_in(clock) as limits:
        return [row for job in jobs for row in _rows(job, _pairs(ours, limits, clock, job))]


def _pairs(ours: str, limits: str, clock: Clock, job: Job) -> list[Pair]:
    pairs = []
    for _ in range(_PAIRS):
        httpx.post(f"{limits}/bench", json={})
        peer = Ours(ours, clock, guess=ROUGHLY)
        with limit.ready(limits, job.commands) as process:
            limit.go(process)
            done = measured(ours, clock, job, peer)
            pairs.append(Pair(done, limit.seconds(process)))
    return pairs


def _rows(job: Job, pairs: Sequence[Pair]) -> Iterator[Row]:
    words = job.words
    requests = max(pair.ours.counts["requests"] for pair in pairs) / job.requests
    refused, results = sum(pair.ours.counts["refused"] for pair in pairs), min(pair.ours.results for pair in pairs)
    yield at_most(_BULK, f"{words}: requests", requests, 1.0 if job is LIST else _SPARE)
    ratio = statistics.median(pair.ours.seconds / pair.limit for pair in pairs)
    yield at_most(_BULK, f"{words}: time", ratio, _SPARE)
    yield at_most(_BULK, f"{words}: 503s", refused, 0, "")
    yield Row(_BULK, f"{words}: results", f"{results:,} of {job.results:,}", "all", results == job.results)


def measured(url: str, clock: Clock, job: Job, peer: Peer, orders: dict[str, Any] | None = None) -> Measure:
    """One job of one client on a portal whose bucket is empty."""
    httpx.post(f"{url}/bench", json=orders or {})
    began = time.monotonic()
    try:
        results = job.run(peer)
    except Exception as failure:  # a client that gives up has no results, which is what is measured
        sys.stderr.write(f"{peer.name} gave up on {job.words}: {type(failure).__name__}\n")
        results = 0
    seconds = (time.monotonic() - began) * clock.speedup
    return Measure(results, seconds, httpx.post(f"{url}/bench", json={}).json())


@contextmanager
def stand_in(clock: Clock) -> Iterator[str]:
    """The stand-in portal in a process of its own; yields its webhook's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "bench.stand_in:app", "--port", str(port), "--log-level", "error"]
    environment = {**os.environ, "BENCH_SPEEDUP": str(clock.speedup)}
    server = subprocess.Popen(command, env=environment)  # noqa: S603 - our own module
    url = f"http://127.0.0.1:{port}/rest/1/bench"
    try:
        httpx.Client(transport=httpx.HTTPTransport(retries=10)).post(f"{url}/bench", json={})
        yield url
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
