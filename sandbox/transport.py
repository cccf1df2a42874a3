"""httpx without sockets: requests go straight into a portal of this process."""

import httpx
import msgspec

from sandbox.portal.core import Portal
from sandbox.rest.endpoint import Answer, http


class PortalTransport(httpx.BaseTransport):
    """`httpx.Client(transport=PortalTransport(portal))` speaks to the portal, whatever host its URLs name.

    Time-outs and cut connections come as the exceptions that a network would give; nothing really waits.
    """

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self.requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers one request."""
        self.requests += 1
        answer = http(self._portal, str(request.url), request.headers.get("content-type", ""), request.read())
        limit = (request.extensions.get("timeout") or {}).get("read")
        if limit is not None and answer.delay > limit:
            raise httpx.ReadTimeout("The read operation timed out", request=request)
        if answer.cut:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        return httpx.Response(answer.status, headers=answer.headers, content=encode(answer), request=request)


def encode(answer: Answer) -> bytes:
    """The answer's body on the wire."""
    return answer.body.encode() if isinstance(answer.body, str) else msgspec.json.encode(answer.body)
