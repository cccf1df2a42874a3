"""To-dos, and activities that are closed or handed over.

https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/
"""

from typing import Any

from crm_robots.portal.commands import Command
from crm_robots.portal.writes.write import Found, Write
from crm_robots.shared.actions import AddTodo, CompleteActivity, ReassignActivity
from crm_robots.shared.items import to_id


def _add(action: AddTodo) -> Command:
    return Command(
        "crm.activity.todo.add",
        {
            "ownerTypeId": action.item.entity_type_id,
            "ownerId": action.item.id,
            "deadline": action.deadline.isoformat(),
            "title": action.title,
            "description": action.description,
            "responsibleId": action.responsible_id,
        },
    )


def _list(action: AddTodo) -> Command:
    mine = {
        "PROVIDER_ID": "CRM_TODO",
        "OWNER_TYPE_ID": action.item.entity_type_id,
        "OWNER_ID": action.item.id,
    }
    select = ["ID", "SUBJECT", "DESCRIPTION", "COMPLETED"]
    return Command("crm.activity.list", {"filter": mine, "order": {"ID": "DESC"}, "select": select})


def _found(action: AddTodo, result: Any, above: int) -> Found:
    for row in result or []:
        number = to_id(row.get("ID")) or 0
        if number > above and str(row.get("SUBJECT", "")).strip() == action.title.strip():
            return Found(done=True, id=number)
    return Found(done=False)


ADD_TODO = Write(
    _add,
    made_id=lambda result: to_id(result["id"]),
    look=_list,
    found=_found,
    trace=lambda action: f"todo:{action.item}",
)


def _get(action: CompleteActivity | ReassignActivity) -> Command:
    return Command("crm.activity.get", {"id": action.activity_id})


def _holds(result: Any, name: str, value: str) -> Found:
    return Found(done=str(result.get(name)) == value)


def _update(number: int, fields: dict[str, Any]) -> Command:
    return Command("crm.activity.update", {"id": number, "fields": fields})


# Deprecated, yet the only documented way to complete a to-do.
COMPLETE = Write(
    lambda action: _update(action.activity_id, {"COMPLETED": "Y"}),
    look=_get,
    found=lambda action, result, above: _holds(result, "COMPLETED", "Y"),
)

REASSIGN = Write(
    lambda action: _update(action.activity_id, {"RESPONSIBLE_ID": action.responsible_id}),
    look=_get,
    found=lambda action, result, above: _holds(result, "RESPONSIBLE_ID", str(action.responsible_id)),
)
