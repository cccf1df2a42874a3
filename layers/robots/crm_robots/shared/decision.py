"""What a robot decided: steps of actions, and what to remember once they are done."""

from datetime import date
from typing import Any

import msgspec

from crm_robots.shared.actions import Action


class Step(msgspec.Struct, frozen=True):
    """Actions that go to the portal in one batch, in order.

    With `otherwise` the batch stops at the first action that the portal refuses. Then `otherwise` is done instead of
    the rest of the decision, and `memory_otherwise` is remembered. A step that `goes_on` is replaced by `otherwise`
    only: later steps are still done, and `memory_otherwise`, if any, replaces the decision's memory. A step
    may have a `memory_otherwise` without `otherwise`.

    The same refusal is not announced twice in a row: `otherwise` is left out if it equals what was done the last time.
    """

    actions: tuple[Action, ...]
    otherwise: tuple[Action, ...] = ()
    memory_otherwise: Any = None
    goes_on: bool = False

    @property
    def has_other_way(self) -> bool:
        """Whether a refusal has an alternative; otherwise the refused action is left out."""
        return bool(self.otherwise) or self.memory_otherwise is not None


class Decision(msgspec.Struct, frozen=True):
    """`memory` is the robot's own structure; references to made things in it become their ids.

    `look_again`: the day on which the schedule brings the item back to the robot, if no event does so before; None: not
    at all. Each decision says it anew, and it counts whichever way the steps end.
    """

    memory: Any
    steps: tuple[Step, ...] = ()
    look_again: date | None = None

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions without refusals, in order."""
        return tuple(action for step in self.steps for action in step.actions)


def step(*actions: Action, otherwise: tuple[Action, ...] = (), memory_otherwise: Any = None) -> tuple[Step, ...]:
    """One step, or none when there is nothing to do."""
    return (Step(actions, otherwise, memory_otherwise),) if actions else ()
