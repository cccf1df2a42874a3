"""Reads the parameters by which webhooks are accepted, and reads them again when an unknown token comes.

Bitrix24 never sends a webhook again, so what was read last holds for an hour while nothing can be read.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from crm_robots.portal.gate import Gate, Sender
from crm_robots.portal.queue_addresses import QueueAddresses
from crm_robots.records.parameters import APPLICATION_TOKENS, PORTAL_HOSTS, QUEUE_ADDRESSES, Vault

logger = Logger(child=True)

_FRESH_SECONDS = 10
_HOLDS_SECONDS = 3600
# A store that does not answer costs a webhook its time-outs, so it is not asked for each.
_BETWEEN_FAILURES = 30
# Wrong tokens may come fast, but Parameter Store accepts only 40 requests a second from all callers.
_MOST_KNOCKS = 10
_KNOCKS_PER_SECOND = 0.5


@dataclass(frozen=True)
class Caller:
    """The caller as the API saw it, without the token or anything else that the webhook says of itself."""

    address: str
    at: float
    """Unix seconds."""


class Gatekeeper:
    """The gate of one stack; `clock` counts seconds, from anywhere.

    `by_address`: whether webhooks are taken from the addresses of Bitrix24's queue alone.
    """

    def __init__(
        self, client: Any, stack: str, clock: Callable[[], float] = time.monotonic, *, by_address: bool = False
    ) -> None:
        self._vault = Vault(client)
        self._tokens = f"/{stack}/{APPLICATION_TOKENS}"
        self._hosts = f"/{stack}/{PORTAL_HOSTS}"
        self._listed = f"/{stack}/{QUEUE_ADDRESSES}"
        self._names = [self._tokens, self._hosts, *([self._listed] if by_address else [])]
        self._clock = clock
        self._gate = Gate(())
        self._addresses = QueueAddresses()
        self._good_at = float("-inf")
        self._look_at = float("-inf")
        self._knocks = float(_MOST_KNOCKS)
        self._knocked_at = clock()

    def refusal(self, sender: Sender, caller: Caller) -> str:
        """Why the webhook is refused; empty when it may pass. A new token works from its first use on (W4)."""
        is_fresh = self._clock() < self._look_at
        if not is_fresh:
            self._look()
        refused = self._gate.refusal(sender)
        if stranger := self._addresses.refusal(caller.address, caller.at):
            if not refused:  # a stolen token, or a list that is not our portal's: an alarm counts these lines
                logger.error("a known token came from an unknown address", address=caller.address)
            return stranger  # and no word on the token: nobody may try them out from anywhere
        if refused and is_fresh and sender.token and self._may_look_again():
            self._look()
            refused = self._gate.refusal(sender)
        return refused

    def _look(self) -> None:
        """Reads anew; what fails is told, and what was read last holds for an hour."""
        try:
            self._read()
        except (BotoCoreError, ClientError) as failure:
            now = self._clock()
            if now - self._good_at > _HOLDS_SECONDS:
                raise
            logger.error("the secrets cannot be read; the last ones hold", error=type(failure).__name__)
            self._look_at = now + _BETWEEN_FAILURES

    def _read(self) -> None:
        held = self._vault.read(self._names)
        self._gate = Gate.of(held.get(self._tokens, ""), held.get(self._hosts, ""))
        self._addresses = QueueAddresses.of(held.get(self._listed, ""))
        self._good_at = self._clock()
        self._look_at = self._good_at + _FRESH_SECONDS

    def _may_look_again(self) -> bool:
        now = self._clock()
        refilled = self._knocks + (now - self._knocked_at) * _KNOCKS_PER_SECOND
        self._knocked_at = now
        self._knocks = min(refilled, _MOST_KNOCKS)
        if self._knocks < 1:
            return False
        self._knocks -= 1
        return True
