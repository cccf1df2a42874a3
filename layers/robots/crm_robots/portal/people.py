"""Users and departments, read in as few requests as the portal allows."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.shared.items import to_id, to_ids
from crm_robots.shared.people import Department, Directory, User

_PAGE = 50
SELECT = ["ID", "NAME", "LAST_NAME", "EMAIL", "ACTIVE", "USER_TYPE", "UF_DEPARTMENT"]


def read_directory(bitrix24: Bitrix24, known: Directory | None = None) -> Directory:
    """Everybody, in one request when `known` tells how many there were last time."""
    users, departments = (len(known.users), len(known.departments)) if known else (0, 0)
    return complete_directory(bitrix24, bitrix24.read(_pages("departments", departments) | _pages("users", users)))


def first_pages() -> dict[str, Command]:
    """The beginning of both lists, for a reader whose batch has room for more than people."""
    return _pages("departments", 0) | _pages("users", 0)


def complete_directory(bitrix24: Bitrix24, replies: Mapping[str, Reply]) -> Directory:
    """Reads the pages that are still missing and puts the directory together."""
    replies = dict(replies) | bitrix24.read(_missing(replies))
    departments = _departments(replies)
    if departments and not any(department.head for department in departments.values()):
        departments = _with_heads(departments, bitrix24)
    return Directory({user.id: user for user in _users(replies)}, departments)


def _pages(kind: str, expected: int) -> dict[str, Command]:
    """One page more than expected, for those who joined since."""
    starts = range(0, expected + 1 if expected else 1, _PAGE)
    return {f"{kind}{start}": _page(kind, start) for start in starts}


def _page(kind: str, start: int) -> Command:
    if kind == "departments":
        # The page of the method writes START, the platform reads `start` alone.
        # https://apidocs.bitrix24.com/api-reference/departments/department-get.html
        return Command("department.get", {"sort": "ID", "order": "ASC", "START": start, "start": start})
    selection = {"FILTER": {"USER_TYPE": "employee"}, "sort": "ID", "order": "ASC", "select": SELECT}
    return Command("user.get", {**selection, "start": start})


def _missing(replies: Mapping[str, Reply]) -> dict[str, Command]:
    pages: dict[str, Command] = {}
    for kind in ("departments", "users"):
        mine = [reply for name, reply in replies.items() if name.startswith(kind)]
        for reply in mine:
            if reply.error:
                raise reply.error
        total = max((reply.total or 0 for reply in mine), default=0)
        starts = range(0, math.ceil(total / _PAGE) * _PAGE, _PAGE)
        pages |= {f"{kind}{start}": _page(kind, start) for start in starts if f"{kind}{start}" not in replies}
    return pages


def _rows(replies: Mapping[str, Reply], kind: str) -> Iterable[Mapping[str, Any]]:
    for name, reply in replies.items():
        if name.startswith(kind):
            yield from reply.result or ()


def _users(replies: Mapping[str, Reply]) -> Iterable[User]:
    for row in _rows(replies, "users"):
        if (number := to_id(row.get("ID"))) is not None:
            yield to_user(number, row)


def read_user(number: int) -> Command:
    """One person."""
    return Command("user.get", {"FILTER": {"ID": number}})


def to_user(number: int, row: Mapping[str, Any]) -> User:
    """One row of `user.get`."""
    full_name = " ".join(filter(None, (str(row.get(part) or "").strip() for part in ("NAME", "LAST_NAME"))))
    email = str(row.get("EMAIL") or "")
    departments = to_ids(row.get("UF_DEPARTMENT"))
    # Without the scope that shows USER_TYPE, a user with a department counts as an employee.
    is_employee = row.get("USER_TYPE", "employee" if departments else "") == "employee"
    active = str(row.get("ACTIVE", True)).upper() in ("TRUE", "Y", "1")
    return User(number, full_name or email or f"#{number}", email, active, is_employee, departments)


def _departments(replies: Mapping[str, Reply]) -> dict[int, Department]:
    found: dict[int, Department] = {}
    for row in _rows(replies, "departments"):
        if (number := to_id(row.get("ID"))) is not None:
            name = str(row.get("NAME") or f"#{number}")
            found[number] = Department(number, name, to_id(row.get("PARENT")), to_id(row.get("UF_HEAD")))
    return found


def _with_heads(departments: dict[int, Department], bitrix24: Bitrix24) -> dict[int, Department]:
    """Portals may leave UF_HEAD out of `department.get`; the messenger knows the managers too.

    https://apidocs.bitrix24.com/api-reference/chats/departments/im-department-managers-get.html
    """
    command = Command("im.department.managers.get", {"ID": sorted(departments)})
    reply = bitrix24.read({"heads": command})["heads"]
    heads = reply.result if isinstance(reply.result, dict) else {}
    return {
        number: Department(number, place.name, place.parent, next(iter(to_ids(heads.get(str(number)))), None))
        for number, place in departments.items()
    }
