"""Entries of the journal: what was written to the portal, in ids and in words."""

from typing import Any

import msgspec


class Told(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """An entry in words, as people would have said it at that moment."""

    card: str
    new: str
    because: str
    language: str
    label: str | None = None
    """Of the field; None for what is no change."""
    old: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One write. `number` is unique within robot and item, so that writing an entry again changes nothing."""

    item: str
    robot: str
    rule: str
    action: str
    number: str
    event: str
    ts: int
    """The event's time on the portal's clock, unix seconds; entries of one item stand in its order."""
    field: str = ""
    old: Any = None
    new: Any = None
    run: str = ""
    part: str = ""
    """What of the item it is about, where that is no field of its own: `activity:9`."""
    also: tuple[str, ...] = ()
    """Other cards under which it stands: the one whose event caused it, and what was made."""
    told: Told | None = None

    @property
    def id(self) -> str:
        """Unlike that of any other entry of its item."""
        return f"{self.robot}#{self.number}"
