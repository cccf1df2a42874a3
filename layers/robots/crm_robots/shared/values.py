"""Raw field values: when two mean the same, and how a person reads one."""

import html
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

# A text with a leading zero or plus is no number: a phone, an account.
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BLOCK = re.compile(r"</?(?:br|p|div|li|ul|ol|h\d)\b[^>]*>|\[/?(?:p|br|list|\*)\]", re.IGNORECASE)
_INLINE = re.compile(r"</?[a-z][^>]*>|\[/?(?:b|i|u|s|url|img|color|size|font|quote|code)(?:=[^\]]*)?\]", re.IGNORECASE)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d+)?")


def same_value(one: Any, other: Any) -> bool:
    """Whether two raw values mean the same, however the portal spells them (7, "7", [7], null, "", 0.0, "0.00").

    A day is read back as midnight with an offset.
    """
    plain, others = _plain(one), _plain(other)
    if any(isinstance(side, str) and _DAY.fullmatch(side) for side in (plain, others)):
        return str(plain)[:10] == str(others)[:10]
    return bool(plain == others)


def day_of_value(value: Any) -> date | None:
    """The day that a date field holds; None for an empty or unreadable one."""
    text = str(value or "")[:10]
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        parts = sorted(str(_plain(part)) for part in value)
        return (parts[0] if len(parts) == 1 else tuple(parts)) if parts else None
    if value is None or value is False or value == "":
        return None
    text = "1" if value is True else str(value).strip()
    return str(float(text)) if _NUMBER.fullmatch(text) else text


def plain_text(text: str) -> str:
    """A text without markup: `COMMENTS` comes back as BB code or, on older boxes, as HTML with entities."""
    bare = _INLINE.sub("", _BLOCK.sub(" ", text))
    return " ".join(html.unescape(bare).split())


def words_of(value: Any, items: Mapping[str, str]) -> str:
    """A raw value in words: labels of dropdown items, other values as they are, lists with commas."""
    if isinstance(value, Mapping):
        value = list(value.values())
    parts = value if isinstance(value, list | tuple) else [value]
    return ", ".join(items.get(str(part), str(part)) for part in parts if part not in (None, "", False))
