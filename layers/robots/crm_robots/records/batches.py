"""DynamoDB's batches: many rows per request, and what it had no time for asked again."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

_MOST_KEYS = 100
"""BatchGetItem takes no more."""
_MOST_ROWS = 25
"""BatchWriteItem takes no more."""

type Row = dict[str, Any]


def read_rows(client: Any, table: str, keys: Iterable[Row]) -> Iterator[Row]:
    """The rows of these keys, as they are now; those that do not exist are missing."""
    for chunk in batched(keys, _MOST_KEYS, strict=False):
        left = list(chunk)
        while left:
            reply = client.batch_get_item(RequestItems={table: {"Keys": left, "ConsistentRead": True}})
            yield from reply["Responses"].get(table, [])
            left = reply.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])


def write_rows(client: Any, table: str, rows: Iterable[Row]) -> None:
    """Puts the rows. DynamoDB refuses a request that holds one twice."""
    for chunk in batched(rows, _MOST_ROWS, strict=False):
        pending = {table: [{"PutRequest": {"Item": row}} for row in chunk]}
        while pending:
            pending = client.batch_write_item(RequestItems=pending).get("UnprocessedItems", {})
