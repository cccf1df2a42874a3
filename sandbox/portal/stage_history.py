"""When items moved from stage to stage: the rows of `crm.stagehistory.list`."""

from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.types import LEAD

CREATED, INTERMEDIATE, FINAL, CATEGORY_CHANGE = 1, 2, 3, 5


class StageHistory:
    """One row per move; nobody's name in it."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.stage_history
        self._tables = tables

    def record(self, type_id: int, item: Row, *, kind: int | None = None) -> None:
        """Notes where the item stands now; `kind` None: intermediate or final, by the stage's semantics."""
        semantics = item["stageSemanticId"]
        move = kind or (INTERMEDIATE if semantics == "P" else FINAL)
        self._table.add(
            {
                "ownerTypeId": type_id,
                "ownerId": item["id"],
                "TYPE_ID": move,
                "CREATED_TIME": item["movedTime"],
                "CATEGORY_ID": item.get("categoryId", 0),
                "SEMANTICS": semantics,
                "STAGE": item["stageId"],
                "order": self._tables.order(),
            }
        )

    def of(self, type_id: int, item_id: int) -> list[Row]:
        """Moves of one item, oldest first."""
        return self._table.by("owner", (type_id, item_id))

    @staticmethod
    def public(row: Row) -> Row:
        """A row as REST gives it: leads have STATUS_ID, the others STAGE_ID."""
        prefix = "STATUS" if row["ownerTypeId"] == LEAD.id else "STAGE"
        shown = {"ID": row["id"], "TYPE_ID": row["TYPE_ID"], "OWNER_ID": row["ownerId"]}
        shown["CREATED_TIME"] = row["CREATED_TIME"]
        if prefix == "STAGE":
            shown["CATEGORY_ID"] = row["CATEGORY_ID"]
        return {**shown, f"{prefix}_SEMANTIC_ID": row["SEMANTICS"], f"{prefix}_ID": row["STAGE"]}
