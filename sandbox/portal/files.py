"""Files in user fields: written as a name and its content, read as addresses."""

import binascii
from typing import Any

from sandbox.portal.store import Row


def clean_file(value: Any) -> Row | None:
    """`[name, base64]` or `{"fileData": [name, base64]}` is a new file, `{"id": 7}` one that stays; None: no file."""
    if isinstance(value, dict) and "fileData" in value:
        value = value["fileData"]
    if isinstance(value, dict) and str(value.get("id") or "").isdigit():
        return {"id": int(value["id"]), "name": str(value.get("name") or "")}
    if not isinstance(value, list) or len(value) != 2:
        return None
    name, content = (str(part) for part in value)
    return {"id": binascii.crc32(f"{name}:{content}".encode()), "name": name}


def clean_files(value: Any) -> list[Row]:
    """Several files; a single pair of texts is one of them."""
    elements = list(value.values()) if isinstance(value, dict) and "id" not in value else value
    elements = elements if isinstance(elements, list) else [elements]
    if len(elements) == 2 and all(isinstance(one, str) for one in elements):
        elements = [elements]
    return [found for one in elements if (found := clean_file(one))]
