"""A section's YAML against its model; pydantic's errors in our words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crm_robots.settings.base import Strict
from crm_robots.settings.problems import Problem, SettingsError, listed, nearest_names
from crm_robots.settings.source import Document, Path, parse

_TYPES = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "scalar": "one value",
    "host": "name of a host, crm.acme.ru or crm.acme.ru:8443",
    "address": "https address without a password in it; http and addresses of metadata are not asked",
}
_PATTERNS = {
    "2[0-3]": "HH:MM",
    "https?": "http(s) address",
    "UF_CRM_": "code of a user field, UF_CRM_…, at most 50 characters",
    "{0,49}": "code of a field",
    "{0,39}": "a code of small Latin letters, digits and _",
    r"\|": "fields with | between them",
}
_OWN = ("repeated", "dropdown_values", "multiple_boolean", "system_statuses", "days_of_lost", "placeholder", "rename")
_MARKS = ("[key]", "<word>", "<user>", "<department>", "<list>", "<field>", "<condition>", "<named>")
"""What pydantic puts into a path beside the file's own keys; the words are tags of `models/fields.py`."""
_LOOKUPS = {"timezone": "timezone", "country": "country", "status_code": "status"}


def validate[M: Strict](name: str, model: type[M], text: str) -> M | None:
    """The section, or None if it is switched off; then it only has to be well formed.

    Raises `SettingsError` with everything that is wrong.
    """
    document = parse(text, name)
    value = document.value
    if isinstance(value, dict) and set(value) == {name} and isinstance(value[name], dict):
        value = value[name]  # the section was pasted together with its key
    off = isinstance(value, dict) and value.get("enabled") is False and "enabled" in model.model_fields
    try:
        section = model.model_validate(value)
    except ValidationError as error:
        details = [one for one in error.errors(include_url=False) if not (off and one["type"] == "missing")]
        if details:
            raise SettingsError([_problem(name, model, document, one) for one in details]) from None
        return None
    return None if off else section


def _problem(name: str, model: type[BaseModel], document: Document, error: ErrorDetails) -> Problem:
    path = tuple(part for part in error["loc"] if part not in _MARKS)
    context: Mapping[str, Any] = error.get("ctx", {})
    if "at" in context:
        path = (*path, *context["at"])
    key = ".".join([name, *map(str, path)])
    words = _words(model, path, error, context)
    return Problem(key, **{"found": shown(error["input"]), **words}, line=document.line(path))


def _words(model: type[BaseModel], path: Path, error: ErrorDetails, context: Mapping[str, Any]) -> dict[str, Any]:
    """Reason, expectation and nearest names; for an unknown key its value is not repeated."""
    kind = error["type"]
    if kind in _SIMPLE:
        return _SIMPLE[kind](context, error["input"])
    if kind == "extra_forbidden":
        known = _keys(model, path[:-1])
        found = str(path[-1])
        if found in known:  # but not beside the others: user or department
            return {"reason": "either", "found": found, "expected": listed(known)}
        near = nearest_names(found, known)
        return {"reason": "not_found", "what": "key", "found": found, "nearest": near, "expected": listed(known)}
    if kind in _LOOKUPS:
        known, found = context["known"], str(context.get("found", error["input"]))
        near = tuple(context.get("near", ())) or nearest_names(found, known)
        words = {"reason": "not_found", "what": _LOOKUPS[kind], "found": found, "nearest": near}
        return words | {"expected": listed(context.get("usual", known))}
    if kind in _OWN:
        found = context.get("found") or shown(error["input"])
        return {"reason": kind, "found": found, "expected": context.get("expected", "")}
    return {"reason": "wrong_type", "expected": _TYPES.get(kind, error["msg"])}


def _pattern(context: Mapping[str, Any], _: Any) -> dict[str, Any]:
    pattern = str(context["pattern"])
    return {
        "reason": "pattern",
        "expected": next((words for part, words in _PATTERNS.items() if part in pattern), pattern),
    }


def _count(reason: str, limit: str) -> Callable[[Mapping[str, Any], Any], dict[str, Any]]:
    def words(context: Mapping[str, Any], value: Any) -> dict[str, Any]:
        found = len(value) if isinstance(value, str | list | dict) else context.get("actual_length", 0)
        return {"reason": reason, "found": str(found), "expected": str(context[limit])}

    return words


_NO_TEXT = {"reason": "wrong_type", "expected": "a text"}
_SIMPLE: dict[str, Callable[[Mapping[str, Any], Any], dict[str, Any]]] = {
    "missing": lambda _, __: {"reason": "missing", "found": ""},
    "greater_than_equal": lambda context, _: {"reason": "at_least", "expected": str(context["ge"])},
    "less_than_equal": lambda context, _: {"reason": "at_most", "expected": str(context["le"])},
    "literal_error": lambda context, value: {
        "reason": "one_of",
        "expected": context["expected"].replace("'", "").replace(" or ", ", "),
        "nearest": nearest_names(str(value), context["expected"].replace("'", "").replace(" or ", ", ").split(", ")),
    },
    "string_pattern_mismatch": _pattern,
    "string_too_short": lambda _, __: _NO_TEXT,
    "string_too_long": _count("too_long", "max_length"),
    "too_short": lambda context, value: _NO_TEXT if value == "" else _count("too_short", "min_length")(context, value),
    "too_long": _count("too_long", "max_length"),
}


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that a part of the model knows."""
    found: list[type[BaseModel]] = [model]
    for part in path:
        inner = (
            [kind for one in found for kind in models_in(one.model_fields[str(part)].annotation)]
            if all(str(part) in one.model_fields for one in found)
            else found
        )
        found = inner or found
    return list(dict.fromkeys(name for one in found for name in one.model_fields))


def models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    """All models inside `dict[str, A] | B | Annotated[…]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for inner in getattr(annotation, "__args__", ()):
        yield from models_in(inner)


def shown(value: Any) -> str:
    """The value as it stands in the file, not longer than a line."""
    words = {None: "null", True: "true", False: "false"}
    if isinstance(value, dict):
        text = f"{{{', '.join(f'{key}: {shown(one)}' for key, one in value.items())}}}"
    elif isinstance(value, list):
        text = f"[{', '.join(map(shown, value))}]"
    else:
        text = words[value] if value is None or isinstance(value, bool) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"
