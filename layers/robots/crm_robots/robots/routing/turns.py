"""Round robin: whose turn it is in a department.

Everybody has a number of turns; the fewest is next, of equals the lowest id. A newcomer starts level with those who
are there; whoever was away is raised to them, so that nobody is flooded; whoever left is simply not asked again.
"""

from collections.abc import Sequence

import msgspec

_KEPT = 200
"""Turns that are remembered by their draw: far more than are ever under way at once."""


class Turns(msgspec.Struct, frozen=True):
    """One department."""

    taken: dict[int, int] = {}
    level: int = 0
    """Turns of whoever was last, before that turn. Everyone who kept taking part has at least as many."""
    recent: dict[str, int] = {}
    """Draw to person: a draw that is tried again takes no second turn."""


class Turn(msgspec.Struct, frozen=True):
    """One turn, and the numbers that decided it."""

    user: int
    numbers: dict[int, int]


def take(turns: Turns, draw: str, eligible: Sequence[int]) -> tuple[Turns, Turn]:
    """The turn of one of the eligible, who are at least one. `draw` names it: `lead:17:501`."""
    numbers = _numbers(turns, eligible)
    if turns.recent.get(draw) in numbers:
        return turns, Turn(turns.recent[draw], numbers)
    user = min(eligible, key=lambda one: (numbers[one], one))
    recent = dict(list({**turns.recent, draw: user}.items())[-_KEPT:])
    taken = turns.taken | numbers | {user: numbers[user] + 1}
    return Turns(taken, numbers[user], recent), Turn(user, numbers)


def _numbers(turns: Turns, eligible: Sequence[int]) -> dict[int, int]:
    kept_up = [turns.taken[one] for one in eligible if turns.taken.get(one, -1) >= turns.level]
    floor = min(kept_up, default=turns.level)
    return {one: max(turns.taken.get(one, floor), floor) for one in eligible}
