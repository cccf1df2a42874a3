"""The page: a button for each card that fits, with enough to tell it from the others, and one for none of them."""

from html import escape

from crm_robots.pages.choice.answers import ASK, BROKEN, TAKEN, UNCLEAR, UNKNOWN, Shown
from crm_robots.pages.page import link, page, paragraph
from crm_robots.robots.conversion.choice import CHOSEN, LAPSED, NONE_OF_THESE, OVERTAKEN, REPLACED, Candidate, Choice

_STATUSES = {ASK: 200, UNKNOWN: 404, UNCLEAR: 400, BROKEN: 503}
_WORKS_NO_MORE = 410

_WORDS = {
    "ru": {
        "lead": "Лид",
        "city": "Город",
        "responsible": "Ответственный",
        "open_deals": "Открытых сделок",
        "touched": "Последняя активность",
        "choose": "Выбрать: {name}",
        "none": "Ни одна из этих",
        "until": "Пока вы не выберете, с лидом ничего не связано.",
    },
    "en": {
        "lead": "Lead",
        "city": "City",
        "responsible": "Responsible",
        "open_deals": "Open deals",
        "touched": "Last activity",
        "choose": "Choose: {name}",
        "none": "None of these",
        "until": "Until you choose, nothing is linked with the lead.",
    },
}
_STATES = {
    "ru": {
        ASK: ("Какая карточка верна?", ""),
        TAKEN: ("Ответ принят", "Робот свяжет карточку с лидом, как только портал ответит."),
        CHOSEN: ("Ответ принят", "Робот продолжает работу с лидом. Ссылка больше не нужна."),
        OVERTAKEN: ("Выбирать нечего", "Карточку уже связали с лидом."),
        REPLACED: ("Ссылка больше не действует", "Подходят уже другие карточки: ответьте по более новой ссылке."),
        LAPSED: ("Срок ответа истёк", "После следующего изменения лида придёт новая ссылка."),
        UNKNOWN: ("Ссылка не действует", "Возможно, она скопирована не полностью или лид удалён."),
        UNCLEAR: ("Ответ не понят", "Вернитесь на предыдущую страницу и нажмите одну из кнопок."),
        BROKEN: ("Сейчас не получилось", "Ничего не изменено. Попробуйте через минуту."),
    },
    "en": {
        ASK: ("Which card is right?", ""),
        TAKEN: ("Your answer was taken", "The robot links the card with the lead as soon as the portal answers."),
        CHOSEN: ("Your answer was taken", "The robot goes on with the lead. The link is no longer needed."),
        OVERTAKEN: ("There is nothing to choose", "The lead has its card by now."),
        REPLACED: ("This link no longer works", "Other cards fit by now: please answer by the newer link."),
        LAPSED: ("The time to answer is over", "After the lead's next change a new link comes."),
        UNKNOWN: ("This link does not work", "It may be incomplete, or the lead was deleted."),
        UNCLEAR: ("The answer is not clear", "Please go back and press one of the buttons."),
        BROKEN: ("That did not work", "Nothing was changed. Please try again in a minute."),
    },
}


def status_of(shown: Shown) -> int:
    """The HTTP status."""
    return 200 if shown.decides else _STATUSES.get(shown.state, _WORKS_NO_MORE)


def render(shown: Shown, language: str, card: str = "") -> str:
    """The page. `card`: address of the lead's card. Everything that people typed is escaped."""
    words, (heading, sentence) = _WORDS[language], _STATES[language][shown.state]
    if shown.state != ASK or shown.choice is None:
        return page(language, heading, paragraph(sentence))
    lead = f"<p>{words['lead']}: {link(card, shown.choice.title)}</p>"
    return page(language, heading, lead, _form(shown.choice, language), paragraph(words["until"], small=True))


def _form(choice: Choice, language: str) -> str:
    words = _WORDS[language]
    cards = "".join(_candidate(one, words, _day(one.touched, language)) for one in choice.candidates)
    none = f'<button name="answer" value="{NONE_OF_THESE}" type="submit">{words["none"]}</button>'
    return f'<form method="post">{cards}{none}</form>'


def _candidate(one: Candidate, words: dict[str, str], touched: str) -> str:
    told = {"city": one.city, "responsible": one.responsible, "open_deals": str(one.open_deals), "touched": touched}
    rows = "".join(f"<dd>{words[key]}: {escape(value)}</dd>" for key, value in told.items() if value)
    title = escape(words["choose"].format(name=one.name))
    button = f'<button class="confirm" name="answer" value="{one.id}" type="submit">{title}</button>'
    return f"<dl><dt>{escape(one.name)}</dt>{rows}</dl>{button}"


def _day(iso: str, language: str) -> str:
    """As people write it."""
    return ".".join(reversed(iso.split("-"))) if language == "ru" else iso
