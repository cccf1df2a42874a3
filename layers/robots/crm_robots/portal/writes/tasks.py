"""Tasks.

https://apidocs.bitrix24.com/api-reference/tasks/
"""

from collections.abc import Iterable, Mapping
from typing import Any

from crm_robots.portal.commands import Command
from crm_robots.portal.writes.write import Found, Write
from crm_robots.shared.actions import AddTask, CompleteTask, UpdateTask
from crm_robots.shared.items import ItemRef, to_id
from crm_robots.shared.tasks import ControlTask

_DONE = 5


def _add(action: AddTask) -> Command:
    fields: dict[str, Any] = {
        "TITLE": action.title,
        "DESCRIPTION": action.description,
        "RESPONSIBLE_ID": action.responsible_id,
        "DEADLINE": action.deadline.isoformat(),
        "UF_CRM_TASK": _spelled(action.bindings),
    }
    if action.auditors:
        fields["AUDITORS"] = list(action.auditors)
    return Command("tasks.task.add", {"fields": fields})


def _spelled(bindings: Iterable[ItemRef | str]) -> list[str]:
    return [one if isinstance(one, str) else one.binding for one in bindings]


def tasks_of(binding: str) -> Command:
    """The tasks that are linked to an item, newest first."""
    return Command(
        "tasks.task.list",
        {
            "filter": {"UF_CRM_TASK": binding},
            "select": ["ID", "TITLE", "STATUS", "RESPONSIBLE_ID", "UF_CRM_TASK"],
            "order": {"ID": "DESC"},
        },
    )


def read_task(number: int) -> Command:
    """One task, with its links."""
    return Command("tasks.task.get", {"taskId": number, "select": ["ID", "STATUS", "REAL_STATUS", "UF_CRM_TASK"]})


def links_of_task(result: Any) -> ControlTask | None:
    """Reads the answer to `read_task`; None for a task that is gone."""
    row = result.get("task") if isinstance(result, Mapping) else None
    if not row:
        return None
    links = row.get("ufCrmTask", row.get("UF_CRM_TASK")) or []
    links = list(links.values()) if isinstance(links, Mapping) else [links] if isinstance(links, str) else links
    status = to_id(row.get("realStatus", row.get("status", row.get("STATUS"))))
    return ControlTask(tuple(str(link) for link in links), is_open=status != _DONE)


def task_rows(result: Any) -> list[Mapping[str, Any]]:
    """The rows of `tasks.task.list`: camel-case keys, texts as values."""
    rows = result.get("tasks", []) if isinstance(result, Mapping) else result or []
    return list(rows.values()) if isinstance(rows, Mapping) else list(rows)


def _found(action: AddTask, result: Any, above: int) -> Found:
    for row in task_rows(result):
        number = to_id(row.get("id", row.get("ID"))) or 0
        title = str(row.get("title", row.get("TITLE", "")))
        if number > above and title.strip() == action.title.strip():
            return Found(done=True, id=number)
    return Found(done=False)


ADD = Write(
    _add,
    made_id=lambda result: to_id(result["task"]["id"]),
    look=lambda action: tasks_of(_spelled(action.bindings)[0]),
    found=_found,
    trace=lambda action: f"task:{_spelled(action.bindings)[0]}",
)


def _update(action: UpdateTask) -> Command:
    fields = dict(action.fields)
    if action.bindings:
        fields["UF_CRM_TASK"] = _spelled(action.bindings)
    if action.description is not None:
        fields["DESCRIPTION"] = action.description
    return Command("tasks.task.update", {"taskId": action.task_id, "fields": fields})


# The same fields set again change nothing, so a retry needs no look.
UPDATE = Write(_update)


def _complete(action: CompleteTask) -> Command:
    return Command("tasks.task.complete", {"taskId": action.task_id})


# The portal refuses to close what is closed, and the action is optional: a retry needs no look.
COMPLETE = Write(_complete)
