"""The addresses from which Bitrix24's queue sends webhooks, as published and as kept.

They come and go: a new one is published five to ten minutes before it is first used. Bitrix24 never sends a webhook
again, so in any doubt every address is accepted. The token decides; this list is a second check.

https://github.com/bitrix24/b24restdocs/blob/main/settings/cloud-and-on-premise/network-access.md
"""

import json
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

# The list is read every five minutes; after two failures an unknown address may be in use.
HOLDS_SECONDS = 10 * 60
# Webhooks that a leaving server has already taken from the queue still arrive.
GRACE_SECONDS = 60 * 60


class NoList(Exception):  # noqa: N818 - it says what was found
    """The text is no list of addresses; the earlier list stays."""


@dataclass(frozen=True)
class QueueAddresses:
    """`listed`: addresses and networks. `left`: those that are gone, and when each was last listed.

    `at`: when we asked. Times are unix seconds.
    """

    listed: tuple[str, ...] = ()
    left: dict[str, int] = field(default_factory=dict)
    at: int = 0

    @classmethod
    def of(cls, text: str) -> "QueueAddresses":
        """As `text` wrote it; a list of long ago where there is none, or another version wrote it."""
        try:
            held = json.loads(text)
            kept = cls(
                tuple(held["listed"]), {address: int(at) for address, at in held["left"].items()}, int(held["at"])
            )
            kept._networks  # noqa: B018 - it reads them
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()
        return kept

    def text(self) -> str:
        """For the parameter, which holds 8 KB."""
        return json.dumps({"at": self.at, "listed": self.listed, "left": self.left}, separators=(",", ":"))

    def followed_by(self, listed: tuple[str, ...], now: int) -> "QueueAddresses":
        """With the current list; addresses that left it are accepted for a while."""
        gone = self.left | dict.fromkeys(self.listed, self.at)
        left = {address: at for address, at in gone.items() if address not in listed and now - at <= GRACE_SECONDS}
        return QueueAddresses(listed, left, now)

    def holds(self, now: float) -> bool:
        """Whether the list is new enough to be used."""
        return bool(self.listed) and now - self.at <= HOLDS_SECONDS

    def refusal(self, address: str, now: float) -> str:
        """Why a webhook from there is refused; empty when it may pass."""
        if not self.holds(now) or self._has(address):
            return ""
        return "Webhooks are taken from the addresses of Bitrix24's queue alone, and yours is none of them."

    def _has(self, address: str) -> bool:
        try:
            asked = ip_address(address)
        except ValueError:
            return False
        return any(asked in network for network in self._networks)

    @cached_property
    def _networks(self) -> list[IPv4Network | IPv6Network]:
        return [ip_network(address) for address in (*self.listed, *self.left)]


def read_list(body: bytes) -> tuple[str, ...]:
    """The addresses of a published list, each once. One unreadable entry makes the list invalid: it may be the next
    address in use."""
    try:
        nodes = json.loads(body)["nodes"]
        found = [str(ip_network(node.strip(), strict=False)) for node in nodes]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NoList("it is not a list of addresses") from None
    if not found:
        raise NoList("it is empty")
    return tuple(dict.fromkeys(found))
