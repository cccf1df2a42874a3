"""Read and write units of DynamoDB calls, by the rules of its price list: moto and MiniStack report no real ones.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import botocore.session

from tests.support.tables import template

_WRITE_BYTES, _READ_BYTES = 1024, 4096
Row = Mapping[str, Any]


class Meter:
    """Hooks into a moto client and sees every row before and after each write."""

    def __init__(self, client: Any) -> None:
        self.writes = 0
        self.reads = 0
        self.calls = 0
        self._before: list[tuple[str, Row, Row]] = []
        self._looking: Any = botocore.session.get_session().create_client("dynamodb", region_name="eu-central-1")
        events = client.meta.events
        events.register("provide-client-params.dynamodb", self._asked)
        events.register("after-call.dynamodb", self._answered)

    def reset(self) -> None:
        """Resets the counters."""
        self.writes = self.reads = self.calls = 0

    def _asked(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.calls += 1
        keys = _written(model.name, params)
        self._before = [(table, key, self._row(table, key)) for table, key in keys]

    def _answered(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        for table, key, old in self._before:
            self.writes += write_units(old, self._row(table, key), indexes(table))
        self._before = []
        if model.name in ("GetItem", "BatchGetItem", "Query", "Scan"):
            self.reads += sum(map(read_units, _found(parsed))) or 1

    def _row(self, table: str, key: Row) -> Row:
        row: Row = self._looking.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})
        return row


@dataclass(frozen=True, slots=True)
class Index:
    """An index holds the rows that have all its `keys`: whole, or only its keys and the table's."""

    keys: tuple[str, ...]
    whole: bool

    def entry(self, row: Row) -> Row:
        """The index's part of a row; empty if the index has no entry for it."""
        if not all(name in row for name in self.keys):
            return {}
        return row if self.whole else {name: row[name] for name in self.keys}


def indexes(table: str) -> list[Index]:
    """The indexes of a table of the template."""
    wanted = template()["Resources"][table]["Properties"]
    own = _key_names(wanted)
    return [
        Index((*_key_names(index), *own), index["Projection"]["ProjectionType"] == "ALL")
        for index in wanted.get("GlobalSecondaryIndexes", ())
    ]


def write_units(old: Row, new: Row, held: Sequence[Index] = ()) -> int:
    """Units of the table and of its indexes. An index entry whose key changes costs a delete and a put."""
    units = _units(max(size(old), size(new)), _WRITE_BYTES)
    for index in held:
        before, after = index.entry(old), index.entry(new)
        if before != after:
            moved = [before, after] if _place(index, before) != _place(index, after) else [after]
            units += sum(_units(size(row), _WRITE_BYTES) for row in moved if row)
    return units


def read_units(row: Row) -> int:
    """Units of one consistent read."""
    return _units(size(row), _READ_BYTES)


def size(row: Row) -> int:
    """Bytes of names and values."""
    return sum(len(name) + sum(len(str(part).encode()) for part in value.values()) for name, value in row.items())


def _units(length: int, per: int) -> int:
    return max(1, math.ceil(length / per))


def _place(index: Index, entry: Row) -> list[Any]:
    return [entry.get(name) for name in index.keys]


def _key_names(described: Mapping[str, Any]) -> list[str]:
    return [str(key["AttributeName"]) for key in described["KeySchema"]]


def _written(operation: str, params: Mapping[str, Any]) -> list[tuple[str, Row]]:
    """Table and key of every row that the call writes."""
    if operation == "BatchWriteItem":
        requests = [(table, one) for table, some in params["RequestItems"].items() for one in some]
        return [(table, _key(table, one["PutRequest"]["Item"])) for table, one in requests]
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        table = params["TableName"]
        return [(table, _key(table, params["Item"] if operation == "PutItem" else params["Key"]))]
    return []


def _key(table: str, row: Row) -> Row:
    return {name: row[name] for name in _key_names(template()["Resources"][table]["Properties"])}


def _found(parsed: Mapping[str, Any]) -> list[Row]:
    rows = [row for some in parsed.get("Responses", {}).values() for row in some]
    return [*rows, *parsed.get("Items", []), *([parsed["Item"]] if "Item" in parsed else [])]
