"""Who may send us webhooks: whoever knows a token, under any of the portal's names unless the settings list them."""

import hmac
from dataclasses import dataclass

from crm_robots.portal.hosts import Host, read_host


@dataclass(frozen=True)
class Sender:
    """What a webhook says of where it comes from. The token is a password: shown and logged nowhere."""

    token: str
    domain: str = ""
    """`auth[domain]`: the name under which somebody worked; empty where Bitrix24 sends none."""


@dataclass(frozen=True)
class Gate:
    """`tokens`: one per outgoing webhook. `hosts`: the only names that are taken; empty: any, the token decides."""

    tokens: tuple[str, ...]
    hosts: tuple[Host, ...] = ()

    @classmethod
    def of(cls, tokens: str, hosts: str = "") -> "Gate":
        """From the texts that the parameters hold, each a list with commas."""
        known = (read_host(host) for host in hosts.split(","))
        return cls(tuple(filter(None, map(str.strip, tokens.split(",")))), tuple(filter(None, known)))

    def refusal(self, sender: Sender) -> str:
        """Why the webhook is refused, in a sentence; empty when it may pass.

        A portal's own jobs and automation rules may name no host: then the token is all there is.
        """
        if not self.knows(sender.token):
            return "The token is unknown: it must be one of the application tokens that are stored for this portal."
        if not sender.domain or not self.hosts:
            return ""
        host = read_host(sender.domain)
        if host is None or not any(known.covers(host) for known in self.hosts):
            return "auth[domain] is none of the hosts that the settings name in portal.hosts."
        return ""

    def knows(self, token: str) -> bool:
        """Compares with every token, each in constant time."""
        given = token.encode(errors="replace")
        matches = [hmac.compare_digest(given, known.encode()) for known in self.tokens]
        return bool(given) and any(matches)
