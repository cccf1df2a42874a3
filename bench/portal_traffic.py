"""Bulk reads and writes against what the portal's limits allow at best, and against two other clients."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from bench.peers import PHONES, FastBitrix24, Ours, Peer, Sdk
from bench.row import Row, at_most, emit
from bench.stand_in import CARDS, SECONDS_PER_COMMAND, Clock

_BULK = "Bulk work against the portal's limit"
_PEERS = "The same with other clients"
_PER_LIST, _PER_BATCH = 50, 50
_SPARE = 1.05


@dataclass(frozen=True, slots=True)
class Job:
    """What is done, and how many commands of the portal it takes at least."""

    words: str
    run: Callable[[Any], int]
    results: int
    commands: int

    @property
    def requests(self) -> int:
        """Fewest requests."""
        return -(-self.commands // _PER_BATCH)

    @property
    def seconds(self) -> float:
        """Fewest seconds on the portal's clock: when the last request may leave, and how long one takes."""
        return max(0, self.requests - 50) / 2 + min(self.commands, _PER_BATCH) * SECONDS_PER_COMMAND


LIST = Job("12,000 companies listed", lambda peer: peer.list_cards(), CARDS, CARDS // _PER_LIST)
UPDATE_2000 = Job("2,000 cards updated", lambda peer: peer.update_cards(2_000), 2_000, 2_000)
UPDATE_5000 = Job("5,000 cards updated", lambda peer: peer.update_cards(5_000), 5_000, 5_000)
DUPLICATES = Job("500 phones looked up", lambda peer: peer.find_duplicates(), len(PHONES), len(PHONES))


@dataclass(frozen=True, slots=True)
class Measure:
    """What came of a job; `results` is 0 where the client gave up."""

    results: int
    seconds: float
    counts: dict[str, int]


def main() -> None:
    """Prints the rows. The limit is met in real time; the others need minutes, so they get a faster portal."""
    real, fast = Clock(1), Clock(5)
    with stand_in(real) as url:
        for job, expect in ((LIST, 0), (LIST, CARDS), (UPDATE_2000, 0), (UPDATE_5000, 0), (DUPLICATES, 0)):
            emit(*_against_the_limit(url, real, job, expect))
    with stand_in(fast) as url:
        for job in (LIST, UPDATE_2000, DUPLICATES):
            emit(*_against_peers(url, fast, job))


def _against_the_limit(url: str, clock: Clock, job: Job, expect: int) -> Iterator[Row]:
    words = job.words + (", their number roughly known" if expect else "")
    tries = list(_tried(url, clock, job, expect))
    done = min(tries, key=lambda measure: measure.seconds)
    refused, results = sum(one.counts["refused"] for one in tries), min(one.results for one in tries)
    requests = done.counts["requests"] / job.requests
    if job is LIST and not expect:
        yield Row(_BULK, f"{words}: requests, one of which asks how many there are", f"{requests:.2f} ×")
    else:
        yield at_most(_BULK, f"{words}: requests", requests, _SPARE)
    yield at_most(_BULK, f"{words}: time", done.seconds / job.seconds, _SPARE)
    yield at_most(_BULK, f"{words}: 503s", refused, 0, "")
    yield Row(_BULK, f"{words}: results", f"{results:,} of {job.results:,}", "all", results == job.results)


def _tried(url: str, clock: Clock, job: Job, expect: int) -> Iterator[Measure]:
    """Once more where it took too long: a busy machine only ever adds to the time."""
    for _ in range(2):
        done = measured(url, clock, job, Ours(url, clock, expect=expect))
        yield done
        if done.seconds <= _SPARE * job.seconds:
            return


def _against_peers(url: str, clock: Clock, job: Job) -> Iterator[Row]:
    for make in (Ours, FastBitrix24, Sdk):
        done = measured(url, clock, job, make(url, clock))
        told = (
            f"{done.counts['requests'] / job.requests:.2f} × requests, {done.seconds / job.seconds:.2f} × time, "
            f"{done.counts['refused']} 503s, {done.results:,} of {job.results:,} results"
        )
        yield Row(_PEERS, f"{job.words}: {make.name}", told)


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
