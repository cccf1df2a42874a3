"""The timers table: one row per card, found by item, or by the day on which the timer wants to be looked at.

A row is the client-status robot's memory of the card; `timer_records.py` reads and writes it whole. Only the newest
call is written here, by itself: one write unit, no version, so that calls and changes never conflict.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from crm_robots.records.batches import read_rows
from crm_robots.records.look_on import due_rows, pages, shard_of

type Row = dict[str, Any]


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
        return self._change(
            item,
            UpdateExpression="SET #last_call = :ts",
            ConditionExpression="attribute_exists(#item) AND (attribute_not_exists(#last_call) OR #last_call < :ts)",
            ExpressionAttributeNames={"#item": "item", "#last_call": "last_call"},
            ExpressionAttributeValues={":ts": {"N": str(ts)}},
        )

    def remove(self, item: str) -> None:
        """Deletes the timer of a deleted card (F3)."""
        self.client.delete_item(TableName=self.name, Key={"item": {"S": item}})

    def write(self, item: str, values: Row, *, absent: Iterable[str], version: int) -> bool:
        """Sets these attributes of a row and takes out the absent ones; False if it is no longer of that version."""
        return self._change(item, **_update(values, absent, version))

    def release(self, item: str, version: int, holder: str) -> None:
        """The holder of the row's open plan lets go of it."""
        self._change(
            item,
            UpdateExpression="REMOVE #held_by, #held_until",
            ConditionExpression="#version = :read AND #held_by = :me",
            ExpressionAttributeNames={name: name[1:] for name in ("#held_by", "#held_until", "#version")},
            ExpressionAttributeValues={":read": {"N": str(version)}, ":me": {"S": holder}},
        )

    def plan(self, item: str, version: Row, day: str) -> bool:
        """Sets the day on which a row of that version is looked at, empty for none; the version stays."""
        change: Row = {"UpdateExpression": "REMOVE #look_on, #shard"}
        values = {":read": version}
        if day:
            change = {"UpdateExpression": "SET #look_on = :day, #shard = :shard"}
            values |= {":day": {"S": day}, ":shard": {"S": shard_of(item)}}
        return self._change(
            item,
            ConditionExpression="#version = :read",
            ExpressionAttributeNames={"#look_on": "look_on", "#shard": "shard", "#version": "version"},
            ExpressionAttributeValues=values,
            **change,
        )

    def _change(self, item: str, **change: Any) -> bool:
        try:
            self.client.update_item(TableName=self.name, Key={"item": {"S": item}}, **change)
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _update(values: Mapping[str, Any], absent: Iterable[str], version: int) -> Row:
    gone = sorted(absent)
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
    if gone:
        expression += " REMOVE " + ", ".join(f"#{name}" for name in gone)
    named = {f"#{name}": name for name in [*values, *gone]}
    valued = {f":{name}": value for name, value in values.items()}
    if version == 0:
        condition = "attribute_not_exists(#version)"
    else:
        condition = "#version = :read"
        valued[":read"] = {"N": str(version)}
    return {
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": named,
        "ExpressionAttributeValues": valued,
    }
