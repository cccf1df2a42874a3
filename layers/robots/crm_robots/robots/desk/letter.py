"""D13: five lines that a head reads once a week."""

from collections.abc import Sequence
from datetime import date, timedelta

from crm_robots.robots.desk import texts_en, texts_ru
from crm_robots.robots.desk.figures import Manager
from crm_robots.shared.markup import Markup, templates

TEXTS = templates({"ru": texts_ru.WORDS, "en": texts_en.WORDS})


def is_due(day: date, weekday: int) -> bool:
    """From the week's day on: a missed day is made up within its week."""
    return day.weekday() >= weekday


def week_of(day: date) -> date:
    """The Monday by which a week is known."""
    return day - timedelta(days=day.weekday())


def letter(day: date, managers: Sequence[Manager], language: str, url: str, days: int) -> Markup:
    """The letter's text. Without an address of our pages there is no link."""
    texts = TEXTS[language]
    above = [one.name for one in managers if one.above]
    lines = [
        texts["title"].format(day=day.strftime(texts["day"])),
        texts["changed"].format(count=sum(one.changed_by_week[0] for one in managers)),
        texts["lost"].format(count=sum(one.lost_by_week[0] for one in managers)),
        texts["rescued"].format(count=sum(one.rescued_by_week[0] for one in managers)),
        texts["due"].format(count=sum(one.due for one in managers)),
        texts["above"].format(names=", ".join(above) if above else texts["none"]),
        texts["snoozed"].format(count=sum(one.snoozed for one in managers)),
        *([texts["link"].format(url=Markup(url), days=days)] if url else []),
    ]
    return Markup("\n").join(lines)


def has_clients(managers: Sequence[Manager]) -> bool:
    """Whether any of them has a tracked client."""
    return any(sum(one.clients.values()) for one in managers)
