"""A clock that passes only by sleeping, and the measure of a burst."""

NOW = 1_767_000_000.0


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        assert seconds >= 0
        self.now += seconds


def most_at_once(moments):
    """How far the busiest window is above what 50 + 2 a second allow; not above zero is fine."""
    ordered = sorted(moments)
    return max(
        (last - first + 1 - 50 - 2 * (ordered[last] - ordered[first]))
        for first in range(len(ordered))
        for last in range(first, len(ordered))
    )
