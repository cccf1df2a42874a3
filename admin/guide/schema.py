"""JSON Schema of the settings file: editors complete and check by it."""

from typing import Any

from crm_robots.settings.base import SectionModel, Strict
from crm_robots.settings.sections import SECTIONS
from crm_robots.settings.validate import models_in
from pydantic import create_model

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The whole file. What only the portal knows, for instance whether a stage exists, is checked by `robots check`."""
    sections: dict[str, Any] = {name: (section.model, ...) for name, section in SECTIONS.items()}
    file: type[Strict] = create_model("Settings", __base__=Strict, **sections)
    made = file.model_json_schema()
    for model in models():
        _complete(made["$defs"][model.__name__], model)
    _close(made)
    # A section that is absent switches its robot off; without the portal section no robot can work.
    return {"$schema": _DIALECT, **made, "title": "CRM robots for Bitrix24", "required": ["portal"]}


def models() -> list[type[Strict]]:
    """Every part of the file once, in the order in which a reader meets them."""
    found: dict[type[Strict], None] = {}
    for section in SECTIONS.values():
        _collect(section.model, found)
    return list(found)


def parts_of(model: type[Strict], key: str) -> list[type[Strict]]:
    """The models that the value of that key is made of."""
    field = model.model_fields[key]
    return [part for part in models_in(field.annotation) if issubclass(part, Strict)]


def _collect(model: type[Strict], found: dict[type[Strict], None]) -> None:
    if model in found:
        return
    found[model] = None
    for key in model.model_fields:
        for part in parts_of(model, key):
            _collect(part, found)


def _complete(definition: dict[str, Any], model: type[Strict]) -> None:
    """Adds what pydantic leaves out: descriptions of keys whose value is a part, and how a robot is switched off."""
    for key, setting in definition["properties"].items():
        setting["description"] = model.model_fields[key].description
    if issubclass(model, SectionModel):
        off = {"properties": {"enabled": {"const": False}}, "required": ["enabled"]}
        definition |= {"if": off, "else": {"required": definition.pop("required")}}


def _close(node: Any) -> None:
    """Keys that fit no pattern are mistakes; titles only repeat the keys. A word such as `none` also is a name, so
    several alternatives may fit."""
    if isinstance(node, list):
        for one in node:
            _close(one)
    if isinstance(node, dict):
        if "patternProperties" in node:
            node["additionalProperties"] = False
        if "oneOf" in node:
            node["anyOf"] = node.pop("oneOf")
        if isinstance(node.get("title"), str):
            del node["title"]
        for one in node.values():
            _close(one)
