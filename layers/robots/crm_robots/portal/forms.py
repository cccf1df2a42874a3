"""Reads forms as PHP writes them: `data[FIELDS][ID]=17` becomes `{"data": {"FIELDS": {"ID": "17"}}}`."""

from urllib.parse import parse_qsl

# PHP itself takes no more pairs (max_input_vars); a webhook has about ten, three levels deep.
MOST_PAIRS = 1000
DEEPEST = 16

type Form = dict[str, str | Form]


class NotAForm(ValueError):  # noqa: N818 - it says what the text is
    """The text cannot be read as a form, or is larger than any webhook."""


def parse_form(text: str) -> Form:
    """Keys in any order; `a[]=x` counts up from 0, so a list reads like a map; the last of two equal keys wins."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PAIRS, errors="replace")
    except ValueError:
        raise NotAForm(f"more than {MOST_PAIRS} fields") from None
    form: Form = {}
    for name, value in pairs:
        _put(form, _path(name), value)
    return form


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
    steps = [first, *rest[:-1].split("][")]
    if len(steps) > DEEPEST:
        raise NotAForm(f"fields nested deeper than {DEEPEST}")
    return steps


def _put(form: Form, path: list[str], value: str) -> None:
    *above, last = path
    for step in above:
        below = form.get(step or _next_number(form))
        if not isinstance(below, dict):
            below = form[step or _next_number(form)] = {}
        form = below
    form[last or _next_number(form)] = value


def _next_number(form: Form) -> str:
    return str(1 + max((int(key) for key in form if key.isdecimal() and len(key) < 10), default=-1))
