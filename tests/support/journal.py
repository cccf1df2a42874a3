"""The journal as `robots journal --json` tells it, on a company in process."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from crm_robots.records.journal import Entry

from admin.in_words import documents
from tests.support.world import World


def stored(world: World, item: str = "") -> list[dict[str, Any]]:
    """Rows of the table, oldest first; those of an item, else each entry once."""
    rows = world.dynamodb.scan(TableName="JournalTable")["Items"]
    wanted = [row for row in rows if (row["item"]["S"] == item if item else "day" in row)]
    return sorted(wanted, key=lambda row: row["at"]["S"])


def entries(world: World, item: str = "") -> list[Entry]:
    """The same as entries."""
    return [msgspec.json.decode(row["entry"]["S"], type=Entry) for row in stored(world, item)]


def journal(world: World, item: str = "") -> list[dict[str, Any]]:
    """The same in words."""
    return documents(entries(world, item), ZoneInfo("Europe/Moscow"))
