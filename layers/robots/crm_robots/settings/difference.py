"""What a section's new text changes against the one in force: old → new for every key."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_robots.records.settings_store import OFF, Stored
from crm_robots.settings.base import Strict
from crm_robots.settings.problems import SettingsError
from crm_robots.settings.report import Change
from crm_robots.settings.source import parse
from crm_robots.settings.validate import shown, validate

type _Values = Mapping[str, Any]


def works(stored: Stored) -> bool:
    """Whether the section's robot works now."""
    return bool(stored.version) and stored.rules != OFF


def changes(name: str, stored: Stored, model: Strict, text: str) -> list[Change]:
    """Defaults count: a key that is written out with its default changes nothing.

    The text in force may be of an earlier version of the project, whose keys are no longer known; then the texts are
    compared as they are written.
    """
    try:
        before = validate(name, type(model), stored.source)
    except SettingsError:
        before = None
    if before is not None:
        return list(_between(name, before.model_dump(), model.model_dump()))
    return list(_between(name, _written(stored.source), _written(text)))


def _written(text: str) -> Any:
    try:
        return parse(text, "").value
    except SettingsError:
        return {}


def _between(key: str, old: Any, new: Any) -> Iterator[Change]:
    before, after = _parts(old), _parts(new)
    if before is None or after is None:
        if old != new:
            yield Change(key, shown(old), shown(new))
        return
    for part in dict.fromkeys([*before, *after]):
        inner = f"{key}.{part}"
        if part not in before:
            yield Change(inner, None, shown(after[part]))
        elif part not in after:
            yield Change(inner, shown(before[part]), None)
        else:
            yield from _between(inner, before[part], after[part])


def _parts(value: Any) -> _Values | None:
    """What is compared part by part: keys, and lists of keys by their code or, counted from one, by their place."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Sequence) and value and all(isinstance(one, Mapping) for one in value):
        return {str(one.get("code", place)): one for place, one in enumerate(value, start=1)}
    return None
