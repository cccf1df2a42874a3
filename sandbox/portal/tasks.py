"""Tasks: another part of Bitrix24, tied to the CRM by `UF_CRM_TASK` (`L_17`, `C_5`)."""

from typing import Any

from sandbox.portal.activities import Activities
from sandbox.portal.clock import Clock, iso
from sandbox.portal.events import Outbox
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.types import BY_LETTER

WAITING, IN_PROGRESS, AWAITING_CONTROL, DONE, DEFERRED = 2, 3, 4, 5, 6
UNDEFINED = "undefined"


class Tasks:
    """Rows use the classic spelling with typed values."""

    def __init__(self, clock: Clock, tables: Tables, outbox: Outbox, activities: Activities) -> None:
        self._activities = activities
        self._clock = clock
        self._tables = tables
        self._outbox = outbox

    def get(self, task_id: int) -> Row | None:
        """A task, or None."""
        return self._tables.tasks.get(task_id)

    def of(self, type_id: int, item_id: int) -> list[Row]:
        """Tasks tied to an item."""
        letter = next(letter for letter, item_type in BY_LETTER.items() if item_type.id == type_id)
        return self._tables.tasks.by("UF_CRM_TASK", f"{letter}_{item_id}".casefold())

    def add(self, by: int, **fields: Any) -> Row:
        """Makes a task on behalf of a user."""
        now = iso(self._clock.now())
        row = {
            "TITLE": "",
            "DESCRIPTION": "",
            "DEADLINE": None,
            "PRIORITY": 1,
            "STATUS": WAITING,
            "CREATED_BY": by,
            "RESPONSIBLE_ID": by,
            "GROUP_ID": 0,
            "PARENT_ID": None,
            "ACCOMPLICES": [],
            "AUDITORS": [],
            "TAGS": [],
            "UF_CRM_TASK": [],
            "CREATED_DATE": now,
            "CHANGED_DATE": now,
            "CHANGED_BY": by,
            "CLOSED_DATE": None,
            "CLOSED_BY": None,
            **fields,
        }
        stored = self._tables.tasks.add(row)
        self._emit("ADD", UNDEFINED, stored["id"])
        self._activities.follow_task(stored, self.bindings(stored), by)
        return stored

    def change(self, row: Row, by: int, **fields: Any) -> Row:
        """Changes a task."""
        new = {**row, **fields, "CHANGED_BY": by, "CHANGED_DATE": iso(self._clock.now())}
        self._tables.tasks.put(new)
        self._emit("UPDATE", row["id"], row["id"])
        self._activities.follow_task(new, self.bindings(new), by)
        return new

    def complete(self, row: Row, by: int) -> Row:
        """Finishes a task."""
        return self.change(row, by, STATUS=DONE, CLOSED_DATE=iso(self._clock.now()), CLOSED_BY=by)

    def remove(self, row: Row) -> None:
        """Deletes a task."""
        self._tables.tasks.remove(row["id"])
        self._emit("DELETE", row["id"], UNDEFINED)

    def bindings(self, row: Row) -> list[tuple[int, int]]:
        """Items that the task is tied to, of those that exist."""
        pairs = (str(one).split("_") for one in row["UF_CRM_TASK"])
        known = [(BY_LETTER[pair[0]].id, int(pair[1])) for pair in pairs if pair[0] in BY_LETTER]
        return [pair for pair in known if self._tables.items[pair[0]].get(pair[1])]

    def _emit(self, what: str, before: int | str, after: int | str) -> None:
        sides: dict[str, Any] = {
            "FIELDS_BEFORE": UNDEFINED if before == UNDEFINED else {"ID": before},
            "FIELDS_AFTER": UNDEFINED if after == UNDEFINED else {"ID": after},
            "IS_ACCESSIBLE_BEFORE": UNDEFINED if before == UNDEFINED else "Y",
            "IS_ACCESSIBLE_AFTER": UNDEFINED if after == UNDEFINED else "N" if what == "DELETE" else "Y",
        }
        self._outbox.emit(f"ONTASK{what}", sides)
