"""One guide to the settings file: a heading per section, a table per part."""

import json
from collections.abc import Iterator
from typing import Any

from crm_robots.settings.base import Strict
from crm_robots.settings.fields import UserField
from crm_robots.settings.sections import SECTIONS
from pydantic.fields import FieldInfo

from admin.guide import russian
from admin.guide.kinds import kind
from admin.guide.schema import parts_of, schema
from admin.guide.words import INTRO, WORDS


def page(language: str) -> str:
    """The guide in `ru` or `en`."""
    definitions = schema()["$defs"]
    lines = [INTRO[language]]
    shown: set[type[Strict]] = set()
    for name, section in SECTIONS.items():
        lines += [f"## {name}", "", about(section.model, language), ""]
        lines += _tables(section.model, name, language, definitions, shown)
    lines += [f"## {WORDS[language]['fields']}", "", about(UserField, language), ""]
    lines += _table(UserField, language, definitions)
    return "\n".join(lines).rstrip("\n") + "\n"


def about(model: type[Strict], language: str) -> str:
    """What a part is for, in a sentence."""
    return russian.PARTS[model.__name__] if language == "ru" else (model.__doc__ or "").strip()


def describe(model: type[Strict], key: str, language: str) -> str:
    """What a key is for."""
    if language == "ru":
        return russian.KEYS.get((model.__name__, key)) or russian.COMMON[key]
    return model.model_fields[key].description or ""


def has_table(part: type[Strict]) -> bool:
    """Small parts that many keys share, such as `{user: …}`, are written out where they are used."""
    return part.__module__ != UserField.__module__


def _tables(
    model: type[Strict], path: str, language: str, definitions: dict[str, Any], shown: set[type[Strict]]
) -> Iterator[str]:
    """A part that several keys share is shown with the first of them."""
    yield from _table(model, language, definitions)
    for key in model.model_fields:
        for part in parts_of(model, key):
            if has_table(part) and part not in shown:
                shown.add(part)
                inner = f"{path}.{key}"
                yield from (f"### {inner}", "", about(part, language), "")
                yield from _tables(part, inner, language, definitions, shown)


def _table(model: type[Strict], language: str, definitions: dict[str, Any]) -> Iterator[str]:
    words = WORDS[language]
    yield f"| {words['key']} | {words['what']} | {words['value']} | {words['default']} |"
    yield "| --- | --- | --- | --- |"
    for key, field in model.model_fields.items():
        value = kind(definitions[model.__name__]["properties"][key], language, definitions)
        default = f"**{words['required']}**" if field.is_required() else _default(model, key, field, language)
        yield _row(f"`{key}`", describe(model, key, language), value, default)
    yield ""


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _default(model: type[Strict], key: str, field: FieldInfo, language: str) -> str:
    value = field.get_default()
    if language == "en":
        value = getattr(model, "ENGLISH", {}).get(key, value)
    if isinstance(value, Strict) and has_table(type(value)):
        return WORDS[language]["below"]
    if isinstance(value, Strict):
        inner = ", ".join(f"{name}: {one}" for name, one in value.model_dump().items())
        return f"`{{{inner}}}`"
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value, ensure_ascii=False)}`"
