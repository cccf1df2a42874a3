"""Addresses of the pages. Looking is GET; whatever changes anything is POST."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.portal.core import Portal
from sandbox.web import boards, card_form, cards, deeds, desk, personal, traffic
from sandbox.web.robots import NoRobots, Robots
from sandbox.web.visit import Visit

View = Callable[[Visit], Response]
_STATIC = Path(__file__).parent / "static"
_CARD = "/crm/{kind}/details/{id:int}"

PAGES: dict[str, View] = {
    "/": boards.home,
    "/crm/{kind}/": boards.items,
    f"{_CARD}/": cards.show,
    f"{_CARD}/edit/": card_form.edit,
    "/notifications/": personal.notifications,
    "/feed/": personal.feed,
    "/tasks/": personal.tasks,
    "/traffic/": traffic.show,
    "/desk/": desk.show,
}
DEEDS: dict[str, View] = {
    f"{_CARD}/edit/": card_form.save,
    f"{_CARD}/move/": deeds.move,
    f"{_CARD}/comment/": deeds.comment,
    f"{_CARD}/call/": deeds.call,
    f"{_CARD}/todo/": deeds.add_todo,
    f"{_CARD}/convert/": deeds.convert,
    f"{_CARD}/requisite/": deeds.add_requisite,
    f"{_CARD}/delete/": deeds.delete,
    "/complete/": deeds.complete,
    "/notifications/": personal.read,
    "/see-as/": personal.see_as,
    "/language/": personal.speak,
    "/desk/{switch}/": desk.switch,
}


def routes(portal: Portal, robots: Robots | None = None) -> list[BaseRoute]:
    """Everything that a browser may ask for; `robots`: by default the stack of this machine."""
    side = robots or NoRobots()
    looks = [Route(path, _endpoint(portal, side, view), methods=["GET"]) for path, view in PAGES.items()]
    acts = [Route(path, _endpoint(portal, side, view), methods=["POST"]) for path, view in DEEDS.items()]
    return [*looks, *acts, Mount("/static", StaticFiles(directory=_STATIC))]


def _endpoint(portal: Portal, robots: Robots, view: View) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        form = await request.form() if request.method == "POST" else FormData()
        # Views wait for the portal's lock and for the robots' tables: not on the loop that serves REST.
        return await run_in_threadpool(_look, Visit(portal, robots, request, form), view)

    return answer


def _look(visit: Visit, view: View) -> Response:
    try:
        return view(visit)
    except HTTPException as gone:
        return visit.page("gone.html", gone.status_code)
