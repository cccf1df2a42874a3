"""A portal with the documented limits and nothing else, on a clock that may run faster than ours.

The leaky bucket (50, then 2 a second, 503), batches whose commands run one after another at 150 ms each, the cut at
60 s, the count of a method's run time. `POST /bench` resets it, orders one fault, and tells what it has counted.
"""

import asyncio
import os
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

SECONDS_PER_COMMAND = 0.15
CARDS = 12_000
_CUT = 60.0


@dataclass(frozen=True, slots=True)
class Clock:
    """The portal's clock; it runs `speedup` times faster than ours."""

    speedup: float

    def now(self) -> float:
        """Seconds."""
        return time.time() * self.speedup

    def sleep(self, seconds: float) -> None:
        """Sleeps for that long on this clock."""
        time.sleep(seconds / self.speedup)


clock = Clock(float(os.environ.get("BENCH_SPEEDUP", "1")))


class Portal:
    """The portal's bucket, its cards, and what it was asked."""

    def __init__(self) -> None:
        self.reset({})

    def reset(self, orders: dict[str, Any]) -> None:
        """`fail_at`: number of the request that breaks after `fail_after` commands, as `fail_as` says."""
        self.orders = orders
        self.requests, self.refused = 0, 0
        self.level, self.emptied_at = 0.0, clock.now()
        self.applied: Counter[int] = Counter()
        self.statuses: dict[int, str] = {}
        self.blocked_until: dict[str, float] = defaultdict(float)
        self.run: defaultdict[str, float] = defaultdict(float)

    def counts(self) -> dict[str, Any]:
        """What was asked since the last reset."""
        return {
            "requests": self.requests,
            "refused": self.refused,
            "applied": len(self.applied),
            "twice": sum(times > 1 for times in self.applied.values()),
        }

    def admits(self) -> bool:
        """The leaky bucket."""
        now = clock.now()
        self.level = max(0.0, self.level - 2 * (now - self.emptied_at))
        self.emptied_at = now
        self.requests += 1
        if self.level + 1 > 50:
            self.refused += 1
            return False
        self.level += 1
        return True

    def batch(self, commands: dict[str, str]) -> tuple[int, Any, float]:
        """Status, body, and how long it takes."""
        ordered = self.requests == self.orders.get("fail_at")
        reply: dict[str, dict[str, Any]] = {
            part: {} for part in ("result", "result_error", "result_total", "result_next", "result_time")
        }
        for number, (name, command) in enumerate(commands.items()):
            method, _, query = command.partition("?")
            if ordered and number >= self.orders["fail_after"]:
                if self.orders["fail_as"] == "500":
                    return 500, "<html>Internal Server Error</html>", number * SECONDS_PER_COMMAND
                self.blocked_until[method] = clock.now() + 20
            self._execute(reply, name, method, _referred(_parsed(query), reply["result"]))
        seconds = len(commands) * SECONDS_PER_COMMAND
        if seconds > _CUT:
            return 504, "<html>Gateway Time-out</html>", _CUT
        result: dict[str, Any] = {part: value or [] for part, value in reply.items()}
        return 200, {"result": result, "time": _time(seconds, 0)}, seconds

    def _execute(self, reply: dict[str, dict[str, Any]], name: str, method: str, params: dict[str, Any]) -> None:
        if clock.now() < self.blocked_until[method]:
            reply["result_error"][name] = {"error": "OPERATION_TIME_LIMIT", "error_description": "blocked"}
            return
        result, total = self.answer(method, params)
        reply["result"][name] = result
        if total is not None:
            reply["result_total"][name] = total
            if (start := int(params.get("start", 0))) >= 0 and start + 50 < total:
                reply["result_next"][name] = start + 50
        self.run[method] += SECONDS_PER_COMMAND
        reply["result_time"][name] = _time(SECONDS_PER_COMMAND, self.run[method])

    def answer(self, method: str, params: dict[str, Any]) -> tuple[Any, int | None]:
        """The result of one command, and the total of a list."""
        if method.endswith(".update"):
            card = int(params["id" if "id" in params else "ID"])
            self.applied[card] += 1
            self.statuses[card] = params["fields"]["UF_CRM_STATUS"]
            return ({"item": {"id": params.get("id")}} if "item" in method else True), None
        if method.endswith(".list"):
            return self._page(method, params)
        return {"CONTACT": [int(params["values"][0][-4:]) + 1]}, None

    def _page(self, method: str, params: dict[str, Any]) -> tuple[Any, int]:
        key = "id" if "item" in method else "ID"
        wanted = params.get("filter", {})
        ids: Any = range(
            max(1, int(wanted.get(f">{key}", 0)) + 1), min(CARDS + 1, int(wanted.get(f"<{key}", CARDS + 1)))
        )
        if f"@{key}" in wanted:
            ids = [int(one) for one in wanted[f"@{key}"] if int(one) in ids]
        start = int(params.get("start", 0))
        if "DESC" in params.get("order", {}).values():
            ids = ids[::-1]
        rows = [
            {key: one, "title": f"Company {one}", "UF_CRM_STATUS": self.statuses.get(one, "5")}
            for one in ids[max(0, start) :][:50]
        ]
        total = len(ids) if start >= 0 else 0
        return ({"items": rows} if key == "id" else rows), total


def _referred(params: dict[str, Any], results: dict[str, Any]) -> dict[str, Any]:
    """References in a filter: an id of an earlier page, and no row at all where that page was not full."""
    wanted = {name: _looked_up(value, results) for name, value in params.get("filter", {}).items()}
    return params | ({"filter": wanted} if wanted else {})


def _looked_up(value: Any, results: dict[str, Any]) -> Any:
    if not str(value).startswith("$result"):
        return value
    page, *inside = re.findall(r"[^\[\]]+", str(value).removeprefix("$result"))
    found: Any = results.get(page)
    for part in inside:
        try:
            found = found[int(part) if isinstance(found, list) else part]
        except (IndexError, KeyError, TypeError):
            return CARDS
    return found


def _parsed(query: str) -> dict[str, Any]:
    """PHP's brackets, two levels deep."""
    params: dict[str, Any] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        names = re.findall(r"[^\[\]]+", key)
        if len(names) == 1:
            params[names[0]] = value
        elif len(names) == 2 and names[1].isdigit():
            params.setdefault(names[0], []).append(value)
        elif len(names) == 2:
            params.setdefault(names[0], {})[names[1]] = value
        else:
            params.setdefault(names[0], {}).setdefault(names[1], []).append(value)
    return params


def _time(seconds: float, operating: float) -> dict[str, Any]:
    now = clock.now()
    date = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")
    return {
        "start": now - seconds,
        "finish": now,
        "duration": seconds,
        "processing": seconds,
        "date_start": date,
        "date_finish": date,
        "operating": operating,
        "operating_reset_at": int(now + 600),
    }


portal = Portal()


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI: `/rest/<user>/<code>/<method>` and `/bench`."""
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    params = msgspec.json.decode(body or b"{}")
    method = scope["path"].rsplit("/", 1)[-1].removesuffix(".json")
    status, reply, seconds = _reply(method, params)
    await asyncio.sleep(seconds / clock.speedup)
    text = reply.encode() if isinstance(reply, str) else msgspec.json.encode(reply)
    kind = b"text/html" if isinstance(reply, str) else b"application/json"
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": text})


def _reply(method: str, params: dict[str, Any]) -> tuple[int, Any, float]:
    if method == "bench":
        counts = portal.counts()
        portal.reset(params)
        return 200, counts, 0
    if not portal.admits():
        return 503, {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}, 0
    if method == "batch":
        return portal.batch(params["cmd"])
    if method in {"app.info", "scope"}:
        return 200, {"result": ["crm"]}, 0
    result, total = portal.answer(method, {key.lower(): value for key, value in params.items()})
    reply = {"result": result, "time": _time(SECONDS_PER_COMMAND, 0)} | ({} if total is None else {"total": total})
    start = int(params.get("start", 0))
    return 200, reply | ({"next": start + 50} if total and start + 50 < total else {}), SECONDS_PER_COMMAND
