"""What people read about a deal that changed its client's card."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_robots.robots.lost_deal import texts_en, texts_ru
from crm_robots.shared.markup import NOTHING, REFUSAL, Markup, templates

_WORDS = {"ru": texts_ru.WORDS, "en": texts_en.WORDS}
_TEMPLATES = templates(_WORDS)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one client, in words. `client` is a link to the card."""

    client: Markup
    label: str
    old: str
    new: str


def on_deal(language: str, stage: str, changes: Sequence[Change], comment: str, video: str) -> Markup:
    """For the deal's timeline: which cards changed, and why."""
    words = _TEMPLATES[language]
    lines = [words["because"].format(stage=stage), Markup(comment), words["changed"] if changes else NOTHING]
    lines += [Markup("• {}: {}").format(change.client, _told(change, words["empty"])) for change in changes]
    return _joined(lines, words["video"], video)


def on_client(language: str, deal: Markup, stage: str, changes: Sequence[Change], comment: str, video: str) -> Markup:
    """For a client's timeline: what changed here, and the deal behind it."""
    words = _TEMPLATES[language]
    lines = [words["because_deal"].format(deal=deal, stage=stage), Markup(comment), words["changed_here"]]
    lines += [Markup("• {}").format(_told(change, words["empty"])) for change in changes]
    return _joined(lines, words["video"], video)


def expired(language: str, changes: Sequence[Change]) -> Markup:
    """For a client's timeline: the days of a mark are over."""
    return _given_back(_TEMPLATES[language]["expired"], language, changes)


def reopened(language: str, deal: Markup, changes: Sequence[Change]) -> Markup:
    """For a client's timeline: the deal behind a mark is open again."""
    return _given_back(_TEMPLATES[language]["reopened"].format(deal=deal), language, changes)


def reopened_deal(language: str, changes: Sequence[Change]) -> Markup:
    """For the deal's timeline: whose cards have their earlier values again."""
    words = _TEMPLATES[language]
    lines = [Markup("• {}: {}").format(change.client, _told(change, words["empty"])) for change in changes]
    return Markup("\n").join([words["reopened_deal"], *lines])


def _given_back(heading: Markup, language: str, changes: Sequence[Change]) -> Markup:
    empty = _TEMPLATES[language]["empty"]
    return Markup("\n").join([heading, *(Markup("• {}").format(_told(change, empty)) for change in changes)])


def refused(language: str) -> Markup:
    """For the deal's timeline: the portal would not change a card; its words come in later."""
    return _TEMPLATES[language]["refused"].format(refusal=REFUSAL)


def _told(change: Change, empty: str) -> Markup:
    return Markup("{}: {} → {}").format(change.label, change.old or empty, change.new or empty)


def _joined(lines: list[Markup], video_line: Markup, video: str) -> Markup:
    return Markup("\n").join([line for line in lines if line] + ([video_line.format(video=video)] if video else []))
