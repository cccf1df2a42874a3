"""Reads the parameters behind the gate, and reads them again when somebody knocks with a token that is new.

A portal that was renamed names itself anew in its events, perhaps before any robot has called it; then it is asked.
"""

import time
from collections.abc import Callable
from typing import Any

from crm_robots.bitrix24.events import Webhook
from crm_robots.bitrix24.gate import Gate
from crm_robots.bitrix24.rename import new_host

_FRESH_SECONDS = 10
# Wrong tokens may come as fast as they like; Parameter Store takes 40 requests a second from everyone together.
_MOST_KNOCKS = 10
_KNOCKS_PER_SECOND = 0.5
_ASK_PORTAL_EVERY = 20


class Gatekeeper:
    """The gate of one stack; `clock` counts seconds, from anywhere. `moved`: where a webhook's address redirects."""

    def __init__(
        self,
        client: Any,
        stack: str,
        clock: Callable[[], float] = time.monotonic,
        moved: Callable[[str], str] = new_host,
    ) -> None:
        self._client = client
        self._names = [
            f"/{stack}/secrets/portal-webhook",
            f"/{stack}/secrets/application-tokens",
            f"/{stack}/state/portal-host",
        ]
        self._clock = clock
        self._moved = moved
        self._gate = Gate((), ())
        self._webhook = ""
        self._new_name = ""
        self._asked_at = float("-inf")
        self._read_at = float("-inf")
        self._knocks = float(_MOST_KNOCKS)
        self._knocked_at = clock()

    def refusal(self, webhook: Webhook, query_token: str) -> str:
        """Why the webhook is refused; empty when it may pass. A new token works from its first use on (W4)."""
        refused = ""
        is_fresh = self._clock() - self._read_at <= _FRESH_SECONDS
        if is_fresh:
            refused = self._gate.refusal(webhook, query_token)
        if not is_fresh or (refused and self._may_look_again()):
            self._read()
            refused = self._gate.refusal(webhook, query_token)
        if refused and self._gate.is_strange(webhook, query_token) and self._may_ask_portal():
            self._new_name = self._moved(self._webhook)
            self._gate = self._gate.with_host(self._new_name)
            refused = self._gate.refusal(webhook, query_token)
        return refused

    def _read(self) -> None:
        reply = self._client.get_parameters(Names=self._names, WithDecryption=True)
        held = {one["Name"]: one["Value"] for one in reply["Parameters"]}
        webhook, tokens, moved_to = (held.get(name, "") for name in self._names)
        if webhook != self._webhook:
            self._webhook, self._new_name = webhook, ""
        self._gate = Gate.of(webhook, tokens, moved_to).with_host(self._new_name)
        self._read_at = self._clock()

    def _may_ask_portal(self) -> bool:
        if not self._webhook or self._clock() - self._asked_at < _ASK_PORTAL_EVERY:
            return False
        self._asked_at = self._clock()
        return True

    def _may_look_again(self) -> bool:
        now = self._clock()
        refilled = self._knocks + (now - self._knocked_at) * _KNOCKS_PER_SECOND
        self._knocked_at = now
        self._knocks = min(refilled, _MOST_KNOCKS)
        if self._knocks < 1:
            return False
        self._knocks -= 1
        return True
