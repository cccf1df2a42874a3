"""Titles that administrators write, with fields of the lead in them: `{service}: {lead[TITLE]}`."""

from collections.abc import Mapping

from crm_robots.shared.items import Item
from crm_robots.shared.markup import Markup
from crm_robots.shared.values import words_of

_LONGEST = 250
"""Bitrix24 cuts titles of items and tasks at 255 characters."""


class _Fields:
    """`{lead[FIELD]}` of a template: the field in words; `{lead}` is the title."""

    def __init__(self, item: Item, words: Mapping[str, Mapping[str, str]]) -> None:
        self._item = item
        self._words = words

    def __getitem__(self, name: str) -> str:
        return self._item.title if name == "TITLE" else words_of(self._item.fields.get(name), self._words.get(name, {}))

    def __str__(self) -> str:
        return self._item.title


def filled(template: str, lead: Item, words: Mapping[str, Mapping[str, str]] | None = None, **others: str) -> str:
    """A title. `words`: field -> item id -> label, for dropdowns; `others`: the template's other placeholders."""
    return _short(template.format(lead=_Fields(lead, words or {}), **others))


def filled_for_people(template: str, lead: Item, words: Mapping[str, Mapping[str, str]]) -> Markup:
    """The same for a task, whose title may hold BB code: the administrator's own, but nobody else's."""
    return Markup(_short(Markup(template).format(lead=_Fields(lead, words))))


def _short(title: str) -> str:
    return " ".join(title.split())[:_LONGEST]
