"""Q3: whether qualification keeps the lead from its stage as well; then it speaks for both robots."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_robots.robots.qualification.gaps import gaps
from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.robots.qualification.values import values_of
from crm_robots.shared.gate.stages import Stage
from crm_robots.shared.items import Item


@dataclass(frozen=True, slots=True)
class Spoken:
    """What qualification says of what we lack."""

    is_silent: bool = False
    """It speaks for us with this very event."""
    moves: bool = False
    """And puts the lead back."""
    told: frozenset[str] = frozenset()
    """Gaps of ours that it has told people of."""


def is_spoken_for(lead: Item, theirs: QualificationRules | None, live: Sequence[Stage]) -> bool:
    """Whether qualification holds the lead, puts it back, and tells what is missing for both."""
    if theirs is None or not theirs.held_at.order(live).holds(lead):
        return False
    return bool(gaps(values_of(lead, theirs), theirs))
