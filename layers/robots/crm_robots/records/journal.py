"""The journal: every write to the portal, with robot, rule, old and new value, and the event behind it."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from crm_robots.records.batches import write_rows
from crm_robots.records.compressed import compressed, text_of
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
        """Keeps the entries for 180 days; those of one item and event in one row."""
        alike: dict[tuple[str, str, bool], list[Entry]] = {}
        for entry in entries:
            # Under other cards it stands without the keys of the indexes: once in a day or a run.
            for item in dict.fromkeys((entry.item, *entry.also)):
                alike.setdefault((item, f"{entry.robot} {entry.ts} {entry.run}", item == entry.item), []).append(entry)
        rows = [_row(item, some, is_own=is_own) for (item, _, is_own), some in alike.items()]
        write_rows(self._client, self._table, rows)


def read(rows: Iterable[dict[str, Any]], *, newest_first: bool = False) -> Iterator[Entry]:
    """The entries of these rows, each once: a retry after a crash may have written some of them again."""
    known: set[tuple[str, str]] = set()
    for row in rows:
        found = _entries(row)
        for entry in reversed(found) if newest_first else found:
            if (entry.item, entry.id) not in known:
                known.add((entry.item, entry.id))
                yield entry


def _row(item: str, entries: Sequence[Entry], *, is_own: bool) -> dict[str, Any]:
    first = entries[0]
    moment = datetime.fromtimestamp(first.ts, UTC)
    # How many there are is part of the key: a retry that knows of fewer must not replace what was known before.
    number = first.number if len(entries) == 1 else f"{first.number}+{len(entries) - 1}"
    row = {
        "item": {"S": item},
        "at": {"S": f"{moment:%Y-%m-%dT%H:%M:%SZ}#{first.robot}#{number}"},
        "entries": compressed(msgspec.json.encode(entries).decode()),
        "expires": {"N": str(int(time.time()) + _KEPT_SECONDS)},
    }
    if is_own:
        # The day of writing by our clock, so that the newest entries are found whatever the portal's clock says.
        row["day"] = {"S": f"{datetime.now(UTC):%Y-%m-%d}"}
    return row | ({"run": {"S": first.run}} if is_own and first.run else {})


def _entries(row: dict[str, Any]) -> list[Entry]:
    if "entry" in row:  # a row of an older version holds one
        return [msgspec.json.decode(row["entry"]["S"], type=Entry)]
    return msgspec.json.decode(text_of(row["entries"]), type=list[Entry])


__all__ = ["Entry", "Journal", "Told", "read"]
