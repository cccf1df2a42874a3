"""The portal over HTTP: REST, pages for people, the sandbox's own API, the directory of parties; loopback only."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sandbox import control, directory
from sandbox.courier import Courier
from sandbox.portal.core import Portal
from sandbox.rest.endpoint import Answer, http
from sandbox.transport import encode
from sandbox.web.robots import Robots
from sandbox.web.routes import routes as pages


class Cut(Response):
    """An answer that breaks off: it announces more bytes than it sends."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Sends the first half."""
        length = str(len(self.body)).encode()
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]}
        await send(start)
        await send({"type": "http.response.body", "body": bytes(self.body)[: len(self.body) // 2], "more_body": True})


async def respond(answer: Answer) -> Response:
    """Sends an answer of the portal; slow or broken if it asks for that."""
    if answer.delay:
        await asyncio.sleep(answer.delay)
    content = encode(answer)
    if answer.cut:
        return Cut(content)
    return Response(content, answer.status, answer.headers)


def rest_route(portal: Portal) -> Route:
    """`/rest/<user>/<code>/<method>`."""

    async def rest(request: Request) -> Response:
        content = await request.body()
        return await respond(http(portal, str(request.url), request.headers.get("content-type", ""), content))

    return Route("/rest/{path:path}", rest, methods=["GET", "POST", "PUT"])


def make_app(portal: Portal, robots: Robots | None = None) -> Starlette:
    """The whole application; `robots` tell the pages of theirs."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        courier = Courier(portal)
        courier.start()
        try:
            yield
        finally:
            await asyncio.to_thread(courier.stop)

    api = [rest_route(portal), *control.routes(portal), *directory.routes(portal.directory)]
    routes = [*api, *pages(portal, robots)]
    return Starlette(routes=routes, lifespan=lifespan)
