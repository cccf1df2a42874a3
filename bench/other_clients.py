"""The same bulk work with two other clients. They would need minutes, so their portal has a faster clock."""

from collections.abc import Iterator

from bench.peers import FastBitrix24, Ours, Sdk
from bench.portal_traffic import DUPLICATES, LIST, UPDATE_2000, Job, measured, stand_in
from bench.row import Row, emit
from bench.stand_in import Clock

_PEERS = "The same with other clients, against the limit on paper"


def main() -> None:
    """A row per job and client."""
    fast = Clock(5)
    with stand_in(fast) as url:
        for job in (LIST, UPDATE_2000, DUPLICATES):
            emit(*_compared(url, fast, job))


def _compared(url: str, clock: Clock, job: Job) -> Iterator[Row]:
    for make in (Ours, FastBitrix24, Sdk):
        done = measured(url, clock, job, make(url, clock))
        told = (
            f"{done.counts['requests'] / job.requests:.2f} × requests, {done.seconds / job.seconds:.2f} × time, "
            f"{done.counts['refused']} 503s, {done.results:,} of {job.results:,} results"
        )
        yield Row(_PEERS, f"{job.words}: {make.name}", told)


if __name__ == "__main__":
    main()
