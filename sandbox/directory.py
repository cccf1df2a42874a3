"""The directory of parties over HTTP, at the address that DaData has under its host."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.portal.directory import Directory

PREFIX = "/suggestions/api/4_1/rs"


def routes(directory: Directory) -> list[Route]:
    """`POST …/findById/party` and `/bank`."""

    async def find(request: Request) -> Response:
        if directory.delay:
            await asyncio.sleep(directory.delay)
        if directory.down:
            return Response("Service Unavailable", 503)
        if request.headers.get("authorization") != f"Token {directory.token}":
            return JSONResponse({"family": "CLIENT_ERROR", "reason": "Unauthorized"}, 401)
        status, body = directory.find(request.path_params["kind"], await request.json())
        return JSONResponse(body, status)

    return [Route(f"{PREFIX}/findById/{{kind}}", find, methods=["POST"])]
