"""What the portal called its fields, dropdown items and stages when settings were last published."""

import msgspec


class FieldWords(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field of a kind of item."""

    label: str
    type: str = "string"
    items: dict[str, str] = {}
    """Of a dropdown: id to label."""


class Catalog(msgspec.Struct, frozen=True):
    """Kept beside the settings, so that the journal's words cost the portal nothing."""

    language: str = "ru"
    timezone: str = "UTC"
    fields: dict[str, dict[str, FieldWords]] = {}
    """By kind of item and code."""
    stages: dict[str, dict[str, str]] = {}
    """By kind of item: stage id to name."""
