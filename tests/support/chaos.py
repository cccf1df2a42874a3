"""Ends a function, or cuts an answer, at any step between it and the outside world."""

from collections.abc import Callable
from typing import Any

import httpx

from sandbox.transport import PortalTransport


class Killed(BaseException):
    """The function is gone, as by a time-out: nothing after this line runs, and nothing catches it."""


class Chaos:
    """Counts the moments before and after every call to the portal or a table, and strikes at one of them.

    `at`: which moment, from 0; None never strikes. `cut`: the portal's answer is lost instead of the function.
    `meanwhile`: what somebody does at that very moment; with `harmless` nothing else happens then.
    """

    def __init__(
        self,
        at: int | None = None,
        *,
        cut: bool = False,
        meanwhile: Callable[[], None] = lambda: None,
        harmless: bool = False,
    ) -> None:
        self.at = at
        self.cut = cut
        self.moments = 0
        self._meanwhile = meanwhile
        self._harmless = harmless

    def moment(self, *, portal: bool) -> None:
        """One moment passes. Tables give no cut answers, so theirs do not count then."""
        if self.cut and not portal:
            return
        here, self.moments = self.moments, self.moments + 1
        if here != self.at:
            return
        self._meanwhile()
        if self._harmless:
            return
        if self.cut:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        raise Killed(here)


class ChaoticTransport(httpx.BaseTransport):
    """The portal, with chaos before and after each request."""

    def __init__(self, transport: PortalTransport, chaos: Callable[[], Chaos]) -> None:
        self.inner = transport
        self._chaos = chaos

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._chaos().moment(portal=True)
        response = self.inner.handle_request(request)
        self._chaos().moment(portal=True)
        return response


class ChaoticClient:
    """A botocore client, with chaos before and after each call."""

    def __init__(self, client: Any, chaos: Callable[[], Chaos]) -> None:
        self._client = client
        self._chaos = chaos

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if name in ("exceptions", "meta", "get_paginator"):
            return found

        def call(**request: Any) -> Any:
            self._chaos().moment(portal=False)
            answer = found(**request)
            self._chaos().moment(portal=False)
            return answer

        return call
