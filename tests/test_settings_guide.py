"""The guide to the settings file and the schema for editors: complete, up to date, and of one mind with the models."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from admin.guide import russian
from admin.guide.files import FILES
from admin.guide.page import has_table
from admin.guide.schema import models, schema
from tests.support.settings_portal import EXAMPLE


def example() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text())
    return found


def mistakes(document: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(document)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_file_is_what_make_guide_would_write(path: Path):
    assert path.read_text() == FILES[path](), "run `make guide`"


def test_every_part_and_key_has_its_russian_words_and_no_others_have():
    tables = [model for model in models() if has_table(model) or model.__name__ == "UserField"]
    keys = {(model.__name__, key) for model in tables for key in model.model_fields}

    assert russian.PARTS.keys() == {model.__name__ for model in tables}
    assert {key for key in keys if key not in russian.KEYS and key[1] not in russian.COMMON} == set()
    assert russian.KEYS.keys() <= keys
    assert russian.COMMON.keys() <= {key for _, key in keys}


def test_editors_find_the_schema():
    first = EXAMPLE.read_text().splitlines()[0]

    assert first == "# yaml-language-server: $schema=schema.json"
    assert (EXAMPLE.parent / "schema.json").is_file()


def test_p1_the_schema_accepts_the_example():
    jsonschema.Draft202012Validator.check_schema(schema())

    assert mistakes(example()) == []


def test_p3_the_schema_refuses_a_misspelt_key():
    document = example()
    document["qualification"]["gate_stagе"] = "КП"  # with a Cyrillic letter

    assert any("gate_stagе" in one for one in mistakes(document))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("routing", "pick"), "rnadom"),
        (("client_status", "warning", "days_before"), 0),
        (("client_status", "lost", "transfer"), {"supervisor": True}),
        (("conversion", "fields", "INN"), {"label": "ИНН", "type": "string"}),
    ],
)
def test_p3_the_schema_refuses_a_wrong_value(path: tuple[str, ...], value: Any):
    document = example()
    part = document
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value

    assert mistakes(document)


def test_a_switched_off_section_needs_nothing_and_ids_stand_for_names():
    document = example()
    document["routing"] = {"enabled": False}
    document["portal"]["admins"] = [7]

    assert mistakes(document) == []
    assert mistakes(document | {"routing": {}})


def test_every_key_is_described():
    for name, part in schema()["$defs"].items():
        for key, setting in part["properties"].items():
            assert setting["description"], f"{name}.{key}"


def test_the_schema_is_plain_json():
    path = next(path for path in FILES if path.suffix == ".json")

    assert json.loads(path.read_text()) == json.loads(json.dumps(schema()))
