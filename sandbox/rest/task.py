"""tasks.task.*: keys in camel case, values as strings.

https://apidocs.bitrix24.com/api-reference/tasks/
"""

from datetime import datetime
from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.filters import Test, split_prefix
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.tasks import DONE
from sandbox.portal.values import as_list, clean, clean_integer
from sandbox.rest.call import Call, method
from sandbox.rest.rows import columns, order_of, page_of

_COLUMNS = columns(
    "ID:integer TITLE DESCRIPTION DEADLINE:datetime PRIORITY:integer REAL_STATUS:integer CREATED_BY:integer "
    "RESPONSIBLE_ID:integer GROUP_ID:integer PARENT_ID:integer ACCOMPLICES:user[] AUDITORS:user[] "
    "TAGS:string[] "
    "UF_CRM_TASK:string[] CREATED_DATE:datetime CHANGED_DATE:datetime CHANGED_BY:integer "
    "CLOSED_DATE:datetime "
    "CLOSED_BY:integer",
    REAL_STATUS="STATUS",
)
_ALL = {**_COLUMNS, "STATUS": _COLUMNS["REAL_STATUS"]}
_WRITABLE = frozenset(
    [
        "TITLE",
        "DESCRIPTION",
        "DEADLINE",
        "PRIORITY",
        "CREATED_BY",
        "RESPONSIBLE_ID",
        "GROUP_ID",
        "PARENT_ID",
        "ACCOMPLICES",
        "AUDITORS",
        "TAGS",
        "UF_CRM_TASK",
        "STATUS",
    ]
)
# Does not come back unless it is selected.
_ASKED_FOR = frozenset({"UF_CRM_TASK"})
_OVERDUE = -1


def _camel(name: str) -> str:
    head, *tail = name.lower().split("_")
    return head + "".join(part.capitalize() for part in tail)


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(one) for one in value]
    return str(value) if isinstance(value, (int, float)) else value


def _show(call: Call, row: Row, select: list[str] | None = None) -> dict[str, Any]:
    names = [name for name in _ALL if name not in _ASKED_FOR and name != "REAL_STATUS"]
    if select and "*" not in select:
        names = [name for name in _ALL if name in select or name == "ID"]
    names += [name for name in _ASKED_FOR if select and name in select and name not in names]
    shown = {_camel(name): _text(row["id"] if name == "ID" else row.get(_ALL[name].name)) for name in names}
    if "responsibleId" in shown:
        who = row["RESPONSIBLE_ID"]
        link = f"/company/personal/user/{who}/"
        shown["responsible"] = {"id": str(who), "name": call.portal.people.name(who), "link": link}
    return {**shown, "group": [], "subStatus": str(row["STATUS"])}


def _fields(call: Call) -> dict[str, Any]:
    return call.mapping("fields", required=True)


def _values(call: Call, given: dict[str, Any]) -> Row:
    zone = call.portal.clock.zone
    return {
        str(n).upper(): clean(_ALL[str(n).upper()], v, zone) for n, v in given.items() if str(n).upper() in _WRITABLE
    }


def _check(call: Call, values: Row) -> None:
    if "TITLE" in values and not values["TITLE"]:
        raise Refusal("ERROR_CORE", "Не указано название задачи<br>")
    for name in ("RESPONSIBLE_ID", "CREATED_BY"):
        user = call.portal.people.user(values[name]) if values.get(name) else None
        if name in values and user is None:
            raise Refusal("ERROR_CORE", "Пользователь, указанный в поле «Ответственный», не найден<br>")
    if values.get("PARENT_ID") and call.portal.tasks.get(values["PARENT_ID"]) is None:
        raise Refusal("ERROR_CORE", "Задача, указанная в поле «Базовая задача», не найдена<br>")


def _task(call: Call) -> Row:
    given = call.get("taskId", call.get("id"))
    row = call.portal.tasks.get(clean_integer(given)) if str(given or "").isdigit() else None
    if row is None:
        raise Refusal(0, "wrong task id")
    return row


def _select(call: Call) -> list[str]:
    return [str(one).upper() for one in as_list(call.get("select"))]


@method("tasks.task.add", "task")
def add(call: Call) -> Any:
    """Makes a task; only an administrator makes one in somebody else's name."""
    values = {"TITLE": "", "RESPONSIBLE_ID": None, **_values(call, _fields(call))}
    if not values["RESPONSIBLE_ID"]:
        raise Refusal("ERROR_CORE", "Не указан исполнитель<br>")
    _check(call, values)
    if values.get("CREATED_BY", call.user_id) != call.user_id and not call.portal.people.is_admin(call.user_id):
        raise Refusal("ERROR_CORE", "Action on the task is not allowed")
    return {"task": _show(call, call.portal.tasks.add(call.user_id, **values))}


@method("tasks.task.update", "task")
def update(call: Call) -> Any:
    """Changes a task."""
    row, values = _task(call), _values(call, _fields(call))
    _check(call, values)
    return {"task": _show(call, call.portal.tasks.change(row, call.user_id, **values))}


@method("tasks.task.get", "task")
def get(call: Call) -> Any:
    """One task."""
    return {"task": _show(call, _task(call), _select(call))}


@method("tasks.task.complete", "task")
def complete(call: Call) -> Any:
    """Finishes a task."""
    row = _task(call)
    if row["STATUS"] == DONE:
        raise Refusal("ERROR_CORE", "Action on the task is not allowed")
    return {"task": _show(call, call.portal.tasks.complete(row, call.user_id))}


@method("tasks.task.delete", "task")
def delete(call: Call) -> Any:
    """Deletes a task."""
    call.portal.tasks.remove(_task(call))
    return {"task": True}


@method("tasks.task.list", "task")
def tasks(call: Call) -> Page:
    """A page of tasks."""
    order = call.mapping("order")
    if any(str(name).upper() not in _ALL for name in order):
        raise Refusal("0", "Could not find field in order")
    given, tests = _split(call, call.mapping("filter"))
    upper = {str(name).upper(): way for name, way in order.items()}
    table = call.portal.tables.tasks
    page = page_of(call, table, _ALL, given, tests, upper if order_of(_ALL, upper) else {})
    select = _select(call)
    return Page({"tasks": [_show(call, row, select) for row in page.result]}, page.total, page.next)


def _split(call: Call, given: dict[str, Any]) -> tuple[dict[str, Any], list[Test]]:
    """`STATUS` knows an overdue state beside the real ones."""
    now = call.portal.clock.now()
    plain, tests = {}, []
    for key, value in given.items():
        operator, name = split_prefix(str(key))
        if name.upper() == "STATUS" and str(value) == str(_OVERDUE):
            tests.append(lambda row: _overdue(row, now))
        else:
            plain[("" if operator == "=" else operator) + name.upper()] = value
    return plain, tests


def _overdue(row: Row, now: datetime) -> bool:
    return bool(row["DEADLINE"]) and row["STATUS"] < DONE and datetime.fromisoformat(row["DEADLINE"]) < now
