"""Faults that are asked for: errors, HTML, time-outs, cut answers, a renamed portal."""

from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from itertools import count
from typing import Any

# Answers that are an error body: code, text, HTTP status.
REFUSALS: dict[str, tuple[str | int, str, int]] = {
    "query_limit": ("QUERY_LIMIT_EXCEEDED", "Too many requests", 503),
    "operation_time": ("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", 429),
    "overload": ("OVERLOAD_LIMIT", "REST API is blocked due to overload.", 503),
    "internal": ("INTERNAL_SERVER_ERROR", "Internal server error", 500),
    "unexpected": ("ERROR_UNEXPECTED_ANSWER", "Server returned an unexpected response", 500),
    "portal_deleted": ("PORTAL_DELETED", "Portal was deleted", 500),
    "no_auth": ("NO_AUTH_FOUND", "Wrong authorization data", 401),
    "expired": ("expired_token", "The access token provided has expired.", 401),
    "payment": ("PAYMENT_REQUIRED", "Subscription has ended", 401),
    "confirm_waiting": ("METHOD_CONFIRM_WAITING", "Waiting for confirmation", 401),
    "no_rights": ("INVALID_CREDENTIALS", "Invalid request credentials", 403),
    "wrong_auth": ("WRONG_AUTH_TYPE", "Current authorization type is denied for this method", 403),
    "access_denied": ("ACCESS_DENIED", "Access denied!", 403),
    "no_rest": ("ACCESS_DENIED", "REST is available only on commercial plans.", 403),
    "scope": (
        "insufficient_scope",
        "The request requires higher privileges than provided by the webhook token",
        403,
    ),
    "error_200": ("ERROR_CORE", "Something went wrong", 200),
    "empty_code": ("", "Access denied.", 400),
    "sentence": ("Access denied.", "", 400),
    "zero_code": (0, "Access denied.<br>", 400),
}
# Answers that are no JSON, or never come.
BREAKAGES = ("html_500", "html_502", "html_503", "timeout", "cut")


@dataclass
class Fault:
    """Hits requests whose method fits `method`; `times` None: until taken away; `skip`: so many pass first.

    `applied` says how much is done before the answer is lost (breakages only): None everything, 0 nothing, n the first
    n commands of a batch. With `inner` a refusal hits single commands, inside a batch too; such a 429 in a batch leaves
    the commands before it applied.
    """

    kind: str
    method: str = "*"
    times: int | None = 1
    skip: int = 0
    applied: int | None = 0
    inner: bool = False
    seconds: float = 60.0
    id: int = 0

    def __post_init__(self) -> None:
        self.method = self.method.lower()
        if self.kind not in REFUSALS and self.kind not in BREAKAGES:
            raise ValueError(f"unknown fault {self.kind!r}; there are {', '.join([*REFUSALS, *BREAKAGES])}")
        if self.inner and self.kind not in REFUSALS:
            raise ValueError(f"{self.kind!r} breaks a whole answer; single commands can be given {', '.join(REFUSALS)}")


class Faults:
    """The faults that are switched on, and the portal's address."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.moved_from: str | None = None
        self._faults: list[Fault] = []
        self._ids = count(1)

    def add(self, kind: str, method: str = "*", **how: Any) -> int:
        """Switches a fault on; returns its id."""
        fault = Fault(kind, method, **how)
        fault.id = next(self._ids)
        self._faults.append(fault)
        return fault.id

    def remove(self, fault_id: int) -> None:
        """Switches one off."""
        self._faults = [fault for fault in self._faults if fault.id != fault_id]

    def clear(self) -> None:
        """Switches everything off."""
        self._faults.clear()
        self.moved_from = None

    def rename(self, domain: str) -> None:
        """The portal gets another address; the old one answers 302."""
        self.moved_from, self.domain = self.domain, domain

    def active(self) -> list[dict[str, Any]]:
        """What is switched on."""
        return [asdict(fault) for fault in self._faults]

    def strike(self, method: str, *, inner: bool) -> Fault | None:
        """The fault that hits this request or command now, if any; counts it."""
        for fault in self._faults:
            if fault.inner != inner or not fnmatch(method, fault.method):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.remove(fault.id)
            return fault
        return None
