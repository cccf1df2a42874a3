"""Parameters of the stack: the secrets, the host of a portal that was renamed, the addresses of Bitrix24's queue."""

import time
from collections.abc import Callable
from typing import Any

_KEPT_SECONDS = 60
PORTAL_WEBHOOK = "secrets/portal-webhook"
PORTAL_HOST = "state/portal-host"
QUEUE_ADDRESSES = "state/queue-addresses"


class MissingParameter(Exception):  # noqa: N818 - its message is for the administrator
    """A parameter that an administrator must set first."""


class Parameters:
    """SSM parameters below `/{stack}/`. A value is kept for a minute, so a rotated secret needs no deployment."""

    def __init__(self, client: Any, stack: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._stack = stack
        self._clock = clock
        self._kept: dict[str, tuple[float, str]] = {}

    def get(self, name: str) -> str:
        """`secrets/portal-webhook` and the like; `MissingParameter` names the one that is not set."""
        until, value = self._kept.get(name, (0.0, ""))
        if self._clock() >= until:
            value = self._read(name)
            self._kept[name] = (self._clock() + _KEPT_SECONDS, value)
        return value

    def put(self, name: str, value: str) -> None:
        """Writes a plain parameter; one of more than 4 KB becomes an advanced one, which holds 8."""
        self._client.put_parameter(
            Name=f"/{self._stack}/{name}", Value=value, Type="String", Tier="Intelligent-Tiering", Overwrite=True
        )
        self._kept.pop(name, None)

    def below(self, path: str) -> dict[str, str]:
        """All parameters of that path as they are now, by the last part of their names."""
        prefix = f"/{self._stack}/{path}"
        pages = self._client.get_paginator("get_parameters_by_path").paginate(Path=prefix)
        rows = (row for page in pages for row in page["Parameters"])
        return {row["Name"].rpartition("/")[2]: row["Value"] for row in rows}

    def _read(self, name: str) -> str:
        path = f"/{self._stack}/{name}"
        reply = self._client.get_parameters(Names=[path], WithDecryption=True)
        if not reply["Parameters"]:
            raise MissingParameter(f"the parameter {path} is not set")
        value: str = reply["Parameters"][0]["Value"]
        return value.strip()
