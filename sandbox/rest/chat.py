"""im.*: notifications, messages, and who is there.

https://apidocs.bitrix24.com/api-reference/chats/
"""

from typing import Any

from sandbox.portal.clock import iso
from sandbox.portal.errors import Refusal
from sandbox.portal.store import Row
from sandbox.portal.values import BadValue, as_list, clean_integer
from sandbox.rest.call import Call, method

_MAX_ATTACH = 60_000


def _notify(call: Call, sender: int | None) -> int | bool:
    """The notification's id, or `false` where none was made: a muted channel, somebody dismissed."""
    try:
        user = clean_integer(call.get("USER_ID") or call.get("TO") or 0)
    except BadValue:
        user = 0
    if user <= 0:
        raise Refusal("USER_ID_EMPTY", "User ID can't be empty")
    text = str(call.get("MESSAGE") or "").strip()
    if not text:
        raise Refusal("MESSAGE_EMPTY", "Message can't be empty")
    if len(str(call.get("ATTACH") or "")) > _MAX_ATTACH:
        raise Refusal("ATTACH_OVERSIZE", "You have exceeded the maximum allowable size of attach")
    # A tag of a webhook counts only together with its CLIENT_ID.
    tag = str(call.get("TAG") or "") if call.get("CLIENT_ID") else ""
    return call.portal.news.notify(user, text, sender, tag) or False


@method("im.notify.personal.add", "im")
def notify_personally(call: Call) -> int | bool:
    """A notification from the webhook's owner."""
    return _notify(call, call.user_id)


@method("im.notify.system.add", "im")
def notify(call: Call) -> int | bool:
    """A notification without a sender."""
    return _notify(call, None)


@method("im.notify", "im")
def notify_either(call: Call) -> int | bool:
    """Both in one."""
    return _notify(call, None if str(call.get("TYPE") or "USER").upper() == "SYSTEM" else call.user_id)


@method("im.message.add", "im")
def message(call: Call) -> int:
    """A message to a person (`12`) or a chat (`chat55`)."""
    dialog = str(call.get("DIALOG_ID") or "")
    if not dialog:
        raise Refusal("DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    if not call.get("MESSAGE"):
        raise Refusal("MESSAGE_EMPTY", "Message can't be empty")
    return call.portal.news.message(dialog, str(call.get("MESSAGE")), call.user_id)


def _show(call: Call, row: Row) -> dict[str, Any]:
    until = call.portal.people.vacation_until(row["id"], call.portal.clock.now())
    return {
        "id": row["id"],
        "active": row["ACTIVE"],
        "name": f"{row['NAME']} {row['LAST_NAME']}",
        "first_name": row["NAME"],
        "last_name": row["LAST_NAME"],
        "work_position": row["WORK_POSITION"],
        "extranet": False,
        "bot": False,
        "status": "online",
        "absent": iso(until) if until else False,
        "departments": row["UF_DEPARTMENT"],
        "email": row["EMAIL"],
        "type": "user",
    }


@method("im.user.list.get", "im")
def users(call: Call) -> Any:
    """Users by id; a map by id unless `RESULT_TYPE` is `array`."""
    ids = [int(one) for one in as_list(call.get("ID")) if str(one).isdigit()]
    if not ids:
        raise Refusal("INVALID_FORMAT", "A wrong format for the ID field is passed")
    found = {one: call.portal.people.user(one) for one in ids}
    shown = {str(one): _show(call, row) if row else None for one, row in found.items()}
    if str(call.get("RESULT_TYPE") or "").lower() == "array":
        return [user for user in shown.values() if user]
    return shown


@method("im.user.get", "im")
def user(call: Call) -> Any:
    """One user; the owner without an id."""
    row = call.portal.people.user(call.number("ID") if call.get("ID") else call.user_id)
    if row is None:
        raise Refusal("USER_NOT_EXISTS", "User does not exist")
    return _show(call, row)


def _departments(call: Call) -> list[int]:
    ids = [int(one) for one in as_list(call.get("ID")) if str(one).isdigit()]
    if not ids:
        raise Refusal("ID_EMPTY", "Department ID can't be empty")
    return ids


@method("im.department.managers.get", "im")
def managers(call: Call) -> Any:
    """Heads by department; departments without one are absent."""
    rows = {one: call.portal.tables.departments.get(one) for one in _departments(call)}
    return {str(one): [row["UF_HEAD"]] for one, row in rows.items() if row and row["UF_HEAD"]} or []


@method("im.department.employees.get", "im")
def employees(call: Call) -> Any:
    """Employees by department."""
    listed = [row for row in call.portal.people.listed() if row["ACTIVE"]]
    return {str(one): [row["id"] for row in listed if one in row["UF_DEPARTMENT"]] for one in _departments(call)} or []
