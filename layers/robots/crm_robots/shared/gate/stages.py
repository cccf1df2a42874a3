"""Q3: which stages lie before the gate, and where a lead is put back to."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from crm_robots.shared.items import Item


class Stage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stage of leads."""

    id: str
    name: str
    semantics: str = "P"
    """`P` in progress, `S` success, `F` failure."""


@dataclass(frozen=True, slots=True)
class Order:
    """Stages of leads in the portal's order of today."""

    stages: tuple[Stage, ...]
    gate: str
    published: tuple[Stage, ...] = ()
    """As they stood at the last publication: a stage that a lead came through may have been deleted since."""
    onward: tuple[str, str] = ("", "")
    """A stage that no lead stays at, since conversion moves it on at once (C1), and the stage it moves on to."""

    @property
    def _road(self) -> list[Stage]:
        """Failed stages do not count; the success stage is the last."""
        open_ones = [stage for stage in self.stages if stage.semantics == "P"]
        return open_ones + [stage for stage in self.stages if stage.semantics == "S"]

    @property
    def before(self) -> list[Stage]:
        """Stages that lie before the gate."""
        road = self._road
        ids = [stage.id for stage in road]
        return road[: ids.index(self.gate)] if self.gate in ids else []

    def is_before(self, stage_id: str) -> bool:
        """Whether a lead at that stage has yet to pass the gate."""
        return any(stage.id == stage_id for stage in self.before)

    def is_past(self, stage_id: str) -> bool:
        """Whether that stage is the gate or lies behind it."""
        return any(stage.id == stage_id for stage in self._road) and not self.is_before(stage_id)

    def was_before(self, stage_id: str) -> bool:
        """Whether it lies before the gate, or lay before it when the section was published."""
        return self.is_before(stage_id) or Order(self.published, self.gate).is_before(stage_id)

    def semantics(self, lead: Item) -> str:
        """`P`, `S` or `F`, by the lead itself or by its stage; empty when neither tells."""
        told = (stage.semantics for stage in self.stages if stage.id == lead.stage_id)
        return lead.stage_semantics or next(told, "")

    def is_won(self, lead: Item) -> bool:
        """Whether the lead is converted."""
        return self.semantics(lead) == "S"

    def holds(self, lead: Item) -> bool:
        """Whether the lead stands at the gate or past it. A converted lead is past it, a failed one never."""
        return self.is_won(lead) or self.is_past(lead.stage_id)

    def return_to(self, remembered: str) -> Stage | None:
        """Where a lead is put back to; None when nothing lies before the gate.

        A stage that was deleted, or moved behind the gate, is not used. Nor is one that the lead would leave at once:
        people would be told of a stage where they do not find it.
        """
        before = self.before
        left_at_once, goes_to = self.onward
        wanted = goes_to if remembered == left_at_once and self.is_before(goes_to) else remembered
        return next((stage for stage in before if stage.id == wanted), before[-1] if before else None)

    def name(self, stage_id: str) -> str:
        """How people know the stage."""
        return next((stage.name for stage in self.stages if stage.id == stage_id), stage_id)


def order_of(live: Sequence[Stage], published: Sequence[Stage], gate: str) -> Order:
    """The portal's stages; those of the last publication if the gate is not among them any more."""
    has_gate = any(stage.id == gate for stage in live)
    return Order(tuple(live if has_gate else published), gate, tuple(published))


def last_before_gate(history: Sequence[str], now_at: str, remembered: str, order: Order) -> str:
    """The stage where the lead last stood before the gate; empty when nobody knows.

    `history`: the portal's record of its stages, the newest first. It may lag behind the lead; then our own memory is
    used.
    """
    if remembered and (not history or history[0] != now_at):
        return remembered
    return next((stage for stage in history if order.was_before(stage)), remembered)
