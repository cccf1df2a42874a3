"""Incoming webhooks: who may call REST, as whom, and for what."""

from dataclasses import dataclass, field

from sandbox.portal.errors import Refusal
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables

SCOPES = [
    "crm",
    "task",
    "tasks",
    "user",
    "user_basic",
    "user_brief",
    "department",
    "im",
    "log",
    "calendar",
    "timeman",
    "telephony",
    "userfieldconfig",
    "basic",
]


@dataclass(frozen=True, slots=True)
class Caller:
    """The employee on whose behalf a call is made; `webhook` names the webhook in limits, never its code."""

    user_id: int
    scopes: frozenset[str]
    webhook: int
    secret_path: str = field(default="", repr=False)
    """`<user>/<code>`, which stands in the addresses of files that REST shows."""


class Incoming:
    """A webhook's code is a password: it is compared, and never shown again."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.incoming
        self._users = tables.users

    def add(self, user_id: int, code: str, scopes: list[str] | None = None) -> int:
        """Makes a webhook of an employee; without a list it has every scope."""
        row = {"userId": user_id, "code": code, "scopes": list(scopes or SCOPES), "revoked": False}
        webhook: int = self._table.add(row)["id"]
        return webhook

    def rows(self) -> list[Row]:
        """All webhooks."""
        return list(self._table)

    def revoke(self, webhook: int, *, revoked: bool = True) -> None:
        """Withdraws a webhook, or gives it back."""
        self._table.put({**self._table.rows[webhook], "revoked": revoked})

    def set_scopes(self, webhook: int, scopes: list[str]) -> None:
        """Ticks other scopes."""
        self._table.put({**self._table.rows[webhook], "scopes": scopes})

    def caller(self, user_id: str, code: str) -> Caller:
        """Whoever the address names; refuses wrong and withdrawn codes and dismissed owners."""
        for webhook in self._table.by("code", code.casefold()):
            if str(webhook["userId"]) == user_id and webhook["code"] == code and not webhook["revoked"]:
                return self._alive(webhook)
        raise Refusal("NO_AUTH_FOUND", "Wrong authorization data", 401)

    def _alive(self, webhook: Row) -> Caller:
        owner = self._users.get(webhook["userId"])
        if owner is None or not owner["ACTIVE"]:
            raise Refusal("AUTHORIZATION_ERROR", "Unable to authorize user", 401)
        scopes = frozenset(webhook["scopes"]) | {"basic"}
        return Caller(webhook["userId"], scopes, webhook["id"], f"{webhook['userId']}/{webhook['code']}")
