"""`make soak SEEDS=n`: as many lives as asked, on all processors; a failing one is told, shortened. `SEED=17`: one."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.simulation.run import live
from tests.simulation.shrinking import shortened, told
from tests.simulation.story import story


def failure(seed: int) -> str:
    """The story of a seed that breaks something; empty when it does not."""
    acts = story(seed)
    if not live(seed, acts).broken:
        return ""
    shortest, outcome = shortened(seed, acts)
    return told(seed, shortest, outcome)


def soak(seeds: range) -> Iterator[str]:
    """Lives them side by side."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress, ProcessPoolExecutor() as pool:
        bar = progress.add_task("lives", total=len(seeds))
        for done in as_completed(pool.submit(failure, seed) for seed in seeds):
            progress.advance(bar)
            if done.result():
                progress.print(done.result(), markup=False, highlight=False, soft_wrap=True)
                yield done.result()


def main() -> int:
    """0 when every promise was kept in every life."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "eu-central-1"}
    first = int(os.environ.get("SEED") or os.environ.get("FIRST") or 0)
    seeds = range(first, first + 1 if os.environ.get("SEED") else first + int(os.environ.get("SEEDS") or 1000))
    failed = list(soak(seeds))
    print(f"{len(seeds)} lives, {len(failed)} of them broke a promise")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
