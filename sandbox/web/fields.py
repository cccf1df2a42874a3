"""Fields of a card: their labels, what a person reads in them, and how a form edits them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.portal.core import Portal
from sandbox.portal.fields import Field
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME, ItemType
from sandbox.portal.values import is_empty
from sandbox.web import words

PEOPLE = frozenset({"user", "employee"})
LINKS = {"crm_contact": "contact", "crm_company": "company", "crm_lead": "lead"}
CURRENCIES = ("RUB", "USD", "EUR", "BYN", "KZT")
_AREAS = frozenset({"text", "address"})
_WIDGETS = {
    "boolean": "flag",
    "date": "date",
    "datetime": "moment",
    "integer": "number",
    "double": "number",
    "file": "",
}


class Piece(NamedTuple):
    """A part of a value: a text, and the address it links to."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A field on a page. `widget` is empty where nobody can edit it; `raw` is what its form control holds."""

    name: str
    label: str
    pieces: Sequence[Piece]
    widget: str
    raw: Sequence[str]
    options: Sequence[tuple[str, str]] = ()


class FieldView:
    """Shows fields of one kind of items in one language."""

    def __init__(self, portal: Portal, kind: str, language: str) -> None:
        self._portal = portal
        self._type: ItemType = BY_NAME[kind]
        self._language = language
        self._fields = portal.items.fields(self._type.id)

    def fields(self) -> dict[str, Field]:
        """Every field by its name."""
        return self._fields

    def label(self, field: Field) -> str:
        """The field's title; user fields may have one per language."""
        if field.user_field:
            row = self._portal.user_fields.named(self._type, field.name) or {}
            return (row.get("EDIT_FORM_LABEL") or {}).get(self._language) or field.title
        return words.FIELDS.get(field.name, field.title) if self._language == "en" else field.title

    def show(self, name: str, row: Row) -> Shown:
        """One field of a card."""
        field = self._fields[name]
        value = row.get(name)
        widget = "" if field.read_only else self.widget(field)
        options = self._options(field, row) if widget in ("choice", "choices") else ()
        return Shown(name, self.label(field), self.pieces(field, value, row), widget, raw(field, value), options)

    def widget(self, field: Field) -> str:
        """The control of a form that edits the field."""
        if field.type in LINKS:
            return "ids" if field.multiple else "id"
        if field.type in ("enumeration", "crm_status", "crm_currency", "crm_category") or field.type in PEOPLE:
            return "choices" if field.multiple else "choice"
        if field.type == "crm_multifield":
            return "fm"
        if field.multiple:
            return "lines"
        return _WIDGETS.get(field.type, "area" if field.type in _AREAS or field.name == "comments" else "text")

    def pieces(self, field: Field, value: Any, row: Row) -> list[Piece]:
        """A value in words; nothing for an empty one."""
        if field.type == "crm_multifield":
            return [phone_piece(one) for one in value or ()]
        if is_empty(value) and not (value == 0 and (field.user_field or field.type == "crm_category")):
            return []
        return [self._piece(field, one, row) for one in (value if isinstance(value, list) else [value])]

    def _piece(self, field: Field, value: Any, row: Row) -> Piece:
        if field.type in LINKS:
            kind = LINKS[field.type]
            return Piece(title_of(self._portal, kind, value), f"/crm/{kind}/details/{value}/")
        if field.type in PEOPLE:
            return Piece(self._portal.people.name(value))
        if field.type == "boolean":
            yes, no = ("да", "нет") if self._language == "ru" else ("yes", "no")
            return Piece(yes if value == "Y" else no)
        if field.type == "date":
            return Piece(words.day(value, self._language))
        if field.type == "datetime":
            return Piece(words.when(value, self._portal.clock.now(), self._language))
        if field.name in ("opportunity", "revenue"):
            return Piece(words.money(value, row.get("currencyId")))
        if field.type == "double":
            return Piece(words.amount(value))
        if field.type == "file":
            return Piece(value["name"] or f"#{value['id']}")
        if field.type == "url":
            safe = str(value) if re.match(r"https?://", str(value)) else ""
            return Piece(str(value), safe)
        names = dict(self._options(field, row)) if self.widget(field) in ("choice", "choices") else {}
        return Piece(names.get(str(value), str(value)))

    def _options(self, field: Field, row: Row) -> list[tuple[str, str]]:
        """What a dropdown offers, as (value, text)."""
        if field.type == "enumeration":
            definition = self._portal.user_fields.named(self._type, field.name) or {"LIST": []}
            return [(str(item["id"]), item["value"]) for item in definition["LIST"]]
        if field.type in PEOPLE:
            return [(str(one["id"]), self._portal.people.name(one["id"])) for one in self._portal.people.listed()]
        if field.type == "crm_category":
            return [(str(one["id"]), one["name"]) for one in self._portal.stages.categories()]
        if field.type == "crm_currency":
            return [(code, code) for code in CURRENCIES]
        return [(one["STATUS_ID"], one["NAME"]) for one in self._portal.stages.entries(self._dictionary(field, row))]

    def _dictionary(self, field: Field, row: Row) -> str:
        if field.name == "stageId":
            return self._portal.stages.dictionary_of(self._type.id, row.get("categoryId") or 0)
        return field.dictionary


def title_of(portal: Portal, kind: str, item_id: int) -> str:
    """The name under which people know a card."""
    row = portal.items.get(BY_NAME[kind].id, item_id)
    return card_title(kind, row) if row else f"#{item_id}"


def card_title(kind: str, row: Row) -> str:
    """A contact's name in the order of employees' names, everybody else's title."""
    if kind != "contact":
        return str(row["title"])
    parts = (row.get("name"), row.get("secondName"), row.get("lastName"))
    return " ".join(part for part in parts if part) or f"#{row['id']}"


def phone_piece(one: Row) -> Piece:
    """A phone that can be called, an e-mail that can be written to."""
    value = str(one["value"])
    if one["typeId"] == "PHONE":
        return Piece(value, f"tel:{re.sub(r'[^0-9+]', '', value)}")
    return Piece(value, f"mailto:{value}" if one["typeId"] == "EMAIL" else "")


def raw(field: Field, value: Any) -> list[str]:
    """A value as form controls hold it."""
    if field.type == "boolean":
        return ["Y"] if value == "Y" else []
    if field.type == "crm_multifield" or value is None or value == "" or (value == 0 and field.type in LINKS):
        return []
    values = value if isinstance(value, list) else [value]
    if field.type in LINKS:
        return [", ".join(map(str, values))] if values else []
    if field.multiple and field.type != "enumeration" and field.type not in PEOPLE:
        return ["\n".join(map(str, values))] if values else []
    cut = {"date": 10, "datetime": 16}.get(field.type)
    return [f"{one:g}" if isinstance(one, float) and not one % 1 and one < 1e6 else str(one)[:cut] for one in values]
