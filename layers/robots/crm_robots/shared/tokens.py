"""Tokens of links to our pages: they name their card, so that one read finds it, and cannot be guessed."""

import hashlib
import re

from crm_robots.shared.items import ItemRef

_TOKEN = re.compile(r"(d?)([1-9][0-9]{0,17})-[A-Za-z0-9_-]{32}")
_KINDS = {"": "lead", "d": "deal"}
_LETTERS = {kind: letter for letter, kind in _KINDS.items()}


def token_of(item: ItemRef, chance: str) -> str:
    """The token of a link about that lead or deal; `chance` are 32 random characters."""
    return f"{_LETTERS[item.kind]}{item.id}-{chance}"


def item_of(token: str) -> ItemRef | None:
    """The card of a token; None for what is no token of ours."""
    found = _TOKEN.fullmatch(token)
    return ItemRef(_KINDS[found[1]], int(found[2])) if found else None


def digest_of(token: str) -> str:
    """What is kept of a token; the token itself is kept nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()
