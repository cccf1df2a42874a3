"""What people read on a card: comments and log messages."""

from typing import Any

from sandbox.portal.clock import Clock, iso
from sandbox.portal.errors import Refusal
from sandbox.portal.events import Outbox
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables


class Timeline:
    """Comments may hang on several items at once (`bindings`); log messages hang on one."""

    def __init__(self, clock: Clock, tables: Tables, outbox: Outbox) -> None:
        self._clock = clock
        self._tables = tables
        self._outbox = outbox

    def comment(self, type_id: int, item_id: int, text: str, by: int, files: dict[str, Any] | None = None) -> Row:
        """Adds a comment to an item."""
        if not text.strip():
            raise Refusal("INVALID_ARG_VALUE", "Empty comment message")
        row = self._tables.comments.add(
            {
                "ownerTypeId": type_id,
                "ownerId": item_id,
                "bindings": [[type_id, item_id]],
                "created": iso(self._clock.now()),
                "text": text,
                "by": by,
                "order": self._tables.order(),
                "files": files or {},
            }
        )
        self._emit("ADD", row["id"])
        return row

    def edit_comment(self, row: Row, text: str | None, files: dict[str, Any] | None = None) -> None:
        """Changes a comment's text or files."""
        new = {
            **row,
            "text": row["text"] if text is None else text,
            "files": row["files"] if files is None else files,
        }
        self._tables.comments.put(new)
        self._emit("UPDATE", row["id"])

    def remove_comment(self, row: Row) -> None:
        """Deletes a comment."""
        self._tables.comments.remove(row["id"])
        self._emit("DELETE", row["id"])

    def get_comment(self, comment_id: int) -> Row | None:
        """A comment, or None."""
        return self._tables.comments.get(comment_id)

    def comments(self, type_id: int, item_id: int) -> list[Row]:
        """Comments on an item, oldest first."""
        return self._tables.comments.by("bindings", (type_id, item_id))

    def bind(self, row: Row, type_id: int, item_id: int) -> None:
        """Shows a comment on one more item."""
        pair = [type_id, item_id]
        if pair not in row["bindings"]:
            self._tables.comments.put({**row, "bindings": [*row["bindings"], pair]})

    def unbind(self, row: Row, type_id: int, item_id: int) -> None:
        """Takes a comment off an item."""
        kept = [pair for pair in row["bindings"] if pair != [type_id, item_id]]
        self._tables.comments.put({**row, "bindings": kept})

    def log(self, type_id: int, item_id: int, title: str, text: str, icon: str, by: int) -> Row:
        """Adds a log message, which nobody can change afterwards."""
        return self._tables.log_messages.add(
            {
                "ownerTypeId": type_id,
                "ownerId": item_id,
                "created": iso(self._clock.now()),
                "title": title,
                "text": text,
                "icon": icon,
                "by": by,
                "order": self._tables.order(),
            }
        )

    def log_messages(self, type_id: int, item_id: int) -> list[Row]:
        """Log messages on an item, oldest first."""
        return self._tables.log_messages.by("owner", (type_id, item_id))

    def _emit(self, what: str, comment_id: int) -> None:
        # Unlike everything else in the CRM, comments come as data[ID].
        self._outbox.emit(f"ONCRMTIMELINECOMMENT{what}", {"ID": comment_id})
