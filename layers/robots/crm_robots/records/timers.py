"""The timers table: one row per card, found by item, or by the day on which the timer wants to be looked at.

A row is the client-status robot's memory of the card: `timer_records` reads and writes it whole. Only the newest
call is written here, by itself: one write unit, no version, so that calls and changes never conflict.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import batched
from typing import Any
from zlib import crc32

SHARDS = tuple(str(number) for number in range(8))
"""The index is spread over so many keys; one key accepts 1,000 writes a second."""
_MOST_KEYS = 100
"""BatchGetItem takes no more."""


def shard_of(item: str) -> str:
    """Under which key of the index a card's timer stands."""
    return SHARDS[crc32(item.encode()) % len(SHARDS)]


class TimersTable:
    """Rows of one DynamoDB table, in its own spelling."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.name = table

    def rows(self, items: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The rows of these cards; those that have none are missing."""
        found: dict[str, dict[str, Any]] = {}
        for chunk in batched(dict.fromkeys(items), _MOST_KEYS, strict=False):
            keys = [{"item": {"S": item}} for item in chunk]
            while keys:
                request = {self.name: {"Keys": keys, "ConsistentRead": True}}
                reply = self.client.batch_get_item(RequestItems=request)
                found |= {row["item"]["S"]: row for row in reply["Responses"].get(self.name, [])}
                keys = reply.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
        return found

    def due(self, until: date) -> Iterator[list[str]]:
        """Cards whose timers want to be looked at by that day, soonest first within a shard, page by page. The index
        follows a write after a moment, so a card that was changed meanwhile may come again.
        """
        for shard in SHARDS:
            pages = self._pages(
                "query",
                IndexName="by_look_on",
                KeyConditionExpression="#shard = :shard AND #look_on <= :until",
                ExpressionAttributeNames={"#shard": "shard", "#look_on": "look_on"},
                ExpressionAttributeValues={":shard": {"S": shard}, ":until": {"S": until.isoformat()}},
            )
            for rows in pages:
                if rows:
                    yield [row["item"]["S"] for row in rows]

    def all(self) -> Iterator[list[dict[str, Any]]]:
        """Every row, page by page: for a reindex and for changed days, never for a day's run."""
        return self._pages("scan")

    def note_call(self, item: str, ts: int) -> bool:
        """Remembers a completed call if it is the newest; False when it is not, or the card has no timer (S6)."""
        try:
            self.client.update_item(
                TableName=self.name,
                Key={"item": {"S": item}},
                UpdateExpression="SET #last_call = :ts",
                ConditionExpression="attribute_exists(#item) AND "
                "(attribute_not_exists(#last_call) OR #last_call < :ts)",
                ExpressionAttributeNames={"#item": "item", "#last_call": "last_call"},
                ExpressionAttributeValues={":ts": {"N": str(ts)}},
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def remove(self, item: str) -> None:
        """Deletes the timer of a deleted card (F3)."""
        self.client.delete_item(TableName=self.name, Key={"item": {"S": item}})

    def _pages(self, operation: str, **request: Any) -> Iterator[list[dict[str, Any]]]:
        ask = getattr(self.client, operation)
        start: dict[str, Any] = {}
        while True:
            reply = ask(TableName=self.name, **request, **start)
            yield reply["Items"]
            if "LastEvaluatedKey" not in reply:
                return
            start = {"ExclusiveStartKey": reply["LastEvaluatedKey"]}
