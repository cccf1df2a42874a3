"""What the day's run writes: on cards, in messages, in the feed. The administrator's own words come from the rules."""

import re
from collections.abc import Mapping
from datetime import date

from crm_robots.robots.daily import texts_en, texts_ru
from crm_robots.robots.daily.case import Case
from crm_robots.robots.daily.news import News
from crm_robots.shared.markup import NOTHING, REFUSAL, Markup, templates
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules

_ENDS = (".", "!", "?", "…", ":", ";")
_PLACEHOLDER = re.compile(r"\{(client|status|due_date|manager)\}")

_WORDS = {"ru": texts_ru.WORDS, "en": texts_en.WORDS}
WORDS = templates(_WORDS)


def step_comment(case: Case, news: News) -> Markup:
    """A drop or a loss, for the card. It names the day, so that it differs from that of any other year."""
    words = WORDS[case.portal.language]
    labels = _labels(case, news)
    if news.kind == "dropped":
        until = words["comment_until"].format(due=day_in(words, news.due)) if news.due else NOTHING
        return words["comment_dropped"].format(**labels, until=until)
    text = words["comment_lost"].format(**labels)
    if news.heir:
        text += words["comment_heir"].format(
            manager=person(news.responsible, case.directory, words), heir=case.directory.name(news.heir)
        )
    return text + (words["comment_opened"] if news.opened else NOTHING)


def handed_comment(news: News, directory: Directory, language: str) -> Markup:
    """A hand-over by the administrator's command, for the card (D14)."""
    words = WORDS[language]
    manager, heir = (person(one, directory, words) for one in (news.responsible, news.heir))
    return words["comment_handed"].format(day=day_in(words, news.run), manager=manager, heir=heir)


def refused_comment(case: Case, news: News) -> Markup:
    """The portal would not take the drop; its words come in later."""
    words = WORDS[case.portal.language]
    return words["comment_refused"].format(**_labels(case, news), refusal=REFUSAL)


def filled(text: str, values: Mapping[str, str]) -> Markup:
    """The administrator's text with its placeholders filled; a name that looks like one stays what it is."""
    pieces = enumerate(_PLACEHOLDER.split(text))
    return Markup().join(values[piece] if place % 2 else Markup(piece) for place, piece in pieces)


def with_heir(told: Markup, heir: str, words: Mapping[str, Markup]) -> Markup:
    """The administrator's sentence, which may lack its full stop, and ours behind it."""
    ended = told.strip()
    return words["heir"].format(told=ended if ended.endswith(_ENDS) else ended + ".", heir=heir)


def day_in(words: Mapping[str, str], day: date | None) -> str:
    """A day as people write it; a dash for none."""
    return day.strftime(words["day"]) if day else "—"


def person(user: int | None, directory: Directory, words: Mapping[str, str]) -> str:
    """A person's name."""
    return directory.name(user) if user else words["nobody"]


def link(news: News, portal: PortalRules) -> Markup:
    """The client, to click on."""
    return portal.link(news.ref, news.name)


def _labels(case: Case, news: News) -> dict[str, str]:
    rules, words = case.calendar.rules, WORDS[case.portal.language]
    return {"day": day_in(words, news.run), "old": rules.label(news.old), "new": rules.label(news.new)}
