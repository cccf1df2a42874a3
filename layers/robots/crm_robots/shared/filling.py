"""Filling in what was not known when a structure was made. Only types count: no text is looked into."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from crm_robots.shared.markup import Markup
from crm_robots.shared.reference import Reference, Refusal, Unknown

type Known = Callable[[Unknown], Any]
"""Answers with what it stands for, or with the thing itself."""


def filled(value: Any, known: Known) -> Any:
    """The structure with what is known; the very same where there is nothing to fill in."""

    def change(part: Any) -> Any:
        if isinstance(part, Reference | Refusal):
            return known(part)
        return part.filled(known) if isinstance(part, Markup) else part

    return changed(value, change)


def changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """The structure with each part as `change` gives it back; of what it changes nothing further is looked at."""
    if (given := change(value)) is not value or isinstance(value, str):
        return given
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        anew = {name: new for name, old in fields.items() if (new := changed(old, change)) is not old}
        return msgspec.structs.replace(value, **anew) if anew else value
    if isinstance(value, Mapping):
        entries = {name: changed(part, change) for name, part in value.items()}
        return entries if any(entries[name] is not part for name, part in value.items()) else value
    if isinstance(value, list | tuple):
        parts = [changed(part, change) for part in value]
        if all(new is old for new, old in zip(parts, value, strict=True)):
            return value
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value
