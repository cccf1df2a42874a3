"""crm.activity.todo.*: to-dos on items.

https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/todo/
"""

from typing import Any

from sandbox.portal.activities import TODO
from sandbox.portal.clock import iso
from sandbox.portal.errors import Refusal, missing, not_found
from sandbox.portal.store import Row
from sandbox.portal.values import BadValue, as_list, parse_moment
from sandbox.rest.call import Call, method
from sandbox.rest.log_messages import owner_of


def _owner(call: Call) -> tuple[int, int]:
    given = {name: call.get(name) for name in ("ownerTypeId", "ownerId")}
    return owner_of(call, given, "ownerTypeId", "ownerId")


def _moment(call: Call, name: str) -> str:
    value = call.get(name)
    if not value:
        raise missing(name)
    try:
        return iso(parse_moment(value, call.portal.clock.zone))
    except BadValue:
        raise Refusal("WRONG_DATETIME_FORMAT", "Wrong datetime format") from None


def _todo(call: Call) -> Row:
    """The to-do, which must belong to the named item and still be open."""
    owner = _owner(call)
    row = call.portal.activities.get(call.number("id"))
    if row is None or row["PROVIDER_ID"] != TODO or list(owner) not in row["bindings"]:
        raise not_found()
    if row["COMPLETED"] == "Y":
        raise Refusal("CAN_NOT_UPDATE_COMPLETED_TODO", "Completed to-do can not be updated")
    return row


def _settings(call: Call) -> Row:
    fields: Row = {}
    if call.get("title") is not None:
        fields["SUBJECT"] = str(call.get("title"))
    if call.get("description") is not None:
        fields["DESCRIPTION"] = str(call.get("description"))
    if call.get("responsibleId"):
        fields["RESPONSIBLE_ID"] = call.number("responsibleId")
    extra = {"COLOR_ID": call.get("colorId"), "PING_OFFSETS": as_list(call.get("pingOffsets"))}
    settings = {key: value for key, value in extra.items() if value}
    return {**fields, **({"SETTINGS": settings} if settings else {})}


def _change(call: Call, **fields: Any) -> Any:
    row = _todo(call)
    call.portal.activities.change(row, call.user_id, **fields)
    return {"id": row["id"]}


@method("crm.activity.todo.add")
def add(call: Call) -> Any:
    """Adds a to-do."""
    owner = _owner(call)
    row = call.portal.items.get(*owner) or {}
    fields = {"RESPONSIBLE_ID": row["assignedById"], **_settings(call)}
    deadline = _moment(call, "deadline")
    return {"id": call.portal.activities.add_todo(owner, call.user_id, deadline, **fields)["id"]}


@method("crm.activity.todo.update")
def update(call: Call) -> Any:
    """Changes a to-do; owner and deadline are required every time."""
    deadline = _moment(call, "deadline")
    return _change(call, START_TIME=deadline, END_TIME=deadline, DEADLINE=deadline, **_settings(call))


@method("crm.activity.todo.updateDeadline")
def update_deadline(call: Call) -> Any:
    """Changes the deadline."""
    deadline = _moment(call, "value")
    return _change(call, START_TIME=deadline, END_TIME=deadline, DEADLINE=deadline)


@method("crm.activity.todo.updateDescription")
def update_description(call: Call) -> Any:
    """Changes the text."""
    return _change(call, DESCRIPTION=str(call.get("value") or ""))


@method("crm.activity.todo.updateResponsibleUser")
def update_responsible(call: Call) -> Any:
    """Hands the to-do over."""
    return _change(call, RESPONSIBLE_ID=call.number("responsibleId"))


@method("crm.activity.todo.updateColor")
def update_color(call: Call) -> Any:
    """Changes the colour."""
    return _change(call, SETTINGS={"COLOR_ID": call.get("colorId")})
