"""Reads forms as PHP writes them: `data[FIELDS][ID]=17` becomes `{"data": {"FIELDS": {"ID": "17"}}}`.

Anybody may send a form, and its token is looked at before the tree is built: reading costs no more than its length.
"""

from typing import Any
from urllib.parse import parse_qsl

# A webhook has about ten pairs, three levels deep; the largest events of Bitrix24 have a few dozen.
MOST_PAIRS = 100
DEEPEST = 4

type Pairs = list[tuple[str, str]]
type Form = dict[str, str | Form]


class _Level(dict[str, Any]):
    """One level of a form, which knows the next free number."""

    following = 0

    def key(self, step: str) -> str:
        """The step itself; for empty brackets the next number."""
        key = step or str(self.following)
        if key.isdecimal() and len(key) < 10:
            self.following = max(self.following, int(key) + 1)
        return key


class NotAForm(ValueError):  # noqa: N818 - it says what the text is
    """The text cannot be read as a form, or is larger than any webhook."""


def read_pairs(text: str) -> Pairs:
    """Names and values as they stand, brackets unread."""
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PAIRS, errors="replace")
    except ValueError:
        raise NotAForm(f"more than {MOST_PAIRS} fields") from None


def value_of(pairs: Pairs, name: str) -> str:
    """The last value of that name, as PHP takes it; empty where there is none."""
    return next((value.strip() for given, value in reversed(pairs) if given == name), "")


def form_of(pairs: Pairs) -> Form:
    """Keys in any order; `a[]=x` counts up from 0, so a list reads like a map; the last of two equal keys wins."""
    form = _Level()
    for name, value in pairs:
        _put(form, _path(name), value)
    return form


def parse_form(text: str) -> Form:
    """The form that the text holds."""
    return form_of(read_pairs(text))


def text_at(form: Form, *path: str) -> str:
    """The text at `path`; empty where there is none."""
    found: str | Form = form
    for step in path:
        if not isinstance(found, dict):
            return ""
        found = found.get(step, "")
    return found.strip() if isinstance(found, str) else ""


def _path(name: str) -> list[str]:
    """`data[FIELDS][ID]` as its steps; brackets that do not close belong to the name, as in PHP."""
    first, bracket, rest = name.partition("[")
    if not (bracket and first and rest.endswith("]")):
        return [name]
    if rest.count("][") + 2 > DEEPEST:
        raise NotAForm(f"fields nested deeper than {DEEPEST}")
    return [first, *rest[:-1].split("][")]


def _put(form: _Level, path: list[str], value: str) -> None:
    *above, last = path
    for step in above:
        key = form.key(step)
        below = form.get(key)
        if not isinstance(below, _Level):
            below = form[key] = _Level()
        form = below
    form[form.key(last)] = value
