"""The stack's DynamoDB tables in memory, for exactly the calls that the adapters make; see test_simulated_tables.py."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from tests.simulation.expressions import Row, changed, holds, plain
from tests.support.tables import template

type Answer = dict[str, Any]


class ConditionalCheckFailedException(ClientError):  # noqa: N818 - its name in botocore
    """As botocore makes it of the service's model."""


class _Exceptions:
    ConditionalCheckFailedException = ConditionalCheckFailedException


class _Table:
    def __init__(self, properties: Answer) -> None:
        self.key = [part["AttributeName"] for part in properties["KeySchema"]]
        self.indexes = {
            one["IndexName"]: [part["AttributeName"] for part in one["KeySchema"]]
            for one in properties.get("GlobalSecondaryIndexes", [])
        }
        self.rows: dict[tuple[Any, ...], Row] = {}

    def key_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(plain(row[name]) for name in self.key)


class Tables:
    """A client of DynamoDB. What a caller hands in or gets is copied, as on a wire."""

    exceptions = _Exceptions

    def __init__(self) -> None:
        self._tables = {
            name: _Table(resource["Properties"])
            for name, resource in template()["Resources"].items()
            if resource["Type"] == "AWS::DynamoDB::Table"
        }

    def load(self, contents: dict[str, list[Row]]) -> None:
        """Fills the tables with what `contents` gave."""
        for name, rows in contents.items():
            table = self._tables[name]
            table.rows = {table.key_of(row): row for row in rows}

    def contents(self) -> dict[str, list[Row]]:
        """Every row by table."""
        return {name: list(table.rows.values()) for name, table in self._tables.items()}

    def get_item(self, TableName: str, Key: Row, **_: Any) -> Answer:
        row = self._tables[TableName].rows.get(self._tables[TableName].key_of(Key))
        return {"Item": dict(row)} if row is not None else {}

    def put_item(self, TableName: str, Item: Row, **how: Any) -> Answer:
        self._check(TableName, Item, how)
        table = self._tables[TableName]
        table.rows[table.key_of(Item)] = dict(Item)
        return {}

    def update_item(self, TableName: str, Key: Row, UpdateExpression: str, **how: Any) -> Answer:
        self._check(TableName, Key, how)
        table = self._tables[TableName]
        row = table.rows.get(table.key_of(Key), dict(Key))
        names, values = how.get("ExpressionAttributeNames", {}), how.get("ExpressionAttributeValues", {})
        new = changed(UpdateExpression, row, names, values)
        table.rows[table.key_of(Key)] = new
        return {"Attributes": dict(new)} if how.get("ReturnValues") == "ALL_NEW" else {}

    def delete_item(self, TableName: str, Key: Row, **how: Any) -> Answer:
        self._check(TableName, Key, how)
        self._tables[TableName].rows.pop(self._tables[TableName].key_of(Key), None)
        return {}

    def batch_get_item(self, RequestItems: dict[str, Answer]) -> Answer:
        found = {
            name: [row for key in asked["Keys"] if (row := self.get_item(name, key).get("Item"))]
            for name, asked in RequestItems.items()
        }
        return {"Responses": found, "UnprocessedKeys": {}}

    def batch_write_item(self, RequestItems: dict[str, list[Answer]]) -> Answer:
        for name, writes in RequestItems.items():
            assert len(writes) <= 25
            rows = [write["PutRequest"]["Item"] for write in writes]
            keys = [self._tables[name].key_of(row) for row in rows]
            assert len(keys) == len(set(keys)), "Provided list of item keys contains duplicates"
            for write in writes:
                self.put_item(name, write["PutRequest"]["Item"])
        return {"UnprocessedItems": {}}

    def query(self, TableName: str, IndexName: str, KeyConditionExpression: str, **how: Any) -> Answer:
        table = self._tables[TableName]
        index = table.indexes[IndexName]
        names, values = how.get("ExpressionAttributeNames", {}), how["ExpressionAttributeValues"]
        rows = [
            dict(row)
            for row in table.rows.values()
            if all(name in row for name in index) and holds(KeyConditionExpression, row, names, values)
        ]
        rows.sort(key=lambda row: [plain(row[name]) for name in index[1:]])
        return {"Items": rows}

    def scan(self, TableName: str, **_: Any) -> Answer:
        return {"Items": [dict(row) for row in self._tables[TableName].rows.values()]}

    def get_paginator(self, operation: str) -> "_Counter":
        assert operation == "scan"
        return _Counter(self)

    def _check(self, table_name: str, key: Row, how: Answer) -> None:
        condition = how.get("ConditionExpression")
        if condition is None:
            return
        table = self._tables[table_name]
        row = table.rows.get(table.key_of(key))
        names, values = how.get("ExpressionAttributeNames", {}), how.get("ExpressionAttributeValues", {})
        if holds(condition, row or {}, names, values):
            return
        response: Any = {
            "Error": {"Code": "ConditionalCheckFailedException", "Message": "The conditional request failed"}
        }
        if how.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and row is not None:
            response["Item"] = dict(row)
        raise ConditionalCheckFailedException(response, "PutItem")


class _Counter:
    """`Select=COUNT` with a filter, as the count of timers asks."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def paginate(self, TableName: str, FilterExpression: str, **how: Any) -> Iterator[Answer]:
        names, values = how["ExpressionAttributeNames"], how["ExpressionAttributeValues"]
        rows = self._tables.scan(TableName)["Items"]
        yield {"Count": sum(holds(FilterExpression, row, names, values) for row in rows)}
