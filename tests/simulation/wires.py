"""Between functions and the outside world: every call takes time, lets others run, and may be the last one."""

from collections.abc import Callable
from typing import Any

import httpx
from botocore.exceptions import ClientError
from greenlet import getcurrent

from sandbox.transport import PortalTransport
from tests.simulation.faults import TABLE_FAULTS, Faults, killed, refuse
from tests.simulation.scheduler import Scheduler
from tests.simulation.tables import Tables
from tests.support.chaos import Killed

_TIMEOUT = 120.0


class Wires:
    """Latency, deaths and time-outs of functions; a dead one makes no further call, whatever its `finally` says."""

    def __init__(self, scheduler: Scheduler, faults: Faults) -> None:
        self._scheduler = scheduler
        self.faults = faults
        self._deadlines: dict[Any, float] = {}

    def begin(self, lifetime: float = _TIMEOUT) -> None:
        """The running greenlet is a function, and has so many seconds to live."""
        self._deadlines[getcurrent()] = self._scheduler.now + lifetime

    def end(self) -> None:
        """It has ended."""
        self._deadlines.pop(getcurrent(), None)

    def across[T](self, service: str, act: Callable[[], T]) -> T:
        """There and back."""
        self._alive(service, "kill_before")
        self._scheduler.sleep(self.faults.latency(service))
        self._alive(service, "")
        answer = act()
        self._alive(service, "kill_after")
        self._scheduler.sleep(self.faults.latency(service))
        self._alive(service, "")
        return answer

    def sleep(self, seconds: float) -> None:
        """A function that waits."""
        self._scheduler.sleep(seconds)
        self._alive("sleep", "")

    def _alive(self, service: str, kind: str) -> None:
        function = getcurrent()
        deadline = self._deadlines.get(function)
        if deadline is None:
            return
        if self._scheduler.now > deadline:
            raise Killed("timeout")
        try:
            if kind:
                killed(self.faults, service, kind)
        except Killed:
            self._deadlines[function] = float("-inf")
            raise


class SlowTransport(httpx.BaseTransport):
    """The portal at the end of a wire."""

    def __init__(self, portal: PortalTransport, wires: Wires) -> None:
        self._portal = portal
        self._wires = wires

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._wires.across("portal", lambda: self._portal.handle_request(request))


class SlowTables:
    """DynamoDB at the end of a wire, with throttling, lost answers and keys that it left for later."""

    exceptions = Tables.exceptions

    def __init__(self, tables: Tables, wires: Wires) -> None:
        self._tables = tables
        self._wires = wires

    def __getattr__(self, operation: str) -> Any:
        real = getattr(self._tables, operation)
        if operation == "get_paginator":
            return real
        return lambda **request: self._wires.across("dynamodb", lambda: self._perform(operation, real, request))

    def _perform(self, operation: str, real: Callable[..., Any], request: dict[str, Any]) -> Any:
        fault = self._wires.faults.strikes("dynamodb", TABLE_FAULTS)
        if fault == "throttle":
            raise refuse(operation)
        if fault == "unprocessed" and operation.startswith("batch"):
            return _half(operation, real, request)
        answer = real(**request)
        # The answer got lost and botocore has sent the request again: a condition that held then fails now.
        return real(**request) if fault == "lost" else answer


def _half(operation: str, real: Callable[..., Any], request: dict[str, Any]) -> Any:
    """Less than asked was done; the rest is named in the answer."""
    (table, asked), *others = request["RequestItems"].items()
    rows = asked["Keys"] if operation == "batch_get_item" else asked
    now, later = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    if others or not now:
        return real(**request)
    if operation == "batch_get_item":
        answer = real(RequestItems={table: {**asked, "Keys": now}})
        return {**answer, "UnprocessedKeys": {table: {**asked, "Keys": later}}}
    real(RequestItems={table: now})
    return {"UnprocessedItems": {table: later}}


class SlowQueues:
    """SQS at the end of a wire."""

    def __init__(self, queues: Any, wires: Wires) -> None:
        self._queues = queues
        self._wires = wires

    def __getattr__(self, operation: str) -> Any:
        real = getattr(self._queues, operation)
        return lambda **request: self._wires.across("sqs", lambda: self._perform(operation, real, request))

    def _perform(self, operation: str, real: Callable[..., Any], request: dict[str, Any]) -> Any:
        if self._wires.faults.strikes("sqs", ("unavailable",)):
            error: Any = {"Code": "ServiceUnavailable", "Message": "Service is unable to handle request."}
            raise ClientError({"Error": error}, operation)
        return real(**request)
