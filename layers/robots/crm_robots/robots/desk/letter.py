"""D13: five lines that a head reads once a week."""

from collections.abc import Sequence
from datetime import date, timedelta

from crm_robots.robots.desk.figures import Manager
from crm_robots.shared.markup import Markup, templates

TEXTS = templates(
    {
        "ru": {
            "title": "[B]Ваши сотрудники и их клиенты, {day}[/B]",
            "changed": "Сменили статус за неделю: {count}",
            "lost": "Потеряны за неделю: {count}",
            "rescued": "Спасены за неделю: {count}",
            "due": "Сменится статус в ближайшие 7 дней: {count}",
            "above": "Больше клиентов, чем можно вести: {names}",
            "none": "никто",
            "snoozed": "На паузе: {count}",
            "link": "[URL={url}]Посмотреть, у кого как дела[/URL]. Ссылка действует дней: {days}.",
            "day": "%d.%m.%Y",
        },
        "en": {
            "title": "[B]Your people and their clients, {day}[/B]",
            "changed": "Changed status this week: {count}",
            "lost": "Lost this week: {count}",
            "rescued": "Rescued this week: {count}",
            "due": "Change status within 7 days: {count}",
            "above": "More clients than one can look after: {names}",
            "none": "nobody",
            "snoozed": "Paused: {count}",
            "link": "[URL={url}]See how everybody is doing[/URL]. The link opens for so many days: {days}.",
            "day": "%Y-%m-%d",
        },
    }
)


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
