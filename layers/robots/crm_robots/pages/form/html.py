"""The fill-in page: the card's title, a control for every missing field, and nothing else of the client."""

from collections.abc import Sequence
from html import escape

from crm_robots.pages.form.answers import Shown
from crm_robots.pages.form.controls import control
from crm_robots.pages.form.texts import FILL, STATES, WORDS
from crm_robots.pages.page import link, page, paragraph
from crm_robots.robots.qualification.form import asked, can_ask, not_asked
from crm_robots.shared.gate.gaps import Requirement

_WITHOUT_FORM = ("taken",)


def render(shown: Shown, language: str, card: str = "") -> str:
    """The page. `card`: address of the card. Everything that people typed is escaped."""
    heading, sentence = STATES[language][shown.state]
    words, parts = WORDS[language], [paragraph(sentence)]
    if shown.words and shown.item:
        parts.append(f"<p>{words[shown.item.kind]}: {link(card, shown.title)}</p>")
        if shown.state not in _WITHOUT_FORM:
            parts += _missing(shown, language, card)
    elif card:
        parts.append(f"<p>{link(card, words['open_card'])}</p>")
    return page(language, heading, *parts)


def _missing(shown: Shown, language: str, card: str) -> list[str]:
    if shown.words is None:
        return []
    words, rules = WORDS[language], shown.words.rules
    wanted = asked(shown.values, rules)
    parts = [paragraph(words["left"])] if shown.state not in (FILL, "wrong", "empty") and wanted else []
    if wanted:
        fields = "".join(_requirement(one, shown, language) for one in wanted)
        button = f'<button class="confirm" type="submit">{words["send"]}</button>'
        parts.append(f'<form method="post" accept-charset="utf-8">{fields}{button}</form>')
    if shown.client_lacks:
        named = "".join(f"<li>{escape(one)}</li>" for one in shown.client_lacks)
        opened = f"<p>{link(shown.client, words['open_client'])}</p>" if shown.client else ""
        parts += [paragraph(words["in_client"]), f"<ul>{named}</ul>", opened]
    if rest := not_asked(shown.values, rules):
        named = "".join(f"<li>{escape(shown.words.requirement(one))}</li>" for one in rest)
        parts += [paragraph(words["in_card"]), f"<ul>{named}</ul>", f"<p>{link(card, words['open_card'])}</p>"]
    return parts


def _requirement(fields: Requirement, shown: Shown, language: str) -> str:
    """One field; of several, either is enough."""
    rules = shown.words.rules if shown.words else None
    codes: Sequence[str] = [code for code in fields if rules and can_ask(code, rules)]
    controls = "".join(control(code, shown, language) for code in codes)
    if len(codes) == 1:
        return controls
    return f'<fieldset class="either"><legend>{WORDS[language]["either"]}</legend>{controls}</fieldset>'
