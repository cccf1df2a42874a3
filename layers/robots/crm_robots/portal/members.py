"""Who is in some departments right now, in the same request as everything else.

The directory may be half an hour old; this also finds people who joined or left a minute ago.
"""

from collections.abc import Iterable, Mapping

import msgspec

from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.people import SELECT, to_user
from crm_robots.shared.items import to_id
from crm_robots.shared.people import Directory, User

_PAGE = 50
_NAME = "members"


def places_of(directory: Directory, departments: Iterable[int]) -> list[int]:
    """The departments and all below them."""
    return sorted({place for department in departments for place in directory.within(department)})


def member_pages(directory: Directory, places: list[int]) -> dict[str, Command]:
    """Everybody of these departments, dismissed people too: the record of the draw says why they were left out.

    https://apidocs.bitrix24.com/api-reference/user/user-get.html
    """
    if not places:
        return {}
    expected = sum(not set(places).isdisjoint(user.departments) for user in directory.users.values())
    return {f"{_NAME}{start}": _page(places, start) for start in range(0, expected + 1, _PAGE)}


def further_pages(places: list[int], answers: Mapping[str, Reply]) -> dict[str, Command]:
    """Further pages, if there are more people than expected."""
    total = max((reply.total or 0 for name, reply in answers.items() if name.startswith(_NAME)), default=0)
    starts = range(0, total, _PAGE)
    return {f"{_NAME}{start}": _page(places, start) for start in starts if f"{_NAME}{start}" not in answers}


def with_members(directory: Directory, places: list[int], answers: Mapping[str, Reply]) -> Directory:
    """The directory with the people of these departments as they are now; as it was where the portal did not tell."""
    pages = [reply for name, reply in answers.items() if name.startswith(_NAME)]
    if not pages or any(reply.error or not isinstance(reply.result, list) for reply in pages):
        return directory
    rows = ((to_id(row.get("ID")), row) for reply in pages for row in reply.result)
    now = {number: to_user(number, row) for number, row in rows if number}
    # If a department seems to have lost everybody, the portal did not look it up.
    told = {place for user in now.values() for place in user.departments} & set(places)
    users = {number: _elsewhere(user, told) for number, user in directory.users.items()}
    return Directory(users | now, directory.departments)


def _elsewhere(user: User, told: set[int]) -> User:
    return msgspec.structs.replace(user, departments=tuple(place for place in user.departments if place not in told))


def _page(places: list[int], start: int) -> Command:
    selection = {"FILTER": {"UF_DEPARTMENT": places}, "sort": "ID", "order": "ASC", "select": SELECT}
    return Command("user.get", {**selection, "start": start})
