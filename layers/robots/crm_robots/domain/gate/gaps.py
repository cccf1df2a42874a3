"""Which required fields of a lead are empty (Q2)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from crm_robots.domain.items import Item

_NOTHING: tuple[Any, ...] = (None, "", [], (), {})


class Field(msgspec.Struct, frozen=True):
    """A field of the lead: what people call it, and its type as Bitrix24 calls it (`enumeration`, `string` …)."""

    label: str
    type: str = "string"


class Gap(msgspec.Struct, frozen=True):
    """Something that is missing. `key` tells one gap from another; `text` is what people read."""

    key: str
    text: str


def is_empty(value: Any, field_type: str) -> bool:
    """Null, blank text, nothing in a list, false for a dropdown; 0 only where 0 is no value: a dropdown, a file."""
    if isinstance(value, str):
        value = value.strip()
    if isinstance(value, Mapping | list | tuple):
        parts = value.values() if isinstance(value, Mapping) else value
        return all(is_empty(part, field_type) for part in parts)
    if value in _NOTHING and value is not False:
        return True
    if field_type in ("enumeration", "file", "crm_company", "crm_contact"):
        return value in (False, 0, "0")
    return field_type == "money" and str(value).startswith("|")


def missing(lead: Item, requirements: Sequence[Sequence[str]], fields: Mapping[str, Field]) -> Iterator[Gap]:
    """A gap for every requirement none of whose fields is filled; several fields mean that any of them will do."""
    for names in requirements:
        if all(is_empty(lead.fields.get(name), fields[name].type) for name in names):
            yield Gap("|".join(names), " / ".join(fields[name].label for name in names))
