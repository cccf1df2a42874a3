"""The journal: every write to the portal, with robot, rule, old and new value, and the event behind it."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from crm_robots.records.batches import write_rows
from crm_robots.shared.words.values import Words
from crm_robots.shared.written import Entry, Told

_KEPT_SECONDS = 180 * 24 * 3600


class Journal:
    """Entries of one DynamoDB table, by item, by day and by run. `words`: what the portal calls things now."""

    def __init__(self, client: Any, table: str, words: Callable[[], Words] = Words) -> None:
        self._client = client
        self._table = table
        self.words = words

    def write(self, entries: Iterable[Entry]) -> None:
        """Keeps the entries for 180 days."""
        rows = (row for entry in entries for row in _rows(entry))
        unlike = {(row["item"]["S"], row["at"]["S"]): row for row in rows}
        write_rows(self._client, self._table, unlike.values())


def _rows(entry: Entry) -> Iterator[dict[str, Any]]:
    row = _row(entry)
    yield row
    # Under other cards it stands without the keys of the indexes: one write unit more, and once in a day or a run.
    bare = {name: value for name, value in row.items() if name not in ("day", "run")}
    yield from (bare | {"item": {"S": item}} for item in entry.also)


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


__all__ = ["Entry", "Journal", "Told"]
