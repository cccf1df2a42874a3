"""The settings table as publishing sees it; robots read it through `settings_reader`."""

from collections.abc import Sequence
from typing import Any

import msgspec

from crm_robots.records.batches import read_rows
from crm_robots.records.vocabulary import catalog_row
from crm_robots.shared.words.catalog import Catalog

_NAMES = "names"
OFF = "null"
"""Rules of a robot that is switched off; its row has none."""


class Stored(msgspec.Struct, frozen=True):
    """A section as the table holds it: its compiled rules as JSON, and what is known about its last texts."""

    section: str
    rules: str = OFF
    version: int = 0
    source: str = ""
    """The text that the rules were compiled from."""
    source_hash: str = ""
    published_at: str = ""
    refused_hash: str = ""
    """The last text that was refused: it is announced once."""
    unfinished: str = ""
    """The rules before, until the work that follows a new version, such as re-planning timers, is done."""


class SettingsTable:
    """Sections of one DynamoDB table."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def load(self, *sections: str) -> dict[str, Stored]:
        """These sections in one request; those that were never published come as empty records."""
        keys = ({"section": {"S": name}} for name in dict.fromkeys(sections))
        found = {row["section"]["S"]: _read(row) for row in read_rows(self._client, self._table, keys)}
        return {name: found.get(name) or Stored(name) for name in sections}

    def save(self, record: Stored) -> None:
        """Puts the section in force; robots take it within a minute."""
        self._client.put_item(TableName=self._table, Item=_row(record))

    def keep_words(self, catalog: Catalog) -> None:
        """Keeps what the portal calls things, for the journal."""
        self._client.put_item(TableName=self._table, Item=catalog_row(catalog))

    def keep_names(self, section: str, used: Sequence[msgspec.Struct]) -> None:
        """Keeps which names of the portal a section uses (P8), apart from what robots read."""
        self._client.update_item(
            TableName=self._table,
            Key={"section": {"S": _NAMES}},
            UpdateExpression="SET #section_ = :used",
            ExpressionAttributeNames={"#section_": f"in_{section}"},
            ExpressionAttributeValues={":used": {"S": msgspec.json.encode(used).decode()}},
        )

    def names[T](self, kind: type[T]) -> list[T]:
        """The names that all sections use."""
        row = self._client.get_item(TableName=self._table, Key={"section": {"S": _NAMES}}).get("Item", {})
        texts = (value["S"] for name, value in sorted(row.items()) if name.startswith("in_"))
        return [one for text in texts for one in msgspec.json.decode(text, type=list[kind])]  # type: ignore[valid-type]


def _row(record: Stored) -> dict[str, Any]:
    values = {name: value for name, value in msgspec.structs.asdict(record).items() if name != "version" and value}
    if record.rules == OFF:
        del values["rules"]
    return {"version": {"N": str(record.version)}} | {name: {"S": value} for name, value in values.items()}


def _read(row: dict[str, Any]) -> Stored:
    values = {name: value["S"] for name, value in row.items() if "S" in value and name in Stored.__struct_fields__}
    return Stored(**values, version=int(row.get("version", {"N": "0"})["N"]))
