"""When each robot last had an event, for `robots doctor`. Noted once a minute per container: it costs a write."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

_SPACING_SECONDS = 60
_SAME_CLOCK = 3600
"""A larger change between the portal's clock and ours, in seconds, is noted at once."""
_KEPT_SECONDS = 400 * 24 * 3600
ROBOT = "heartbeat"
"""The sort key of these rows in the memory table."""
_HOSTS = "portal:hosts"
"""The partition of the hosts that webhooks named; the host is the sort key."""
_HOST_SPACING_SECONDS = 24 * 3600
_MOST_HOSTS = 20
"""Whoever knows a token may name any host; this many a day are noted per container."""


class Heartbeat:
    """Notes a robot's events in the memory table."""

    def __init__(self, client: Any, table: str, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._noted: dict[str, float] = {}
        self._ahead: dict[str, float] = {}
        self._hosts: dict[str, float] = {}

    def note(self, robot: str, ahead: float) -> None:
        """A webhook reached the robot. `ahead`: seconds by which the portal's clock was ahead of ours when it came."""
        now = self._clock()
        is_same_clock = abs(ahead - self._ahead.get(robot, ahead)) < _SAME_CLOCK
        if is_same_clock and now - self._noted.get(robot, 0.0) < _SPACING_SECONDS:
            return
        self._noted[robot], self._ahead[robot] = now, ahead
        row = {
            "item": {"S": f"robot:{robot}"},
            "robot": {"S": ROBOT},
            "seen": {"S": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")},
            "ahead": {"N": f"{ahead:.0f}"},
            "version": {"N": "1"},
            "expires": {"N": str(int(now) + _KEPT_SECONDS)},
        }
        self._client.put_item(TableName=self._table, Item=row)

    def note_hosts(self, hosts: Iterable[str]) -> None:
        """Webhooks named these hosts (W4). Each is noted once a day."""
        now = self._clock()
        self._hosts = {host: at for host, at in self._hosts.items() if now - at < _HOST_SPACING_SECONDS}
        for host in hosts:
            if host in self._hosts or len(self._hosts) >= _MOST_HOSTS:
                continue
            self._hosts[host] = now
            row = {
                "item": {"S": _HOSTS},
                "robot": {"S": host},
                "seen": {"S": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")},
                "version": {"N": "1"},
                "expires": {"N": str(int(now) + _KEPT_SECONDS)},
            }
            self._client.put_item(TableName=self._table, Item=row)

    def hosts(self) -> dict[str, datetime]:
        """The hosts that webhooks named, and about when last."""
        reply = self._client.query(
            TableName=self._table,
            KeyConditionExpression="#item = :hosts",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues={":hosts": {"S": _HOSTS}},
        )
        return {row["robot"]["S"]: datetime.fromisoformat(row["seen"]["S"]) for row in reply["Items"]}

    def last(self, robot: str) -> datetime | None:
        """When the robot last had an event; None: never."""
        row = self._row(robot)
        return datetime.fromisoformat(row["seen"]["S"]) if row else None

    def clocks(self, robot: str) -> tuple[float, float] | None:
        """Our clock and the portal's at the robot's last event, unix seconds; None: there was none."""
        row = self._row(robot)
        if "ahead" not in row:
            return None
        ours = datetime.fromisoformat(row["seen"]["S"]).timestamp()
        return ours, ours + float(row["ahead"]["N"])

    def _row(self, robot: str) -> dict[str, Any]:
        key = {"item": {"S": f"robot:{robot}"}, "robot": {"S": ROBOT}}
        row: dict[str, Any] = self._client.get_item(TableName=self._table, Key=key).get("Item", {})
        return row
