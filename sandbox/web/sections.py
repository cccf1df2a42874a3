"""How a card is laid out: which fields stand together, and in which order."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sandbox.portal.core import Portal
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME
from sandbox.web.fields import FieldView, Shown

_PERSON = ("honorific", "lastName", "name", "secondName", "birthdate", "post", "companyTitle")
_MONEY = ("title", "opportunity", "currencyId")
_ABOUT = ("sourceId", "sourceDescription", "comments")
_MAIN = {
    "lead": (*_MONEY, *_PERSON, "fm", "address"),
    "deal": (*_MONEY, "categoryId", "typeId", "begindate", "closedate", "probability"),
    "contact": (*_PERSON, "typeId", "fm", "address"),
    "company": ("title", "typeId", "industry", "employees", "revenue", "currencyId", "fm", "address"),
}
_LINKED = {
    "lead": ("contactIds", "companyId"),
    "deal": ("contactIds", "companyId", "leadId"),
    "contact": ("companyIds", "leadId"),
    "company": ("leadId",),
}
# Shown elsewhere on the card, duplicates of another field, or internal to the portal.
_HIDDEN = {"id", "stageId", "stageSemanticId", "contactId", "hasPhone", "hasEmail", "hasImol", "webformId"}
_TWINS = {"contact": {"companyId", "categoryId"}, "company": {"contactIds", "categoryId"}}

_SAID = {"title", "currencyId"}


class Section(NamedTuple):
    """A group of fields; `code` says which one it is, whatever the language."""

    code: str
    title: str
    fields: list[Shown]

    @property
    def folded(self) -> bool:
        """Whether the section is collapsed at first."""
        return self.code in ("more", "service")

    @property
    def filled(self) -> list[Shown]:
        """Fields with values, without those that the heading and the sum show already."""
        return [one for one in self.fields if one.pieces and one.name not in _SAID]


def sections(portal: Portal, view: FieldView, kind: str, row: Row, language: str) -> list[Section]:
    """All sections of a card, in their order."""

    def word(ru: str, en: str) -> str:
        return en if language == "en" else ru

    def shown(names: Iterable[str]) -> list[Shown]:
        return [view.show(name, row) for name in names if name in view.fields()]

    own = list(_own(portal, view, kind))
    people = ("assignedById", "observers")
    placed = {*_MAIN[kind], *_LINKED[kind], *people, *_ABOUT, *_HIDDEN, *_TWINS.get(kind, ())}
    standard = [field for name, field in view.fields().items() if not field.user_field and name not in placed]
    return [
        Section("main", word("Главное", "Main"), shown(_MAIN[kind])),
        Section("people", word("Ответственные", "People"), shown(people)),
        Section("clients", word("Связи", "Links"), shown(_LINKED[kind])),
        *(Section("own", title or word("Свои поля", "User fields"), shown(names)) for title, names in own if names),
        Section("about", word("Источник и комментарий", "Source and comment"), shown(_ABOUT)),
        Section("more", word("Остальное", "The rest"), shown(f.name for f in standard if not f.read_only)),
        Section("service", word("Служебное", "Service"), shown(f.name for f in standard if f.read_only)),
    ]


def _own(portal: Portal, view: FieldView, kind: str) -> Iterator[tuple[str, list[str]]]:
    """User fields, by the sections of the common layout where somebody arranged the card; title and names."""
    left = [name for name, field in view.fields().items() if field.user_field]
    for section in _layout(portal, kind):
        names = [one["name"] for one in section["elements"] if one["name"] in left]
        left = [name for name in left if name not in names]
        yield section["title"], names
    yield "", left


def _layout(portal: Portal, kind: str) -> list[Row]:
    common = f"{BY_NAME[kind].id}:C:"
    row = next((row for row in portal.tables.card_layouts if row["key"].startswith(common)), None)
    found: list[Row] = row["data"] if row else []
    return found
