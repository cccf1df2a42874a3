"""What the pages of a sandbox show of the robots: their journal and timers, when a stack runs on this machine.

SANDBOX_ROBOTS=admin.sandbox_page:LocalRobots python -m sandbox
"""

import logging
import socket
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crm_robots.records.parameters import PORTAL_WEBHOOK, Parameters

from admin.commands.inspect import timer
from admin.history import newest, of_item
from admin.in_words import documents
from admin.settings_in_force import portal_zone
from admin.stack import Stack
from admin.trouble import Trouble

logger = logging.getLogger(__name__)
_NEWEST = 300
_PATIENCE = 0.3  # seconds: a page does not wait for a stack that is not there


class LocalRobots:
    """The stack of `.local/stack.json`. A stack of AWS is never asked: the page belongs to this machine.

    `address`: of the portal. A stack that serves another portal knows other cards by the same numbers.
    """

    def __init__(self, address: str) -> None:
        self._home = urlsplit(address).netloc
        self._known: tuple[str, Stack] | None = None

    def journal(self, item: str = "") -> list[Any] | None:
        """Rows of the journal, in words."""
        stack = self._stack()
        if stack is None:
            return None
        try:
            return documents(of_item(stack, item) if item else newest(stack, _NEWEST), ZoneInfo("UTC"))
        except Exception:
            self._lost("the journal")
            return None

    def timer(self, item: str) -> dict[str, Any] | None:
        """The timer of a card."""
        stack = self._stack()
        if stack is None:
            return None
        try:
            return timer(stack, item, portal_zone(stack))
        except Exception:
            self._lost(f"the timer of {item}")
            return None

    def _lost(self, what: str) -> None:
        """The stack may have been made anew: next time its names are looked up again."""
        logger.exception("%s could not be read", what)
        self._known = None

    def _stack(self) -> Stack | None:
        """The local stack, if it listens and its robots work on this portal."""
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
