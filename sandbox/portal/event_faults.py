"""Faults of deliveries: lost, doubled, late, out of order. Random numbers are seeded, so a run can be repeated."""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from random import Random


@dataclass
class EventFaults:
    """Shares (0 to 1) of deliveries; `delay` and `reorder` are seconds of the portal's clock.

    `drop_next` and `duplicate_next` hit exactly the next deliveries and count down. `only` narrows everything to events
    by a pattern; automation rules have the empty name.
    """

    drop: float = 0.0
    duplicate: float = 0.0
    delay: float = 0.0
    reorder: float = 0.0
    drop_next: int = 0
    duplicate_next: int = 0
    only: str = "*"
    seed: int = 1
    _random: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - a repeatable play of faults, not a secret

    def delays(self, event: str) -> list[float]:
        """One delay per copy that is to be sent; none: the delivery is lost."""
        if not fnmatch(event, self.only):
            return [0.0]
        if self._take("drop_next") or self._random.random() < self.drop:
            return []
        twice = self._take("duplicate_next") or self._random.random() < self.duplicate
        return [self.delay + self._random.random() * self.reorder for _ in range(2 if twice else 1)]

    def _take(self, counter: str) -> bool:
        left: int = getattr(self, counter)
        setattr(self, counter, max(left - 1, 0))
        return left > 0
