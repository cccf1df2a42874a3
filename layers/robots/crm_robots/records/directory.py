"""Everyone in the company, as a row of the settings table."""

import zlib
from typing import Any

import msgspec

from crm_robots.shared.people import Directory

_KEY = {"section": {"S": "directory"}}


def store_directory(client: Any, table: str, directory: Directory, taken: float) -> None:
    """Keeps what the portal told at that time (unix seconds)."""
    # Compressed: an item holds 400 KB, a large company has more names than that.
    packed = zlib.compress(msgspec.json.encode(directory))
    row = {**_KEY, "people": {"B": packed}, "taken": {"N": f"{taken:.0f}"}}
    client.put_item(TableName=table, Item=row)


def stored_directory(client: Any, table: str) -> tuple[Directory, float] | None:
    """What was last put into the table, and when (unix seconds)."""
    row = client.get_item(TableName=table, Key=_KEY).get("Item")
    if row is None:
        return None
    people = msgspec.json.decode(zlib.decompress(row["people"]["B"]), type=Directory)
    return people, float(row["taken"]["N"])
