"""DynamoDB's batches: many rows per request, and what it had no time for asked again."""

import random
import time
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

_MOST_KEYS = 100
"""BatchGetItem takes no more."""
_LONGEST_WAIT = 2.0
_MOST_ROWS = 25
"""BatchWriteItem takes no more."""

type Row = dict[str, Any]


def read_rows(client: Any, table: str, keys: Iterable[Row]) -> Iterator[Row]:
    """The rows of these keys, as they are now; those that do not exist are missing."""
    for chunk in batched(keys, _MOST_KEYS, strict=False):
        left, waits = list(chunk), _waits()
        while left:
            reply = client.batch_get_item(RequestItems={table: {"Keys": left, "ConsistentRead": True}})
            yield from reply["Responses"].get(table, [])
            left = reply.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            if left:
                time.sleep(next(waits))


def write_rows(client: Any, table: str, rows: Iterable[Row]) -> None:
    """Puts the rows. DynamoDB refuses a request that holds one twice."""
    for chunk in batched(rows, _MOST_ROWS, strict=False):
        pending = {table: [{"PutRequest": {"Item": row}} for row in chunk]}
        waits = _waits()
        while pending:
            pending = client.batch_write_item(RequestItems=pending).get("UnprocessedItems", {})
            if pending:
                time.sleep(next(waits))


def _waits() -> Iterator[float]:
    """Seconds before DynamoDB is asked again for what it had no time for: it asks for room, and more each time."""
    longest = 0.05
    while True:
        yield random.uniform(longest / 2, longest)  # noqa: S311 - it spreads waits
        longest = min(2 * longest, _LONGEST_WAIT)
