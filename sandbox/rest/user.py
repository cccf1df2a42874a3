"""user.get, user.current, department.get.

https://apidocs.bitrix24.com/api-reference/user/user-get.html
"""

from typing import Any

from sandbox.portal.filters import Test
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.values import as_list
from sandbox.rest.call import Call, method
from sandbox.rest.rows import columns, page_of

_SCOPES = "user|user_basic|user_brief"
_COLUMNS = columns(
    "ID:integer NAME LAST_NAME SECOND_NAME EMAIL UF_DEPARTMENT:integer[] WORK_POSITION USER_TYPE PERSONAL_MOBILE"
)
_CONTACT_DATA = frozenset({"EMAIL", "PERSONAL_MOBILE", "WORK_PHONE"})
_DEPARTMENT = columns("ID:integer NAME SORT:integer PARENT:integer UF_HEAD:integer")


def show(call: Call, row: Row) -> dict[str, Any]:
    """An employee; contact data need more than the scope `user_brief`."""
    shown = {
        "ID": str(row["id"]),
        "ACTIVE": row["ACTIVE"],
        "NAME": row["NAME"],
        "LAST_NAME": row["LAST_NAME"],
        "SECOND_NAME": row["SECOND_NAME"],
        "EMAIL": row["EMAIL"],
        "TIME_ZONE": row["TIME_ZONE"],
        "IS_ONLINE": "N",
        "TIMESTAMP_X": {},
        "LAST_ACTIVITY_DATE": {},
        "PERSONAL_GENDER": "",
        "PERSONAL_BIRTHDAY": "",
        "PERSONAL_MOBILE": row["PERSONAL_MOBILE"],
        "WORK_PHONE": "",
        "WORK_POSITION": row["WORK_POSITION"],
        "UF_DEPARTMENT": row["UF_DEPARTMENT"],
        "USER_TYPE": row["USER_TYPE"],
    }
    if call.caller.scopes & {"user", "user_basic"}:
        return shown
    return {name: value for name, value in shown.items() if name not in _CONTACT_DATA}


def _selected(shown: dict[str, Any], select: Any) -> dict[str, Any]:
    names = {str(one) for one in as_list(select)}
    if not names or "*" in names:
        return shown
    masks = "UF_*" in names
    return {n: v for n, v in shown.items() if n in names or n == "ID" or (masks and n.startswith("UF_"))}


def _active(value: Any) -> Test:
    wanted = str(value).upper() in ("TRUE", "Y", "1")
    return lambda row: row["ACTIVE"] is wanted


@method("user.get", _SCOPES)
def users(call: Call) -> Page:
    """A page of employees; integrators and bots never come. Filters also work at the top level."""
    given = {name: call.get(name) for name in ("ACTIVE", *_COLUMNS) if call.get(name) is not None}
    given |= {str(name).upper(): value for name, value in call.mapping("filter").items()}
    tests: list[Test] = [lambda row: not row["hidden"]]
    if "ACTIVE" in given:
        tests.append(_active(given["ACTIVE"]))
    order = {str(call.get("sort") or "ID").upper(): call.get("order") or "ASC"}
    page = page_of(call, call.portal.tables.users, _COLUMNS, given, tests, order)
    shown = [_selected(show(call, row), call.get("select")) for row in page.result]
    return Page(shown, page.total, page.next)


@method("user.current", _SCOPES)
def current(call: Call) -> Any:
    """The webhook's owner."""
    return show(call, call.portal.people.user(call.user_id) or {})


@method("department.get", "department")
def departments(call: Call) -> Page:
    """A page of departments. `UF_HEAD` can be withheld, as some portals do."""
    given = {name: call.get(name) for name in _DEPARTMENT if call.get(name) is not None and name != "SORT"}
    order = {str(call.get("sort") or "ID").upper(): call.get("order") or "ASC"}
    page = page_of(call, call.portal.tables.departments, _DEPARTMENT, given, order=order)
    return Page([_department(call, row) for row in page.result], page.total, page.next)


def _department(call: Call, row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = {"ID": str(row["id"]), "NAME": row["NAME"], "SORT": row["SORT"]}
    if row["PARENT"]:
        shown["PARENT"] = str(row["PARENT"])
    if row["UF_HEAD"] and call.portal.shows_heads:
        shown["UF_HEAD"] = str(row["UF_HEAD"])
    return shown
