"""Shortens a failing story: whatever can be left out while it still fails is left out."""

from collections.abc import Sequence

from tests.simulation.run import Outcome, live
from tests.simulation.story import Act

_MOST_TRIES = 400


def shortened(seed: int, acts: Sequence[Act]) -> tuple[tuple[Act, ...], Outcome]:
    """The shortest story found, and how it ends: first whole stretches go, then single acts."""
    kept, outcome = tuple(acts), live(seed, acts)
    tries, size = 0, max(1, len(kept) // 2)
    while size and tries < _MOST_TRIES:
        place, before = 0, len(kept)
        while place < len(kept) and tries < _MOST_TRIES:
            shorter = kept[:place] + kept[place + size :]
            tries += 1
            found = live(seed, shorter)
            if found.broken and _kind(found) == _kind(outcome):
                kept, outcome = shorter, found
            else:
                place += size
        if size > 1:
            size //= 2
        elif len(kept) == before:
            break
    return kept, outcome


def _kind(outcome: Outcome) -> str:
    """Which promise was broken first."""
    return outcome.broken[0].partition(":")[0]


def told(seed: int, acts: Sequence[Act], outcome: Outcome) -> str:
    """The story in words, and what it broke."""
    lines = [f"Seed {seed} breaks:", *(f"  {one}" for one in outcome.broken), "The story, shortened:"]
    return "\n".join([*lines, *(f"  {act}" for act in acts), f"Replay: make soak SEED={seed}"])
