"""What the portal calls things, from the settings table: fields as of the last publication, people as last read."""

import time
import zlib
from collections.abc import Callable
from typing import Any

import msgspec

from crm_robots.records.batches import read_rows
from crm_robots.records.directory import PEOPLE, people_of
from crm_robots.shared.words.catalog import Catalog
from crm_robots.shared.words.values import Words

_KEPT_SECONDS = 45
WORDS = "words"


class Vocabulary:
    """Read when something is written into the journal, and kept for a while."""

    def __init__(self, client: Any, table: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._until = float("-inf")
        self._words = Words()

    def __call__(self) -> Words:
        """The words of now."""
        if self._clock() >= self._until:
            keys = ({"section": {"S": name}} for name in (WORDS, PEOPLE))
            rows = {row["section"]["S"]: row for row in read_rows(self._client, self._table, keys)}
            self._words = Words(_catalog(rows.get(WORDS)), people_of(rows.get(PEOPLE)))
            self._until = self._clock() + _KEPT_SECONDS
        return self._words


def catalog_row(catalog: Catalog) -> dict[str, Any]:
    """Compressed: an item holds 400 KB, a portal may have thousands of dropdown items."""
    return {"section": {"S": WORDS}, "catalog": {"B": zlib.compress(msgspec.json.encode(catalog))}}


def _catalog(row: dict[str, Any] | None) -> Catalog:
    return msgspec.json.decode(zlib.decompress(row["catalog"]["B"]), type=Catalog) if row else Catalog()
