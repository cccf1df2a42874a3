"""What the portal's answers told of cards besides what was asked for: their names, and who saved them last.

The journal's words come from here, so they cost no request.
"""

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any, NamedTuple

from crm_robots.portal.commands import Command, Reply
from crm_robots.shared.items import KINDS, Item, ItemRef, to_id

_MOST = 20_000
_BY = ("updatedBy", "MODIFY_BY_ID")


class Glimpse(NamedTuple):
    """One card. `by`: whoever saved it last."""

    title: str = ""
    by: int | None = None


class Seen:
    """The newest that is known of each card, up to a number of them."""

    def __init__(self) -> None:
        self._cards: dict[str, Glimpse] = {}
        self._lock = Lock()

    def of(self, item: str) -> Glimpse:
        """What is known of `company:42`."""
        return self._cards.get(item, Glimpse())

    def note(self, commands: Mapping[str, Command], replies: Mapping[str, Reply]) -> None:
        """Takes what the answers tell."""
        told = [
            one
            for name, command in commands.items()
            if not (replies[name].error or replies[name].result is None)
            for one in _told(command, replies[name].result)
        ]
        with self._lock:
            for item, glimpse in told:
                before = self._cards.pop(item, Glimpse())
                self._cards[item] = Glimpse(glimpse.title or before.title, glimpse.by or before.by)
            while len(self._cards) > _MOST:
                del self._cards[next(iter(self._cards))]


def _told(command: Command, result: Any) -> Iterator[tuple[str, Glimpse]]:
    method = command.method.split(".")
    if method[0] != "crm" or method[-1] not in ("get", "list", "update") or len(method) != len(("crm", "item", "get")):
        return
    kind = KINDS.get(to_id(command.params.get("entityTypeId")) or 0, "") if method[1] == "item" else method[1]
    if kind not in (*KINDS.values(), "activity"):
        return
    for row in _rows(result):
        number = to_id(row.get("id", row.get("ID")))
        if number:
            by = None if method[-1] == "update" else _author(kind, row)
            yield f"{kind}:{number}", Glimpse(_title(kind, row), by)


def _rows(result: Any) -> Iterator[Mapping[str, Any]]:
    found = result
    if isinstance(result, Mapping):
        found = result.get("items", result.get("item", result))
    several = found.values() if isinstance(found, Mapping) and not {"id", "ID"} & found.keys() else found
    rows = [several] if isinstance(several, Mapping) else several
    yield from (row for row in rows if isinstance(row, Mapping)) if not isinstance(rows, str | bool | int) else ()


def _title(kind: str, row: Mapping[str, Any]) -> str:
    if kind == "activity":
        return str(row.get("SUBJECT") or "")
    fields = {
        "TITLE": row.get("title", row.get("TITLE")),
        "NAME": row.get("name", row.get("NAME")),
        "LAST_NAME": row.get("lastName", row.get("LAST_NAME")),
    }
    return Item(ItemRef(kind, 0), fields).title if any(fields.values()) else ""


def _author(kind: str, row: Mapping[str, Any]) -> int | None:
    names = ("RESPONSIBLE_ID", "AUTHOR_ID") if kind == "activity" else _BY
    return next((found for name in names if (found := to_id(row.get(name)))), None)
