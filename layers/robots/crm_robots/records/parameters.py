"""Parameters of the stack: the secrets, the hosts that webhooks may name, the addresses of Bitrix24's queue."""

import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

_KEPT_SECONDS = 60
PORTAL_WEBHOOK = "secrets/portal-webhook"
APPLICATION_TOKENS = "secrets/application-tokens"
SCAN_WEBHOOK = "secrets/scan-webhook"
"""Optional: an incoming webhook of its own for long reads, whose run time is counted apart."""
PORTAL_HOSTS = "state/portal-hosts"
ANY_HOST = ","
"""Of PORTAL_HOSTS: a list of none, since a parameter cannot be empty."""
QUEUE_ADDRESSES = "state/queue-addresses"


class MissingParameter(Exception):  # noqa: N818 - its message is for the administrator
    """A parameter that an administrator must set first."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"the parameter {path} is not set")


def is_same_portal(scans: str, webhook: str) -> bool:
    """Whether the webhook for scans is there and belongs to the portal of the other one."""
    hosts = {urlsplit(url.strip()).netloc.rpartition("@")[2] for url in (scans, webhook)}
    return bool(scans) and len(hosts) == 1


class Vault:
    """Reads parameters by their full names. Reading is free and decrypting is not, so a secret is decrypted when it is
    new: the version that comes with its ciphertext tells.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._asked: set[str] = set()
        self._opened: dict[str, tuple[Any, str]] = {}

    def read(self, names: Iterable[str]) -> dict[str, str]:
        """Values by name; what is not set is missing."""
        wanted = list(names)
        if not self._asked.issuperset(wanted):
            self._asked.update(wanted)
            return {name: self._keep(row) for name, row in self._rows(wanted, decrypted=True).items()}
        rows = self._rows(wanted, decrypted=False)
        changed = [name for name, row in rows.items() if _is_secret(row) and not self._is_kept(row)]
        opened = self._rows(changed, decrypted=True) if changed else {}
        for row in opened.values():
            self._keep(row)
        gone = set(changed) - opened.keys()
        return {
            name: self._opened[name][1] if _is_secret(row) else row["Value"]
            for name, row in rows.items()
            if name not in gone
        }

    def _rows(self, names: list[str], *, decrypted: bool) -> dict[str, Any]:
        reply = self._client.get_parameters(Names=names, WithDecryption=decrypted)
        return {row["Name"]: row for row in reply["Parameters"]}

    def _keep(self, row: dict[str, Any]) -> str:
        self._opened[row["Name"]] = _stamp(row), row["Value"]
        value: str = row["Value"]
        return value

    def _is_kept(self, row: dict[str, Any]) -> bool:
        return bool(self._opened.get(row["Name"], (None, ""))[0] == _stamp(row))


def _is_secret(row: dict[str, Any]) -> bool:
    return bool(row["Type"] == "SecureString")


def _stamp(row: dict[str, Any]) -> Any:
    """A parameter that was deleted and made again counts from 1."""
    return row["Version"], row.get("LastModifiedDate")


class Parameters:
    """SSM parameters below `/{stack}/`. A value is kept for a minute, so a rotated secret needs no deployment."""

    def __init__(self, client: Any, stack: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._vault = Vault(client)
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

    def find(self, name: str) -> str:
        """The same for an optional one; empty where it is not set, which is kept for a minute as well."""
        try:
            return self.get(name)
        except MissingParameter:
            self._kept[name] = (self._clock() + _KEPT_SECONDS, "")
            return ""

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
        found = self._vault.read([path])
        if path not in found:
            raise MissingParameter(path)
        return found[path].strip()
