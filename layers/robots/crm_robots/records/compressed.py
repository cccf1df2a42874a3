"""Long JSON in a row, compressed: DynamoDB charges a write by the kilobyte, of the table and of each index."""

import zlib
from typing import Any

_LEVEL = 9


def compressed(text: str) -> dict[str, Any]:
    """The attribute's value."""
    return {"B": zlib.compress(text.encode(), _LEVEL)}


def text_of(value: dict[str, Any]) -> str:
    """The text of an attribute; rows of older versions hold it as it is."""
    return zlib.decompress(value["B"]).decode() if "B" in value else str(value["S"])
