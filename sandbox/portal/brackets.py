"""PHP's bracket keys: `fields[TITLE]=x` to nested maps and back."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

_PART = re.compile(r"\[([^\]]*)\]")


def parse(query: str) -> dict[str, Any]:
    """A query string or form body as nested values."""
    return nest(parse_qsl(query, keep_blank_values=True))


def nest(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Pairs with bracket keys as nested maps; maps with the keys 0, 1, 2 … become lists, as PHP arrays are."""
    root: dict[str, Any] = {}
    for key, value in pairs:
        head, _, _ = key.partition("[")
        _insert(root, [head, *_PART.findall(key[len(head) :])], value)
    return {key: _lists(value) for key, value in root.items()}


def _insert(into: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        key = part or str(len(into))
        below = into.get(key)
        if not isinstance(below, dict):
            below = into[key] = {}
        into = below
    into[path[-1] or str(len(into))] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    nested = {key: _lists(below) for key, below in value.items()}
    if list(nested) == [str(i) for i in range(len(nested))]:
        return list(nested.values())
    return nested


def flatten(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Nested maps and lists as pairs with bracket keys."""
    if isinstance(value, dict):
        children: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    else:
        return [(prefix, "" if value is None else str(value))]
    pairs = []
    for key, below in children:
        pairs += flatten(below, f"{prefix}[{key}]" if prefix else str(key))
    return pairs


def encode(value: dict[str, Any]) -> bytes:
    """The body of an `application/x-www-form-urlencoded` request."""
    return urlencode(flatten(value)).encode()
