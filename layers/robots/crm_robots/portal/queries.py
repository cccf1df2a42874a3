"""What a batch makes of values: our references are resolved by the portal, and nothing that people typed ever is.

The portal parses a command's query first and looks for `$result[…]` in the decoded values afterwards. So no text is
protected by percent-encoding: an invisible character after its `$` does that, and is taken away again wherever the
portal repeats the text.
"""

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import quote

from crm_robots.shared.markup import Markup
from crm_robots.shared.reference import Reference

_LOOKS_LIKE_ONE = re.compile(r"\$(?=result\[)", re.IGNORECASE)
_WORD_JOINER = "\u2060"
_IN_JSON = re.compile(rb"\$(?:\xe2\x81\xa0|\\u2060)(?=result\[)", re.IGNORECASE)
_NAME = re.compile(r"\w+", re.ASCII)


def in_query(value: Any, names: Collection[str] | None) -> str:
    """A value of a command's query; only references to commands of the batch stay readable. None: to whichever."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Markup):
        return "".join(_part(part, names) for part in value.parts)
    return _part(value, names)


def _part(value: Any, names: Collection[str] | None) -> str:
    if isinstance(value, Reference) and (names is None or value.command in names):
        return _reference(value)
    return quote(_LOOKS_LIKE_ONE.sub(f"${_WORD_JOINER}", str(value)), safe="")


def _reference(one: Reference) -> str:
    if not all(map(_NAME.fullmatch, (one.command, *one.path))):
        raise ValueError("a reference holds letters, digits and underscores only")
    return str(one)


def as_typed(body: bytes) -> bytes:
    """The portal's JSON with texts as people typed them: what we sent compares equal to what comes back."""
    is_there = b"\xe2\x81\xa0" in body or b"\\u2060" in body
    return _IN_JSON.sub(b"$", body) if is_there else body
