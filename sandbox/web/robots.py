"""The robots' journal and timers, if a stack runs on this machine."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from admin.stack import Stack

logger = logging.getLogger(__name__)
_NEWEST = 300
_PATIENCE = 0.3  # seconds: a page must not wait for a stack that does not run


class Robots(Protocol):
    """What a page asks about the robots."""

    def journal(self, item: str = "") -> list[Any] | None:
        """The newest writes, of all items or of one (`lead:17`), in any order; None: no stack here."""

    def timer(self, item: str) -> dict[str, Any] | None:
        """Status, since, due and last call of a client's card, as `robots inspect` tells it."""


class LocalRobots:
    """The stack of `.local/stack.json`. A stack of AWS is never asked: the page belongs to this machine.

    `address`: of the portal. A stack that serves another portal knows other cards by the same numbers.
    """

    def __init__(self, address: str) -> None:
        self._home = urlsplit(address).netloc
        self._known: tuple[str, Stack] | None = None

    def journal(self, item: str = "") -> list[Any] | None:
        """Entries of the journal table."""
        from admin.history import newest, of_item

        stack = self._stack()
        if stack is None:
            return None
        try:
            return list(of_item(stack, item) if item else newest(stack, _NEWEST))
        except Exception:
            self._lost("the journal")
            return None

    def timer(self, item: str) -> dict[str, Any] | None:
        """The timer of a card."""
        from admin.commands.inspect import timer
        from admin.settings_in_force import portal_zone

        stack = self._stack()
        if stack is None:
            return None
        try:
            return timer(stack, item, portal_zone(stack))
        except Exception:
            self._lost(f"the timer of {item}")
            return None

    def _lost(self, what: str) -> None:
        """The stack may have been deployed again: look its names up next time."""
        logger.exception("%s could not be read", what)
        self._known = None

    def _stack(self) -> Stack | None:
        """The local stack, if it listens and its robots work on this portal."""
        from admin.stack import Stack
        from admin.trouble import Trouble

        try:
            found = Stack.find(None)
        except (Trouble, OSError, ValueError):
            return None
        if found.endpoint is None or not _listens(found.endpoint):
            self._known = None
            return None
        if self._known is None or self._known[0] != found.endpoint:
            self._known = (found.endpoint, found) if self._ours(found) else None
        return self._known[1] if self._known else None

    def _ours(self, stack: Stack) -> bool:
        from crm_robots.records.parameters import PORTAL_WEBHOOK, Parameters

        try:
            webhook = Parameters(stack.client("ssm"), stack.name).get(PORTAL_WEBHOOK)
        except Exception:
            logger.info("a stack listens, and has no portal yet")
            return False
        return urlsplit(webhook).netloc == self._home


def _listens(endpoint: str) -> bool:
    address = urlsplit(endpoint)
    try:
        with socket.create_connection((address.hostname or "", address.port or 80), _PATIENCE):
            return True
    except OSError:
        return False
