"""Everyone in the company, as a row of the settings table."""

import zlib
from typing import Any

import msgspec

from crm_robots.shared.people import Directory

PEOPLE = "directory"
_KEY = {"section": {"S": PEOPLE}}


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
    return people_of(row), float(row["taken"]["N"])


def people_of(row: dict[str, Any] | None) -> Directory:
    """Everybody, as a row holds them."""
    return msgspec.json.decode(zlib.decompress(row["people"]["B"]), type=Directory) if row else Directory()
