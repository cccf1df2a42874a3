"""The gate once it is published: the portal's stages in order, and what happens to a lead with gaps."""

from collections.abc import Sequence

import msgspec

from crm_robots.shared.gate.stages import Order, Stage, order_of


class Reminders(msgspec.Struct, frozen=True):
    """What the `qualification` section says of to-dos, for both robots (Q4, C4)."""

    todo_hours: int | None = 24
    confirm_hours: int = 24
    """How long a question waits for its answer."""


class Gate(msgspec.Struct, frozen=True):
    """`stages` are as they stood when the section was published; the robots take the portal's own of today."""

    stage_id: str
    stages: tuple[Stage, ...]
    returns: bool = True
    """Whether a lead with gaps is put back; else it only gets the reminder."""
    todo_hours: int | None = 24
    """Deadline of the to-do, hours after the event; None: no to-do."""

    def order(self, live: Sequence[Stage] = ()) -> Order:
        """The stages in the portal's order of today, as far as the portal was asked."""
        return order_of(live, self.stages, self.stage_id)
