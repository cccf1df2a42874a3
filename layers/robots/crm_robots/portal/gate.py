"""Who may send us webhooks: whoever knows a token, on behalf of our portal."""

import hmac
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crm_robots.portal.events import Webhook


@dataclass(frozen=True)
class Gate:
    """`tokens`: one per outgoing webhook. `hosts`: the portal's, and where it moved to; with port or without."""

    tokens: tuple[str, ...]
    hosts: tuple[str, ...]

    @classmethod
    def of(cls, portal_webhook: str, tokens: str, moved_to: str = "") -> "Gate":
        """From the texts that the parameters hold."""
        hosts = (urlsplit(portal_webhook.strip()).netloc.rpartition("@")[2], moved_to.strip())
        return cls(tuple(filter(None, map(str.strip, tokens.split(",")))), tuple(filter(None, hosts)))

    def refusal(self, webhook: Webhook, query_token: str) -> str:
        """Why the webhook is refused, in a sentence; empty when it may pass.

        Automation rules send no token of their own, so theirs stands in the address, and they must name the portal.
        """
        if not self._knows(webhook.token or query_token):
            return "The token is unknown: it must be one of the application tokens that are stored for this portal."
        if not webhook.domain and webhook.token:
            return ""
        if not any(_is_same(webhook.domain, host) for host in self.hosts):
            return "auth[domain] is not the portal that this installation works for."
        return ""

    def is_strange(self, webhook: Webhook, query_token: str) -> bool:
        """The token is ours and the portal is not: perhaps it was renamed."""
        return self._knows(webhook.token or query_token) and bool(self.refusal(webhook, query_token))

    def with_host(self, host: str) -> "Gate":
        """The same, open to one more of the portal's names."""
        return replace(self, hosts=(*self.hosts, *filter(None, [host])))

    def _knows(self, token: str) -> bool:
        """Compares with every token, each in constant time."""
        given = token.encode(errors="replace")
        matches = [hmac.compare_digest(given, known.encode()) for known in self.tokens]
        return bool(given) and any(matches)


def _is_same(domain: str, host: str) -> bool:
    (name, port), (known_name, known_port) = _split(domain), _split(host)
    return name == known_name and (not port or not known_port or port == known_port)


def _split(host: str) -> tuple[str, str]:
    name, _, port = host.strip().lower().partition(":")
    return name.rstrip("."), port
