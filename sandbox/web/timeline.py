"""The timeline of a card: open work, then what happened, newest first."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sandbox.portal.activities import CALL, INCOMING, TASK, TODO, UNTITLED
from sandbox.portal.core import Portal
from sandbox.portal.stage_history import CREATED
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME


class Entry(NamedTuple):
    """One line. `by` is a user, 0 if the portal keeps no name; `text` may hold BB code; `order` is within a second."""

    at: str
    kind: str
    by: int
    title: str = ""
    text: str = ""
    order: int = 0


class Due(NamedTuple):
    """Something to do. `form` is the field by which the done button names it: `activity` or `task`."""

    form: str
    id: int
    text: str
    more: str
    deadline: str
    responsible: int


def planned(portal: Portal, kind: str, item_id: int) -> list[Due]:
    """Open to-dos, other open activities and open tasks of an item, soonest first."""
    type_id = BY_NAME[kind].id
    found = [
        activity_due(row)
        for row in portal.activities.of(type_id, item_id)
        if row["COMPLETED"] == "N" and row["TYPE_ID"] != TASK
    ]
    found += [task_due(row) for row in portal.tasks.of(type_id, item_id) if not row["CLOSED_DATE"]]
    return sorted(found, key=lambda one: one.deadline)


def activity_due(row: Row) -> Due:
    """An open activity."""
    text, more = _title_and_more(row)
    return Due("activity", row["id"], text, more, row["DEADLINE"], row["RESPONSIBLE_ID"])


def _title_and_more(row: Row) -> tuple[str, str]:
    """A to-do that got no title of its own is told by its description."""
    subject, description = row["SUBJECT"], row["DESCRIPTION"]
    if not description or description == subject:
        return subject, ""
    return (description, "") if subject in ("", UNTITLED) else (subject, description)


def task_due(row: Row) -> Due:
    """An open task; without a deadline it comes last."""
    return Due("task", row["id"], row["TITLE"], row["DESCRIPTION"], row["DEADLINE"] or "9999", row["RESPONSIBLE_ID"])


def history(portal: Portal, kind: str, item_id: int, language: str) -> list[Entry]:
    """Everything that happened to an item, newest first."""
    teller = _Teller(portal, BY_NAME[kind].id, item_id, language)
    return sorted(teller.entries(), key=lambda entry: (entry.at, entry.order))[::-1]


def _order(row: Row) -> int:
    """Portals that were stored before rows had an order keep the order of kinds."""
    return int(row.get("order", 0))


class _Teller:
    """Collects the entries of one item."""

    def __init__(self, portal: Portal, type_id: int, item_id: int, language: str) -> None:
        self._portal = portal
        self._type_id = type_id
        self._item = (type_id, item_id)
        self._language = language

    def entries(self) -> Iterator[Entry]:
        """All of them, kind by kind."""
        for row in self._portal.items.history.of(*self._item):
            yield self._stage(row)
        for row in self._portal.activities.of(*self._item):
            if (entry := self._activity(row)) is not None:
                yield entry
        for row in self._portal.timeline.log_messages(*self._item):
            yield Entry(row["created"], "log", row["by"], row["title"], row["text"], _order(row))
        for row in self._portal.timeline.comments(*self._item):
            yield Entry(row["created"], "comment", row["by"], "", row["text"], _order(row))

    def _word(self, ru: str, en: str) -> str:
        return en if self._language == "en" else ru

    def _stage(self, row: Row) -> Entry:
        stages = self._portal.stages.of(self._type_id, row["CATEGORY_ID"] or 0)
        name = next((one["NAME"] for one in stages if one["STATUS_ID"] == row["STAGE"]), row["STAGE"])
        title = self._word("Создание", "Created") if row["TYPE_ID"] == CREATED else self._word("Стадия", "Stage")
        return Entry(row["CREATED_TIME"], "stage", 0, f"{title}: {name}", order=_order(row))

    def _activity(self, row: Row) -> Entry | None:
        if row["TYPE_ID"] == CALL:
            return Entry(row["END_TIME"], "call", row["RESPONSIBLE_ID"], self._call(row), order=_order(row))
        if row["COMPLETED"] == "N":
            return None
        text = "\n".join(part for part in _title_and_more(row) if part)
        return Entry(row["LAST_UPDATED"], "done", row["EDITOR_ID"], self._done(row), text, _order(row))

    def _done(self, row: Row) -> str:
        if row["TYPE_ID"] == TASK:
            return self._word("Задача завершена", "Task finished")
        if row["PROVIDER_ID"] == TODO:
            return self._word("Дело сделано", "To-do done")
        return self._word("Завершено", "Finished")

    def _call(self, row: Row) -> str:
        statistics: dict[str, Any] = next(iter(self._portal.activities.calls(row["id"])), {})
        incoming = row["DIRECTION"] == INCOMING
        who = self._word("Входящий звонок", "Incoming call") if incoming else self._word("Исходящий звонок", "Call")
        if statistics.get("CALL_FAILED_CODE", "200") != "200":
            return f"{who}: {self._word('без ответа', 'missed')}"
        seconds = int(statistics.get("CALL_DURATION") or 0)
        return f"{who}, {seconds // 60}:{seconds % 60:02d}" if seconds else who
