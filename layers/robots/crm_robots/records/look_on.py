"""The index `by_look_on`: rows that want to be looked at on a day, found by that day (memory and timers have one each).

Only rows with such a day stand in it. The index is spread over a few keys; one key accepts 1,000 writes a second.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from zlib import crc32

SHARDS = tuple(str(number) for number in range(8))


def shard_of(item: str) -> str:
    """Under which key of the index an item's row stands."""
    return SHARDS[crc32(item.encode()) % len(SHARDS)]


def attributes(item: str, day: date) -> dict[str, Any]:
    """What puts a row into the index."""
    return {"look_on": {"S": day.isoformat()}, "shard": {"S": shard_of(item)}}


def due_rows(client: Any, table: str, until: date) -> Iterator[list[dict[str, Any]]]:
    """Keys of the rows whose day is `until` or earlier, soonest first within a shard, page by page.

    The index follows a write after a moment, so a row that was changed meanwhile may come again.
    """
    for shard in SHARDS:
        yield from pages(
            client.query,
            TableName=table,
            IndexName="by_look_on",
            KeyConditionExpression="#shard = :shard AND #look_on <= :until",
            ExpressionAttributeNames={"#shard": "shard", "#look_on": "look_on"},
            ExpressionAttributeValues={":shard": {"S": shard}, ":until": {"S": until.isoformat()}},
        )


def pages(ask: Any, **request: Any) -> Iterator[list[dict[str, Any]]]:
    """All pages of a query or a scan that hold something."""
    start: dict[str, Any] = {}
    while True:
        reply = ask(**request, **start)
        if reply["Items"]:
            yield reply["Items"]
        if "LastEvaluatedKey" not in reply:
            return
        start = {"ExclusiveStartKey": reply["LastEvaluatedKey"]}
