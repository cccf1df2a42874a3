"""Values and requirements as people read them: labels and names, never ids (Q5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm_robots.robots.qualification import texts_en, texts_ru
from crm_robots.robots.qualification.gaps import misfits
from crm_robots.robots.qualification.rules import LeadField, QualificationRules
from crm_robots.robots.qualification.values import Value, spelled
from crm_robots.shared.gate.gaps import Requirement
from crm_robots.shared.people import Directory

_LONGEST = 300
_WORDS = {"ru": texts_ru.VALUES, "en": texts_en.VALUES}
_PLAIN = ("string", "url", "text", "crm_multifield", "integer", "double", "float", "crm_currency")


@dataclass(frozen=True, slots=True)
class Words:
    """Knows the labels."""

    rules: QualificationRules
    language: str
    zone: ZoneInfo
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field: items that were added to dropdowns after the section was published, and names of linked cards."""
    directory: Directory = field(default_factory=Directory)

    def field(self, code: str) -> LeadField:
        """A field that the robot looks at."""
        return self.rules.fields.get(code) or LeadField(code, code, "string")

    def requirement(self, requirement: Requirement) -> str:
        """`Телефон или E-mail`."""
        return self.either(self.field(code).label for code in requirement)

    def either(self, labels: Iterable[str]) -> str:
        """Any of these will do."""
        return _WORDS[self.language]["or"].join(labels)

    def gap(self, requirement: Requirement, values: Mapping[str, Value]) -> str:
        """`Материал («Шторы» не относится к «Нитки»)`: the label, and which values do not fit."""
        wrong = "; ".join(one for code in requirement for one in self.misfits(code, values))
        return f"{self.requirement(requirement)} ({wrong})" if wrong else self.requirement(requirement)

    def misfits(self, code: str, values: Mapping[str, Value]) -> list[str]:
        """A sentence for each item that goes with no chosen item of the other list."""
        above = self.field(code).depends_on
        chosen = ", ".join(self._quoted(above, one) for one in spelled(values.get(above)))
        misfit = _WORDS[self.language]["misfit"]
        wrong = misfits(code, values, self.rules)
        return [misfit.format(item=self._quoted(code, item), chosen=chosen) for item in wrong]

    def direction(self, item: str) -> str:
        """The direction's label."""
        return self.value(self.rules.direction_field, item)

    def value(self, code: str, value: Value) -> str:
        """A value of that field."""
        words = _WORDS[self.language]
        if value is None:
            return words["empty"]
        if isinstance(value, bool):
            return words[value]
        parts = value if isinstance(value, tuple) else (value,)
        return short(", ".join(dict.fromkeys(self._part(self.field(code), part) for part in parts)))

    def _quoted(self, code: str, item: str) -> str:
        return _WORDS[self.language]["quoted"].format(item=self.value(code, item))

    def _part(self, one: LeadField, text: str) -> str:
        words = _WORDS[self.language]
        if one.type == "enumeration" or one.items:
            return one.items.get(text) or self.labels.get(one.code, {}).get(text) or words["removed"]
        if one.type in ("employee", "user"):
            user = self.directory.users.get(int(text)) if text.isdigit() else None
            return user.name if user else words["person"]
        if one.type in ("date", "datetime"):
            return self._moment(text)
        if one.type in ("money", "address"):
            return " ".join(text.split("|")[: 2 if one.type == "money" else 1])
        if one.type in _PLAIN:
            return text
        return words["file"] if one.type == "file" else self.labels.get(one.code, {}).get(text) or words["link"]

    def _moment(self, text: str) -> str:
        russian = self.language == "ru"
        try:
            if len(text) == len("2026-01-31"):
                return f"{date.fromisoformat(text):%d.%m.%Y}" if russian else text
            moment = datetime.fromisoformat(text).astimezone(self.zone)
        except ValueError:
            return text
        return f"{moment:%d.%m.%Y %H:%M}" if russian else f"{moment:%Y-%m-%d %H:%M}"


def short(text: str) -> str:
    """Long texts lose their end."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
