"""Fields and their values as people call them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from crm_robots.shared.items import ItemRef, to_id
from crm_robots.shared.people import Directory
from crm_robots.shared.values import plain_text
from crm_robots.shared.words.catalog import Catalog, FieldWords

type Titles = Mapping[str, str]
"""Names of cards by `company:42`, as far as they were read."""

_LONGEST = 160
"""An entry of the journal has to fit into one write unit."""
_PEOPLE = ("ASSIGNED_BY_ID", "RESPONSIBLE_ID", "OBSERVERS", "CREATED_BY", "UPDATED_BY")
_CARDS = {"CONTACT_ID": "contact", "CONTACT_IDS": "contact", "COMPANY_ID": "company", "LEAD_ID": "lead"}
_DAY = len("2026-01-31")
_LABELS = {
    "ru": {
        "ASSIGNED_BY_ID": "Ответственный",
        "RESPONSIBLE_ID": "Ответственный за дело",
        "STAGE_ID": "Стадия",
        "OBSERVERS": "Наблюдатели",
        "OPENED": "Доступна для всех",
        "CONTACT_ID": "Контакт",
        "CONTACT_IDS": "Контакты",
        "COMPANY_ID": "Компания",
    },
    "en": {
        "ASSIGNED_BY_ID": "Responsible",
        "RESPONSIBLE_ID": "Responsible for the activity",
        "STAGE_ID": "Stage",
        "OBSERVERS": "Observers",
        "OPENED": "Available to everyone",
        "CONTACT_ID": "Contact",
        "CONTACT_IDS": "Contacts",
        "COMPANY_ID": "Company",
    },
}
_WORDS: dict[str, dict[str | bool, str]] = {
    "ru": {"empty": "не заполнено", True: "да", False: "нет", "removed": "удалённый пункт", "file": "файл"},
    "en": {"empty": "empty", True: "yes", False: "no", "removed": "a removed item", "file": "a file"},
}
_KINDS = {
    "ru": {"lead": "Лид", "deal": "Сделка", "contact": "Контакт", "company": "Компания", "activity": "Дело"},
    "en": {"lead": "Lead", "deal": "Deal", "contact": "Contact", "company": "Company", "activity": "Activity"},
}


class Words(msgspec.Struct, frozen=True):
    """The portal's names at one moment."""

    catalog: Catalog = msgspec.field(default_factory=Catalog)
    directory: Directory = msgspec.field(default_factory=Directory)

    @property
    def language(self) -> str:
        """Of all texts."""
        return self.catalog.language

    def label(self, kind: str, code: str) -> str:
        """What people call a field."""
        usual = _LABELS[self.language].get(code)
        return usual or self._field(kind, code).label

    def person(self, number: Any) -> str:
        """A person's name."""
        found = to_id(number)
        return self.directory.name(found) if found else _WORDS[self.language]["empty"]

    def card(self, item: str, titles: Titles) -> str:
        """A card by its title; by its number where nobody has read it; empty for what is no card."""
        kind, _, number = item.partition(":")
        named = _KINDS[self.language].get(kind)
        return titles.get(item) or (f"{named} {number}" if named else "")

    def value(self, kind: str, code: str, value: Any, titles: Titles) -> str:
        """A raw value in words."""
        if isinstance(value, Mapping):
            value = list(value.values())
        parts = value if isinstance(value, list | tuple) else [value]
        told = (self._part(kind, code, part, titles) for part in parts if part is not None and part != "")
        text = ", ".join(dict.fromkeys(filter(None, told)))
        return short(text) if text else _WORDS[self.language]["empty"]

    def moment(self, ts: float) -> str:
        """A time of the portal's zone."""
        return self._time(datetime.fromtimestamp(ts, ZoneInfo(self.catalog.timezone)))

    def day(self, day: date) -> str:
        """`02.03.2026` in Russian."""
        return f"{day:%d.%m.%Y}" if self.language == "ru" else day.isoformat()

    def _field(self, kind: str, code: str) -> FieldWords:
        return self.catalog.fields.get(kind, {}).get(code) or FieldWords(code)

    def _part(self, kind: str, code: str, part: Any, titles: Titles) -> str:
        one, words = self._field(kind, code), _WORDS[self.language]
        if code in _PEOPLE or one.type in ("user", "employee"):
            return self.person(part)
        if code == "STAGE_ID":
            return self.catalog.stages.get(kind, {}).get(str(part), str(part))
        if code in _CARDS or one.type == "crm":
            return self._linked(str(part), _CARDS.get(code, ""), titles)
        if one.type in ("boolean", "char") or isinstance(part, bool):
            return words[str(part).upper() in ("Y", "1", "TRUE")]
        if one.type == "enumeration" or one.items:
            return one.items.get(str(part)) or (words["removed"] if one.type == "enumeration" else str(part))
        return self._plain(one.type, part)

    def _plain(self, kind_of_value: str, part: Any) -> str:
        text = str(part)
        if kind_of_value in ("date", "datetime"):
            return self._date(text)
        if kind_of_value == "file":
            return str(_WORDS[self.language]["file"])
        return " ".join(text.split("|")[:2]) if kind_of_value == "money" else plain_text(text)

    def _linked(self, text: str, kind: str, titles: Titles) -> str:
        ref = ItemRef.of_binding(text, kind)
        return self.card(str(ref), titles) if ref else text

    def _date(self, text: str) -> str:
        try:
            if len(text) == _DAY or text[_DAY:].startswith("T00:00:00"):
                return self.day(date.fromisoformat(text[:_DAY]))
            return self._time(datetime.fromisoformat(text).astimezone(ZoneInfo(self.catalog.timezone)))
        except ValueError:
            return text

    def _time(self, moment: datetime) -> str:
        return f"{moment:%d.%m.%Y %H:%M}" if self.language == "ru" else f"{moment:%Y-%m-%d %H:%M}"


def short(text: str, longest: int = _LONGEST) -> str:
    """Long texts lose their end."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
