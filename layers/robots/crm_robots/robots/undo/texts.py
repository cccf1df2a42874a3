"""What people read of an undo."""

from collections.abc import Sequence
from enum import Enum

from crm_robots.shared.markup import Markup, templates


class Reason(Enum):
    """Why a change stayed."""

    CHANGED = "changed"
    ADDED = "added"
    UNIT = "unit"
    GONE = "gone"
    REFUSED = "refused"
    BUSY = "busy"


_REASONS = {
    "ru": {
        Reason.CHANGED: "с тех пор изменено",
        Reason.ADDED: "телефоны и адреса добавлены к имевшимся, они не убираются",
        Reason.UNIT: "дело остаётся у того, у кого остался клиент",
        Reason.GONE: "карточки больше нет",
        Reason.REFUSED: "портал не принял прежнее значение",
        Reason.BUSY: "карточка занята, повторите команду",
    },
    "en": {
        Reason.CHANGED: "changed since",
        Reason.ADDED: "phones and addresses were added to those that were there, and stay",
        Reason.UNIT: "the activity stays with whoever keeps the client",
        Reason.GONE: "the card is gone",
        Reason.REFUSED: "the portal did not take the earlier value",
        Reason.BUSY: "the card is busy, run the command again",
    },
}
_TEMPLATES = templates(
    {
        "ru": {"head": "Действия роботов отменены администратором.", "line": "• {label}: {new} → {old}"},
        "en": {"head": "An administrator took the robots' actions back.", "line": "• {label}: {new} → {old}"},
    }
)


def reason(language: str, why: Reason) -> str:
    """For the report."""
    return _REASONS[language][why]


def comment(language: str, changes: Sequence[tuple[str, str, str]]) -> Markup:
    """For the timeline: label, value until now, value from now on."""
    words = _TEMPLATES[language]
    lines = [words["line"].format(label=label, new=now, old=then) for label, now, then in changes]
    return Markup("\n").join([words["head"], *lines])
