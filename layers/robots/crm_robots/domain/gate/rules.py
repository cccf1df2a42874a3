"""The gate once it is published: the portal's stages in order, and what happens to a lead with gaps."""

import msgspec

from crm_robots.domain.items import Item


class Stage(msgspec.Struct, frozen=True):
    """A stage of leads, and the name people know it by."""

    id: str
    name: str


class Gate(msgspec.Struct, frozen=True):
    """`stages` are all stages of leads that are no failure, in the portal's order."""

    stage_id: str
    stages: tuple[Stage, ...]
    returns: bool = True
    """Whether a lead with gaps is put back; else it only gets the reminder."""
    todo_hours: int | None = 24
    """Deadline of the to-do, hours after the event; None: no to-do."""

    @property
    def stage(self) -> str:
        """The gate's stage by name."""
        return self.name_of(self.stage_id)

    def name_of(self, stage_id: str) -> str:
        """A stage as people know it."""
        return next((stage.name for stage in self.stages if stage.id == stage_id), stage_id)

    def holds(self, lead: Item) -> bool:
        """Whether the lead stands at the gate or past it. A converted lead is past it, a failed one never."""
        return lead.stage_semantics == "S" or lead.stage_id in self._ids[self._place :]

    def is_free(self, stage_id: str) -> bool:
        """Whether a lead with gaps may stand at this stage."""
        return stage_id in self._ids[: self._place]

    def stage_before(self) -> str | None:
        """The stage just before the gate; None when the gate is the first of all."""
        return self._ids[self._place - 1] if self._place else None

    @property
    def _ids(self) -> list[str]:
        return [stage.id for stage in self.stages]

    @property
    def _place(self) -> int:
        return self._ids.index(self.stage_id)


class GateMemory(msgspec.Struct, frozen=True):
    """What was announced, and where the lead stood before it came to the gate."""

    free_stage: str = ""
    announced: tuple[str, ...] = ()
    """Keys of the gaps that people were told about and that are still there."""
    todo_id: int | str | None = None
    is_told: bool = False
    """People were told of gaps, and not yet that none is left. Stays where a told gap gave way to another, say a
    wrong number to another wrong one.
    """
