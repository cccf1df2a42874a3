"""The journal: every write to the portal, with robot, rule, old and new value, and the event behind it."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from crm_robots.records.batches import write_rows

_KEPT_SECONDS = 180 * 24 * 3600


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One write. `number` is unique within robot and item, so that writing an entry again changes nothing."""

    item: str
    robot: str
    rule: str
    action: str
    number: str
    event: str
    ts: int
    """The event's time on the portal's clock, unix seconds; entries of one item stand in its order."""
    field: str = ""
    old: Any = None
    new: Any = None
    run: str = ""


class Journal:
    """Entries of one DynamoDB table, by item, by day and by run."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def write(self, entries: Iterable[Entry]) -> None:
        """Keeps the entries for 180 days."""
        unlike = {(row["item"]["S"], row["at"]["S"]): row for row in map(_row, entries)}
        write_rows(self._client, self._table, unlike.values())


def _row(entry: Entry) -> dict[str, Any]:
    moment = datetime.fromtimestamp(entry.ts, UTC)
    row = {
        "item": {"S": entry.item},
        "at": {"S": f"{moment:%Y-%m-%dT%H:%M:%SZ}#{entry.robot}#{entry.number}"},
        # The day of writing by our clock, so that the newest entries are found whatever the portal's clock says.
        "day": {"S": f"{datetime.now(UTC):%Y-%m-%d}"},
        "entry": {"S": msgspec.json.encode(entry).decode()},
        "expires": {"N": str(int(time.time()) + _KEPT_SECONDS)},
    }
    return row | ({"run": {"S": entry.run}} if entry.run else {})
