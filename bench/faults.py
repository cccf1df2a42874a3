"""2,000 updates in the middle of which the portal fails: what is applied, and what the caller knows of it."""

from collections.abc import Iterator

from bench.peers import FastBitrix24, Ours, Sdk
from bench.portal_traffic import UPDATE_2000, measured, stand_in
from bench.row import Row, emit
from bench.stand_in import Clock

_FAULTS = "2,000 updates with a fault in the middle"
_FAULT = {"fail_at": 20, "fail_after": 17}


def main() -> None:
    """Both faults, with our client and with two others."""
    fast = Clock(5)
    with stand_in(fast) as url:
        for fault in ("500", "429"):
            emit(*_with_a_fault(url, fast, fault))


def _with_a_fault(url: str, clock: Clock, fault: str) -> Iterator[Row]:
    for make in (Ours, FastBitrix24, Sdk):
        done = measured(url, clock, UPDATE_2000, make(url, clock), _FAULT | {"fail_as": fault})
        applied, twice = done.counts["applied"], done.counts["twice"]
        told = f"{applied / 2_000:.3f} applied, {twice} twice, {done.results:,} known to the caller"
        fine = (applied, twice, done.results) == (2_000, 0, 2_000)
        goal = ("1.000, 0, all", fine) if make is Ours else ("", None)
        yield Row(_FAULTS, f"{fault}: {make.name}", told, *goal)


if __name__ == "__main__":
    main()
