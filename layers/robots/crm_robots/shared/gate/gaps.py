"""Which required fields of a lead are empty (Q2)."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from crm_robots.shared.items import Item
from crm_robots.shared.typed import is_readable, trimmed

type Requirement = tuple[str, ...]
"""Codes of fields of which one must be filled; usually there is just one."""

_READ = ("PHONE", "EMAIL")
_LONGEST = 60
_WORDS = {
    "ru": {
        "PHONE": "в поле «{label}» указано «{typed}»: номера в нём нет",
        "EMAIL": "в поле «{label}» указано «{typed}»: это не адрес",
    },
    "en": {
        "PHONE": "the field “{label}” says “{typed}”, which has no number",
        "EMAIL": "the field “{label}” says “{typed}”, which is no address",
    },
}
_NOTHING: tuple[Any, ...] = (None, "", [], (), {})
_YES_OR_NO = ("boolean", "char")
_TAKES_ZERO = (
    *("string", "url", "text", "address", "crm_multifield", "integer", "double", "float", "money"),
    *("date", "datetime", *_YES_OR_NO),
)
"""In all other types (dropdowns, files, links to people or cards) 0 means none."""


class Field(msgspec.Struct, frozen=True):
    """A field of the lead: what people call it, and its type as Bitrix24 calls it (`enumeration`, `string` …)."""

    label: str
    type: str = "string"


class Gap(msgspec.Struct, frozen=True):
    """Something that is missing. `key` tells one gap from another; `text` is what people read."""

    key: str
    text: str


def is_empty(value: Any, field_type: str) -> bool:
    """Null, blank text, an empty list; false unless it is a yes/no field's "no"; 0 only in a dropdown, file or link."""
    if isinstance(value, str):
        value = trimmed(value)
    if isinstance(value, Mapping | list | tuple):
        parts = value.values() if isinstance(value, Mapping) else value
        return all(is_empty(part, field_type) for part in parts)
    if value is False:
        return field_type not in _YES_OR_NO
    if value in _NOTHING:
        return True
    if field_type == "money":
        return str(value).startswith("|")
    return field_type not in _TAKES_ZERO and value in (0, "0")


def unmet(requirements: Iterable[Requirement], is_missing: Callable[[str], bool]) -> Iterator[Requirement]:
    """Requirements none of whose fields is filled; several fields mean that any of them will do."""
    return (one for one in requirements if all(map(is_missing, one)))


def missing(
    lead: Item, requirements: Iterable[Requirement], fields: Mapping[str, Field], language: str
) -> Iterator[Gap]:
    """A gap for every requirement that the lead does not meet; what cannot be read is told with the reason."""
    for names in unmet(requirements, lambda name: lacks(lead, name, fields[name].type)):
        text = " / ".join(fields[name].label for name in names)
        unread = [why for name in names for why in unreadable(lead, name, fields[name].label, language)]
        yield Gap(key_of(names), "; ".join([text, *unread]))


def lacks(lead: Item, name: str, field_type: str) -> bool:
    """Whether the lead has nothing there. A phone without digits is none, nor an e-mail without an address."""
    value = lead.fields.get(name)
    return is_empty(value, field_type) or (name in _READ and not is_readable(name, _texts(value)))


def unreadable(lead: Item, name: str, label: str, language: str) -> Iterator[str]:
    """What stands in a phone or e-mail field and is neither, with the reason."""
    typed = [] if is_empty(value := lead.fields.get(name), "string") else _texts(value)
    if name in _READ and typed and not is_readable(name, typed):
        yield _WORDS[language][name].format(label=label, typed=", ".join(typed)[:_LONGEST])


def _texts(value: Any) -> list[str]:
    parts = value if isinstance(value, list | tuple) else [value]
    return [trimmed(str(part)) for part in parts if part]


def key_of(requirement: Requirement) -> str:
    """How the memory names a gap: `PHONE|EMAIL`."""
    return "|".join(requirement)


def still(announced: Iterable[str], keys: Container[str]) -> tuple[str, ...]:
    """Gaps that were announced and are still there: one that was filled and is empty again counts as new."""
    return tuple(key for key in announced if key in keys)
