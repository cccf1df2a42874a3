"""Reads the parameters by which webhooks are accepted, and reads them again when an unknown token comes.

A renamed portal may send its new name before any robot has called it; then the portal is asked.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from crm_robots.portal.events import Webhook
from crm_robots.portal.gate import Gate
from crm_robots.portal.queue_addresses import QueueAddresses
from crm_robots.portal.rename import new_host
from crm_robots.records.parameters import PORTAL_HOST, PORTAL_WEBHOOK, QUEUE_ADDRESSES

logger = Logger(child=True)

_FRESH_SECONDS = 10
# Wrong tokens may come fast, but Parameter Store accepts only 40 requests a second from all callers.
_MOST_KNOCKS = 10
_KNOCKS_PER_SECOND = 0.5
_ASK_PORTAL_EVERY = 20
_TOKENS = "secrets/application-tokens"


@dataclass(frozen=True)
class Caller:
    """The caller as the API saw it, without the token or anything else that the webhook says of itself."""

    address: str
    at: float
    """Unix seconds."""


class Gatekeeper:
    """The gate of one stack; `clock` counts seconds, from anywhere. `moved`: where a webhook's address redirects.

    `by_address`: whether webhooks are taken from the addresses of Bitrix24's queue alone.
    """

    def __init__(
        self,
        client: Any,
        stack: str,
        clock: Callable[[], float] = time.monotonic,
        moved: Callable[[str], str] = new_host,
        *,
        by_address: bool = False,
    ) -> None:
        self._client = client
        wanted = [PORTAL_WEBHOOK, _TOKENS, PORTAL_HOST, *([QUEUE_ADDRESSES] if by_address else [])]
        self._names = [f"/{stack}/{name}" for name in wanted]
        self._clock = clock
        self._moved = moved
        self._gate = Gate((), ())
        self._addresses = QueueAddresses()
        self._webhook = ""
        self._new_name = ""
        self._asked_at = float("-inf")
        self._read_at = float("-inf")
        self._knocks = float(_MOST_KNOCKS)
        self._knocked_at = clock()

    def refusal(self, webhook: Webhook, query_token: str, caller: Caller) -> str:
        """Why the webhook is refused; empty when it may pass. A new token works from its first use on (W4)."""
        is_fresh = self._clock() - self._read_at <= _FRESH_SECONDS
        if not is_fresh:
            self._read()
        refused = self._gate.refusal(webhook, query_token)
        if stranger := self._addresses.refusal(caller.address, caller.at):
            if not refused:  # a stolen token, or a list that is not our portal's: an alarm counts these lines
                logger.error("a known token came from an unknown address", address=caller.address)
            return stranger  # says nothing about the token, so that nobody can try tokens from anywhere
        if refused and is_fresh and self._may_look_again():
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
        webhook, tokens, moved_to, *addresses = (held.get(name, "") for name in self._names)
        self._addresses = QueueAddresses.of("".join(addresses))
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
