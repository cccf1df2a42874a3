"""What people typed: characters that nobody sees, and whether there is a phone or an e-mail address in it."""

import re
import unicodedata
from collections.abc import Iterable

_BLANKS = "\u115f\u1160\u2800\u3164\uffa0\u034f"
"""Characters of other categories that are drawn as nothing."""
_SELECTORS = range(0xFE00, 0xFE10)
_ADDRESS = re.compile(r"[^\s,;:<>()\[\]\"«»@]+@[^\s,;:<>()\[\]\"«»@/]+\.[^\s,;:<>()\[\]\"«»@/]+")
_AROUND = ".-'`„“”’"


def is_invisible(char: str) -> bool:
    """Spaces of any width, zero-width and direction marks, a byte order mark, a soft hyphen."""
    if char.isspace() or char in _BLANKS or ord(char) in _SELECTORS:
        return True
    return unicodedata.category(char) in ("Cf", "Zs", "Zl", "Zp", "Cc")


def trimmed(text: str) -> str:
    """Without what nobody sees at its ends; empty where there is nothing else. Joiners within a word stay."""
    start, end = 0, len(text)
    while start < end and is_invisible(text[start]):
        start += 1
    while end > start and is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def visible(text: str) -> str:
    """One plain space for each run of spaces, digits and signs in their usual width, nothing invisible."""
    seen = (" " if char.isspace() else "" if is_invisible(char) else char for char in text)
    return " ".join(unicodedata.normalize("NFKC", "".join(seen)).split())


def has_digits(text: str) -> bool:
    """Whether a phone can be in it."""
    return any(char.isdigit() for char in text)


def addresses(text: str) -> tuple[str, ...]:
    """The e-mail addresses in it, as typed: `Анна <anna@example.ru>, boss@example.ru` has two."""
    found = (one.strip(_AROUND).removeprefix("mailto:") for one in _ADDRESS.findall(visible(text)))
    return tuple(dict.fromkeys(one for one in found if "@" in one.strip("@")))


def is_readable(name: str, texts: Iterable[str]) -> bool:
    """Whether a phone or e-mail field holds one at all."""
    return any(has_digits(text) if name == "PHONE" else bool(addresses(text)) for text in texts)
