"""W3, P3: what `make fuzz` begins with, and what it found, tried again without it."""

import pytest

from tests.fuzz.seeds import CORPUS, seeds
from tests.fuzz.targets import TARGETS

TRIED = [(target, seed) for target in TARGETS for seed in seeds(target)]


@pytest.mark.parametrize(("target", "seed"), TRIED, ids=lambda value: str(value)[:40])
def test_w3_p3_what_comes_from_outside_is_taken_or_refused(target, seed):
    """W3, P3: and so is every beginning of it, cut off somewhere."""
    for end in {len(seed), len(seed) // 2, len(seed) - 1}:
        TARGETS[target](seed[:end])


def test_every_target_has_a_corpus():
    assert {folder.name for folder in CORPUS.iterdir()} == TARGETS.keys()
