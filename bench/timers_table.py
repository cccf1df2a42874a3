"""A DynamoDB client whose timers table is a list in memory and counts reads: moto cannot hold a million rows. Rows that
are not due exist only as index entries; a run that read one would fail.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from crm_robots.records.look_on import SHARDS, shard_of

_TABLE = "TimersTable"
_SET = re.compile(r"(#\w+) = (:\w+)")
_REMOVE = re.compile(r"REMOVE (.*)")
_PAGE = 2000
"""Entries of the index in a page of 1 MB, about."""

Row = dict[str, Any]


class TimersClient:
    """Passes calls on other tables to the wrapped client."""

    def __init__(self, inner: Any, due: Iterable[Row], others: Iterable[tuple[str, date]]) -> None:
        self._inner = inner
        self.rows = {row["item"]["S"]: row for row in due}
        self._index: dict[str, list[tuple[str, str]]] = {shard: [] for shard in SHARDS}
        for item, row in self.rows.items():
            self._index[row["shard"]["S"]].append((row["look_on"]["S"], item))
        for item, day in others:
            self._index[shard_of(item)].append((day.isoformat(), item))
        for entries in self._index.values():
            entries.sort()
        self.entries_read = 0
        self.rows_read = 0
        self.scans = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def scan(self, **request: Any) -> Any:
        """Counted; of the timers there must be none."""
        self.scans += request["TableName"] == _TABLE
        return self._inner.scan(**request)

    def query(self, **request: Any) -> Any:
        """A page of the index."""
        values = request["ExpressionAttributeValues"]
        entries = self._index[values[":shard"]["S"]]
        end = bisect_right(entries, (values[":until"]["S"], "\uffff"))
        start = int(request.get("ExclusiveStartKey", {}).get("place", {}).get("N", 0))
        page = entries[start : min(end, start + _PAGE)]
        self.entries_read += len(page)
        reply: dict[str, Any] = {"Items": [{"item": {"S": item}} for _, item in page]}
        if start + _PAGE < end:
            reply["LastEvaluatedKey"] = {"place": {"N": str(start + _PAGE)}}
        return reply

    def batch_get_item(self, RequestItems: dict[str, Any]) -> Any:  # noqa: N803 - the client's own name
        """Whole rows."""
        if _TABLE not in RequestItems:
            return self._inner.batch_get_item(RequestItems=RequestItems)
        rows = [self.rows[key["item"]["S"]] for key in RequestItems[_TABLE]["Keys"]]
        self.rows_read += len(rows)
        return {"Responses": {_TABLE: [dict(row) for row in rows]}}

    def update_item(self, **request: Any) -> Any:
        """A conditional write: only over the version that was read."""
        if request["TableName"] != _TABLE:
            return self._inner.update_item(**request)
        row = self.rows[request["Key"]["item"]["S"]]
        values = request["ExpressionAttributeValues"]
        if values[":read"] != row["version"]:
            raise RuntimeError("a version was passed over")
        for name, value in _SET.findall(request["UpdateExpression"].partition(" REMOVE ")[0]):
            row[request["ExpressionAttributeNames"][name]] = values[value]
        for name in _removed(request["UpdateExpression"]):
            row.pop(request["ExpressionAttributeNames"][name], None)
        return {}


def _removed(expression: str) -> Iterator[str]:
    found = _REMOVE.search(expression)
    yield from (name.strip() for name in found[1].split(",")) if found else ()
