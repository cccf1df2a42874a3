"""The person's pages: notifications, live feed, tasks and to-dos; and the choice of the person."""

from operator import attrgetter

from starlette.responses import Response

from sandbox.portal.activities import TASK
from sandbox.portal.store import Row
from sandbox.portal.types import BY_ID
from sandbox.web.addresses import address
from sandbox.web.fields import Piece, title_of
from sandbox.web.timeline import Due, activity_due, task_due
from sandbox.web.visit import LANGUAGE, USER, Visit

_SHOWN = 100


def notifications(visit: Visit) -> Response:
    """The bell, newest first."""
    with visit.portal.lock:
        return visit.page("notifications.html", rows=visit.person.notifications()[: -_SHOWN - 1 : -1])


def read(visit: Visit) -> Response:
    """Marks every notification as read."""
    with visit.portal.lock:
        visit.portal.news.mark_read(visit.user_id)
    return visit.go("/notifications/")


def feed(visit: Visit) -> Response:
    """Posts for this person, their departments, or everybody."""
    with visit.portal.lock:
        return visit.page("feed.html", rows=visit.person.feed()[:_SHOWN])


def tasks(visit: Visit) -> Response:
    """What the person has to do, soonest first."""
    portal, user = visit.portal, visit.user_id
    with portal.lock:
        todos = [row for row in portal.tables.activities if _mine(row, user)]
        open_tasks = [row for row in portal.tables.tasks.by("RESPONSIBLE_ID", user) if not row["CLOSED_DATE"]]
        found: list[tuple[Due, list[Piece]]] = [(activity_due(row), _owners(visit, row["bindings"])) for row in todos]
        found += [(task_due(row), _owners(visit, portal.tasks.bindings(row))) for row in open_tasks]
        key = attrgetter("deadline")
        return visit.page("tasks.html", rows=sorted(found, key=lambda pair: key(pair[0])))


def _mine(row: Row, user: int) -> bool:
    return bool(row["RESPONSIBLE_ID"] == user and row["COMPLETED"] == "N" and row["TYPE_ID"] != TASK)


def _owners(visit: Visit, bindings: list[tuple[int, int]]) -> list[Piece]:
    names = [(BY_ID[type_id].name, item_id) for type_id, item_id in bindings]
    return [Piece(title_of(visit.portal, kind, item_id), address(kind, item_id)) for kind, item_id in names]


def see_as(visit: Visit) -> Response:
    """Chooses the employee through whose eyes the portal is seen."""
    return visit.remember(USER, str(visit.number("user", 1)))


def speak(visit: Visit) -> Response:
    """Switches the language of the pages."""
    return visit.remember(LANGUAGE, "en" if visit.text("language") == "en" else "ru")
