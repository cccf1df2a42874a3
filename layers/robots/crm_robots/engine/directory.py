"""Everyone in the company, kept in the settings table so that only one function in half an hour asks the portal."""

import time
from collections.abc import Callable
from typing import Any

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.people import read_directory
from crm_robots.records.directory import store_directory, stored_directory
from crm_robots.shared.people import Directory

_KEPT_SECONDS = 30 * 60
_LOOKED_SECONDS = 45
"""As for settings: a department named in the settings just published is known within a minute (P4)."""


class DirectoryCache:
    """Reads from memory, then from the table, then from the portal, whichever is fresh."""

    def __init__(self, portal: Bitrix24, dynamodb: Any, table: str, clock: Callable[[], float] = time.time) -> None:
        self._portal = portal
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock
        self._taken = self._looked = float("-inf")
        self._directory = Directory()

    def get(self) -> Directory:
        """People and departments, at most half an hour old."""
        if self._clock() - self._looked >= _LOOKED_SECONDS:
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
        self._directory = directory
        self._taken = self._looked = self._clock()
        store_directory(self._dynamodb, self._table, self._directory, self._taken)

    def _is_old(self) -> bool:
        return self._clock() - self._taken >= _KEPT_SECONDS

    def _load(self) -> None:
        self._looked = self._clock()
        if stored := stored_directory(self._dynamodb, self._table):
            self._directory, self._taken = stored
