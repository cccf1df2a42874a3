"""What an item starts with, and what follows from the stage it stands at."""

from datetime import timedelta

from sandbox.portal.clock import Clock, iso
from sandbox.portal.stages import Stages
from sandbox.portal.store import Row
from sandbox.portal.types import COMPANY, DEAL, LEAD, ItemType

_CLOSES_IN = timedelta(days=7)


class Placing:
    """Bitrix24's defaults for absent values, and the fields that it derives."""

    def __init__(self, clock: Clock, stages: Stages) -> None:
        self._clock = clock
        self._stages = stages

    def stamp(self) -> str:
        """Now, as fields store it."""
        return iso(self._clock.now())

    def defaults(self, item_type: ItemType, values: Row, by: int) -> Row:
        """Values of a new item of this user."""
        now = self.stamp()
        row: Row = {"createdTime": now, "updatedTime": now, "lastActivityTime": now, "assignedById": by}
        row |= {"createdBy": by, "updatedBy": by, "lastActivityBy": by}
        if item_type == COMPANY:
            row["typeId"] = self._stages.first("COMPANY_TYPE")
            return row
        row["sourceId"] = self._stages.first("SOURCE")
        if item_type != LEAD:
            row["typeId"] = self._stages.first(f"{item_type.code}_TYPE")
        if item_type.staged:
            first = self._first_stage(item_type, values.get("categoryId") or 0)
            row |= {"movedBy": by, "movedTime": now, "stageId": first}
        if item_type == DEAL:
            today = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
            row |= {"begindate": iso(today), "closedate": iso(today + _CLOSES_IN)}
        return row

    def place(self, item_type: ItemType, row: Row) -> None:
        """What follows from the stage: its group, `closed`, the moment of closing."""
        semantics = self._stages.semantics(item_type.id, row["stageId"], row.get("categoryId") or 0)
        row["stageSemanticId"] = semantics
        if item_type == DEAL:
            row["closed"] = "N" if semantics == "P" else "Y"
            row["isNew"] = "Y" if row["stageId"].split(":")[-1] == "NEW" else "N"
        if item_type == LEAD:
            row["dateClosed"] = None if semantics == "P" else row.get("dateClosed") or self.stamp()

    def move(self, item_type: ItemType, old: Row, row: Row, by: int) -> None:
        """Settles a change of stage or funnel; a new funnel without a stage means its first one."""
        category = row.get("categoryId") or 0
        if category != (old.get("categoryId") or 0) and row["stageId"] == old["stageId"]:
            row["stageId"] = self._first_stage(item_type, category)
        if row["stageId"] != old["stageId"]:
            self.place(item_type, row)
            row["movedBy"], row["movedTime"] = by, self.stamp()

    def stands_in(self, item_type: ItemType, category: int, stage_id: str) -> bool:
        """Whether the stage belongs to the funnel."""
        return self._stages.has(self._stages.dictionary_of(item_type.id, category), stage_id)

    def _first_stage(self, item_type: ItemType, category: int) -> str | None:
        return self._stages.first(self._stages.dictionary_of(item_type.id, category))
