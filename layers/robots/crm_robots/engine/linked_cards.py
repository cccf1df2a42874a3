"""Cards that a field of another card links to: what they are called."""

from collections.abc import Iterable, Mapping
from itertools import batched

from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.items import read_items, to_items
from crm_robots.portal.lists import PAGE
from crm_robots.shared.items import ItemRef

_NAME = "cards_"


def questions_about(cards: Iterable[ItemRef]) -> dict[str, Command]:
    """A list per kind and fifty cards."""
    ids: dict[str, set[int]] = {}
    for card in cards:
        ids.setdefault(card.kind, set()).add(int(card.id))
    return {
        f"{_NAME}{kind}_{some[0]}": read_items(kind, some, [])
        for kind in sorted(ids)
        for some in batched(sorted(ids[kind]), PAGE, strict=False)
    }


def titles(answers: Mapping[str, Reply]) -> dict[ItemRef, str]:
    """By card. One that is deleted or hidden, or that the portal will not tell of, is missing."""
    found: dict[ItemRef, str] = {}
    for name, reply in answers.items():
        if name.startswith(_NAME) and reply.error is None:
            _, kind, _ = name.split("_")
            found |= {ref: card.title for ref, card in to_items(kind, reply.result).items()}
    return found
