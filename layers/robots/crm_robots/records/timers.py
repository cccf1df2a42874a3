"""The timers table: one row per card, found by item, or by the day on which the timer wants to be looked at.

A row is the client-status robot's memory of the card; `timer_records.py` reads and writes it whole. Only the newest
call is written here, by itself: one write unit, no version, so that calls and changes never conflict.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from crm_robots.records.batches import read_rows
from crm_robots.records.look_on import due_rows, pages


class TimersTable:
    """Rows of one DynamoDB table, in its own spelling."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.name = table

    def rows(self, items: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The rows of these cards; those that have none are missing."""
        keys = ({"item": {"S": item}} for item in dict.fromkeys(items))
        return {row["item"]["S"]: row for row in read_rows(self.client, self.name, keys)}

    def due(self, until: date) -> Iterator[list[str]]:
        """Cards whose timers want to be looked at by that day, soonest first within a shard, page by page."""
        for rows in due_rows(self.client, self.name, until):
            yield [row["item"]["S"] for row in rows]

    def all(self) -> Iterator[list[dict[str, Any]]]:
        """Every row, page by page: for a reindex and for changed days, never for a day's run."""
        return pages(self.client.scan, TableName=self.name)

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
