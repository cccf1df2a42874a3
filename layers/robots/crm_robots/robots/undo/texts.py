"""What people read of an undo."""

from collections.abc import Sequence
from enum import Enum

from crm_robots.robots.undo import texts_en, texts_ru
from crm_robots.shared.markup import Markup, templates


class Reason(Enum):
    """Why a change stayed."""

    CHANGED = "changed"
    ADDED = "added"
    UNIT = "unit"
    GONE = "gone"
    REFUSED = "refused"
    BUSY = "busy"


_REASONS = {"ru": texts_ru.REASONS, "en": texts_en.REASONS}
_TEMPLATES = templates({"ru": texts_ru.WORDS, "en": texts_en.WORDS})


def reason(language: str, why: Reason) -> str:
    """For the report."""
    return _REASONS[language][why.value]


def comment(language: str, changes: Sequence[tuple[str, str, str]]) -> Markup:
    """For the timeline: label, value until now, value from now on."""
    words = _TEMPLATES[language]
    lines = [words["line"].format(label=label, new=now, old=then) for label, now, then in changes]
    return Markup("\n").join([words["head"], *lines])
