"""L5: clients whom the robots leave alone, because a person or a lost deal has marked their card."""

from typing import Any

import msgspec

from crm_robots.shared.items import Item
from crm_robots.shared.values import same_value, words_of


class Mark(msgspec.Struct, frozen=True):
    """A field of the card, and the values of which any one is the mark."""

    field: str
    label: str
    values: tuple[Any, ...]
    words: dict[str, str] = {}
    """Items of a dropdown, id to label."""


class StopList(msgspec.Struct, frozen=True):
    """`client_status.skip_when`: kind of card -> marks, all of which must stand on the card."""

    marks: dict[str, tuple[Mark, ...]] = {}
    """A kind that lacks one of the fields is missing: none of its cards is ever stopped."""

    def fields_of(self, kind: str) -> list[str]:
        """What has to be read of a card to tell."""
        return [mark.field for mark in self.marks.get(kind, ())]


class HasStopList(msgspec.Struct, frozen=True):
    """What another robot needs to know of the section `client_status` (`ItemRobot.beside`)."""

    skip_when: StopList = StopList()


def stopped(card: Item, rules: StopList) -> str:
    """Why the robots leave the client alone: `Целевой клиент — НЕТ`; empty where they do not."""
    marks = rules.marks.get(card.ref.kind, ())
    if not marks or not all(_stands(card, mark) for mark in marks):
        return ""
    return ", ".join(f"{mark.label} — {words_of(card.fields.get(mark.field), mark.words) or '…'}" for mark in marks)


def _stands(card: Item, mark: Mark) -> bool:
    found = card.fields.get(mark.field)
    held = list(found.values()) if isinstance(found, dict) else found
    held = held if isinstance(held, list | tuple) else [held]
    return any(same_value(one, value) for one in held for value in mark.values)
