"""The portal's REST API, called through its incoming webhook."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import httpx
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from crm_robots.portal import bulk, lists
from crm_robots.portal.access import is_dispensable
from crm_robots.portal.commands import MOST_COMMANDS, Command, Reply, decode, encode, number, operating, reset_in
from crm_robots.portal.errors import AccessLost, Busy, PortalError
from crm_robots.portal.limiter import Limiter
from crm_robots.portal.seen import Seen
from crm_robots.portal.transport import Transport

_PAUSE_AFTER_LIMIT = 1.0
_PAUSE_AFTER_OVERLOAD = 300.0
_PARK_WITHOUT_A_TIME = 60.0
_PAUSE_AFTER_LOST_RIGHT = 20.0
"""A lost right is not given back within seconds; until then every request would fail (F2)."""
NO_TIME = "NO_TIME"
_NOTHING_WORKS = {"", "NO_AUTH_FOUND", "EXPIRED_TOKEN", "INVALID_TOKEN", "AUTHORIZATION_ERROR", "PORTAL_DELETED"}
"""Any other lost right concerns one method; other methods need not wait."""


class Bitrix24:
    """One portal. Thread-safe. Its URL is a password; every error names the REST method instead.

    Repeats by itself only what the portal certainly did not execute, and only for seconds. Other errors are raised: the
    caller must look before it repeats.

    `has_time`: whether a request that begins now can be waited for. If a function is ended during a request, its events
    stay invisible for minutes.
    """

    def __init__(
        self,
        webhook_url: str,
        http: httpx.Client,
        limiter: Limiter,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        background: bool = False,
        has_time: Callable[[], bool] = lambda: True,
    ) -> None:
        self._transport = Transport(webhook_url, http)
        self._limiter = limiter
        self._sleep, self._clock = sleep, clock
        self._background = background
        self._has_time = has_time
        self.seen = Seen()
        """Names of the cards that were read so far."""
        self._windows_end: dict[str, float] = {}  # by method, as its last answer told

    @property
    def host(self) -> str:
        """The portal's host as of now; a renamed portal answers with its new one."""
        return self._transport.host

    @property
    def origin(self) -> str:
        """`https://acme.bitrix24.example`, the beginning of links to cards."""
        return self._transport.origin

    def call(self, method: str, params: Mapping[str, Any] | None = None) -> Any:
        """The `result` of one call; for what a batch cannot express, such as an empty list."""
        return self._patiently(method, params or {}, {method})["result"]

    def batch(self, commands: Mapping[str, Command], *, halt: bool = False) -> dict[str, Reply]:
        """Up to 50 commands in one request. Their own errors are in the replies; the request's are raised."""
        if not commands:
            return {}
        reply = self._patiently("batch", self._packed(commands, halt=halt), {c.method for c in commands.values()})
        return self._understood(reply, commands)

    def wait(self, commands: Mapping[str, Command]) -> None:
        """Returns when a batch of these commands may leave. For bulk work, which waits in one place."""
        self._take_turn("batch", {c.method for c in commands.values()})

    def batch_at_once(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """Like `batch`, for which somebody has waited already: one request, no repetition."""
        return self._understood(self._post("batch", self._packed(commands, halt=False)), commands)

    def read(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """Any number of harmless commands, packed and side by side, tried again where the portal was busy."""
        return bulk.read(self, commands, sleep=self._sleep)

    def together(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """Up to 50 harmless commands in one request, tried again where the portal was busy.

        They keep their names, so that a `Reference` may lead to another's result.
        """
        for attempt in Retrying(
            retry=retry_if_exception(_is_worth_asking_again),
            wait=wait_random_exponential(multiplier=0.5, max=4),
            stop=stop_after_attempt(3),
            sleep=self._sleep,
            reraise=True,
        ):
            with attempt:
                return self.batch(commands)
        raise AssertionError("unreachable")

    def items(self, entity_type_id: int, ids: Iterable[int], select: Sequence[str]) -> dict[int, dict[str, Any]]:
        """The items by id, 2,500 a request. Absent ids are deleted, or hidden from the webhook's owner."""
        return lists.items(self, entity_type_id, ids, select)

    def pages(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        rows: str | None = "items",
        after: int | None = None,
        guess: lists.Guess | None = None,
    ) -> Iterator[dict[str, Any]]:
        """All rows of a list method by ascending id; see `lists.pages`."""
        return lists.pages(self, method, params, rows=rows, after=after, guess=guess, sleep=self._sleep)

    def item_pages(
        self, kinds: Mapping[int, lists.Guess], select: Sequence[str]
    ) -> Iterator[tuple[int, list[dict[str, Any]], int]]:
        """All items of several types; see `lists.item_pages`."""
        return lists.item_pages(self, kinds, select, sleep=self._sleep)

    def _packed(self, commands: Mapping[str, Command], *, halt: bool) -> dict[str, Any]:
        if len(commands) > MOST_COMMANDS:
            raise ValueError(f"a batch holds {MOST_COMMANDS} commands, not {len(commands)}")
        return {"halt": int(halt), "cmd": {name: encode(c, commands) for name, c in commands.items()}}

    def _patiently(self, method: str, params: Mapping[str, Any], methods: set[str]) -> dict[str, Any]:
        attempts = Retrying(
            retry=retry_if_exception(_is_worth_repeating),
            wait=wait_random_exponential(multiplier=0.5, max=4),
            stop=stop_after_attempt(5),
            sleep=self._sleep,
            reraise=True,
        )
        for attempt in attempts:
            with attempt:
                self._take_turn(method, methods)
                return self._post(method, params)
        raise AssertionError("unreachable")

    def _take_turn(self, method: str, methods: set[str]) -> None:
        self._limiter.wait(methods, background=self._background)
        if not self._has_time():
            raise Busy(method, NO_TIME, "the function's time is nearly over", applied=False)

    def _post(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        try:
            reply = self._transport.post(method, params)
        except PortalError as error:
            self._teach(error)
            raise
        self._learn(method, reply.get("time"))
        return reply

    def _understood(self, reply: Mapping[str, Any], commands: Mapping[str, Command]) -> dict[str, Reply]:
        for method, spent in operating(reply["result"], commands):
            self._learn(method, spent)
        replies = decode(reply["result"], commands)
        self.seen.note(commands, replies)
        for error in {r.error.method: r.error for r in replies.values() if r.error}.values():
            self._teach(error)
        return replies

    def _learn(self, method: str, spent: Any) -> None:
        used, seconds = (number(spent.get("operating")) if isinstance(spent, dict) else None), reset_in(spent)
        if used and seconds:
            self._windows_end[method] = self._clock() + seconds
            self._limiter.learn(method, used, self._windows_end[method])

    def _teach(self, error: PortalError) -> None:
        """A lost right that one call met is remembered for the others."""
        if isinstance(error, Busy) and error.code == "OPERATION_TIME_LIMIT":
            # The refusal tells no time: the method's last answer told when its window ends.
            left = self._windows_end.get(error.method, 0.0) - self._clock()
            error.retry_after = left if left > 0 else _PARK_WITHOUT_A_TIME
            self._limiter.park(error.method, self._clock() + error.retry_after)
        elif isinstance(error, Busy) and _is_limit(error):
            self._limiter.pause(error.retry_after or _PAUSE_AFTER_LIMIT)
        elif isinstance(error, AccessLost) and error.code == "OVERLOAD_LIMIT":
            self._limiter.pause(_PAUSE_AFTER_OVERLOAD)
        elif isinstance(error, AccessLost) and error.code in _NOTHING_WORKS:
            self._limiter.pause(_PAUSE_AFTER_LOST_RIGHT)
        elif isinstance(error, AccessLost) and not is_dispensable(error.right):
            self._limiter.park(error.method, self._clock() + _PAUSE_AFTER_LOST_RIGHT)


def _is_worth_asking_again(error: BaseException) -> bool:
    return isinstance(error, Busy) and error.code != NO_TIME


def _is_worth_repeating(error: BaseException) -> bool:
    return isinstance(error, Busy) and (_is_limit(error) or error.code == "NO_CONNECTION")


def _is_limit(error: Busy) -> bool:
    """The rate limit, by its code or by a bare 429."""
    return error.code == "QUERY_LIMIT_EXCEEDED" or (error.status == 429 and error.code != "OPERATION_TIME_LIMIT")
