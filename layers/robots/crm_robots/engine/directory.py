"""Everyone in the company, kept in the settings table so that only one function in half an hour asks the portal."""

import time
import zlib
from collections.abc import Callable
from typing import Any

import msgspec

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.people import read_directory
from crm_robots.shared.people import Directory

_KEPT_SECONDS = 30 * 60
_KEY = {"section": {"S": "directory"}}


class DirectoryCache:
    """Reads from memory, then from the table, then from the portal, whichever is fresh."""

    def __init__(self, portal: Bitrix24, dynamodb: Any, table: str, clock: Callable[[], float] = time.time) -> None:
        self._portal = portal
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock
        self._taken = float("-inf")
        self._directory = Directory()

    def get(self) -> Directory:
        """People and departments, at most half an hour old."""
        if self._is_old():
            self._load()
        if self._is_old():
            self.put(read_directory(self._portal, self._directory))
        return self._directory

    def fresh(self) -> Directory:
        """The same read anew: whoever was dismissed this morning hears nothing of this day (S11)."""
        if self._is_old():
            self._load()
        self.put(read_directory(self._portal, self._directory))
        return self._directory

    def put(self, directory: Directory) -> None:
        """Keeps what somebody has just read."""
        self._directory, self._taken = directory, self._clock()
        # Compressed: an item holds 400 KB, a large company has more names than that.
        packed = zlib.compress(msgspec.json.encode(directory))
        row = {**_KEY, "people": {"B": packed}, "taken": {"N": f"{self._taken:.0f}"}}
        self._dynamodb.put_item(TableName=self._table, Item=row)

    def _is_old(self) -> bool:
        return self._clock() - self._taken >= _KEPT_SECONDS

    def _load(self) -> None:
        if stored := stored_directory(self._dynamodb, self._table):
            self._directory, self._taken = stored


def stored_directory(dynamodb: Any, table: str) -> tuple[Directory, float] | None:
    """What was last put into the table, and when (unix seconds)."""
    row = dynamodb.get_item(TableName=table, Key=_KEY).get("Item")
    if row is None:
        return None
    people = msgspec.json.decode(zlib.decompress(row["people"]["B"]), type=Directory)
    return people, float(row["taken"]["N"])
