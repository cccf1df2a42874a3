"""The memory table: one record per item and robot, written only over the version that was read."""

import calendar
import time
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec
from aws_lambda_powertools import Logger

from crm_robots.records.batches import read_rows
from crm_robots.records.look_on import attributes, due_rows
from crm_robots.shared.plan import Plan, Record, read_plan, to_json

logger = Logger(child=True)

_KEPT_SECONDS = 400 * 24 * 3600


class Contended(Exception):  # noqa: N818 - it is an outcome, and the queue's redelivery is its cure
    """Another function wrote the record meanwhile, or is about to; read it again later."""

    def __init__(self, text: str = "", retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        """Seconds during which a retry would probably fail again; None: a retry may succeed at once."""


class Look(msgspec.Struct, frozen=True):
    """A robot wants to look at an item again on a day."""

    item: str
    robot: str
    on: date


class MemoryTable:
    """Records of one DynamoDB table."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def load(self, robot: str, items: Iterable[str]) -> dict[str, Record]:
        """What the robot remembers of these items; an empty record where it has seen none."""
        wanted = list(dict.fromkeys(items))
        rows = read_rows(self._client, self._table, (_key(item, robot) for item in wanted))
        found = {record.item: record for record in map(to_record, rows)}
        return {item: found.get(item) or Record(item, robot) for item in wanted}

    def save(self, record: Record) -> None:
        """Writes the record and raises its version; raises `Contended` if it changed since it was read."""
        row = {
            **_key(record.item, record.robot),
            "version": {"N": str(record.version + 1)},
            "memory": {"S": record.memory},
            "expires": {"N": str(_needed_until(record) + _KEPT_SECONDS)},
        }
        if record.plan is not None:
            row["plan"] = {"S": to_json(record.plan)}
            if record.held_by:
                row |= {"held_by": {"S": record.held_by}, "held_until": {"N": f"{record.held_until:.0f}"}}
        if record.last_ids:
            row["last_ids"] = {"S": to_json(record.last_ids)}
        if record.refusal:
            row["refusal"] = {"S": record.refusal}
        if record.look_on:
            row |= attributes(record.item, record.look_on)
        try:
            self._client.put_item(
                TableName=self._table,
                Item=row,
                **_still(record.version),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise Contended(f"{record.item} of {record.robot} was written by somebody else") from None
        record.version += 1
        if record.is_begun_anew:
            logger.error("a record that could not be read is begun anew", item=record.item, robot=record.robot)
            record.is_begun_anew = False

    def forget(self, record: Record) -> None:
        """Removes what is known about an item that is gone."""
        self._client.delete_item(TableName=self._table, Key=_key(record.item, record.robot))

    def due(self, until: date) -> Iterator[list[Look]]:
        """Items that robots want to look at again by that day, page by page."""
        for rows in due_rows(self._client, self._table, until):
            yield [Look(row["item"]["S"], row["robot"]["S"], date.fromisoformat(row["look_on"]["S"])) for row in rows]

    def brought(self, look: Look) -> None:
        """The robot is about to look. A robot that has looked meanwhile has said anew when it wants to."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(look.item, look.robot),
                UpdateExpression="REMOVE #look_on, #shard",
                # The version stays: what the robot does at this moment goes on undisturbed.
                ConditionExpression="#look_on = :day",
                ExpressionAttributeNames={"#look_on": "look_on", "#shard": "shard"},
                ExpressionAttributeValues={":day": {"S": look.on.isoformat()}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return


def _needed_until(record: Record) -> int:
    """A row that waits for a day lives to see it."""
    day = calendar.timegm(record.look_on.timetuple()) if record.look_on else 0
    return max(int(time.time()), day)


def _still(version: int) -> dict[str, Any]:
    names = {"#version": "version"}
    if version == 0:
        return {"ConditionExpression": "attribute_not_exists(#version)", "ExpressionAttributeNames": names}
    return {
        "ConditionExpression": "#version = :read",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":read": {"N": str(version)}},
    }


def _key(item: str, robot: str) -> dict[str, Any]:
    return {"item": {"S": item}, "robot": {"S": robot}}


def to_plan(row: dict[str, Any]) -> Plan | None:
    """The open plan of a row. A plan of another version of the robots, with actions that this version does not know, is
    dropped; the event is decided anew.
    """
    if "plan" not in row:
        return None
    try:
        return read_plan(row["plan"]["S"])
    except msgspec.DecodeError:
        logger.warning("a plan of another version is given up", item=row["item"]["S"])
        return None


def to_record(row: dict[str, Any]) -> Record:
    """A row of the table as a record."""
    return Record(
        item=row["item"]["S"],
        robot=row["robot"]["S"],
        version=int(row["version"]["N"]),
        memory=row.get("memory", {"S": "{}"})["S"],
        plan=to_plan(row),
        last_ids=msgspec.json.decode(row["last_ids"]["S"]) if "last_ids" in row else {},
        refusal=row.get("refusal", {"S": ""})["S"],
        look_on=date.fromisoformat(row["look_on"]["S"]) if "look_on" in row else None,
        held_by=row.get("held_by", {}).get("S", ""),
        held_until=float(row.get("held_until", {}).get("N", 0)),
    )
