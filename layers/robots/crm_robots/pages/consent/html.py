"""The page behind a confirmation link: plain HTML for any browser and any screen, nothing to load, no script."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from crm_robots.pages.page import link, page, paragraph
from crm_robots.robots.qualification.memory import Question

ASK = "ask"
TAKEN = "taken"
UNKNOWN = "unknown"
UNCLEAR = "unclear"
BROKEN = "broken"

_STATUSES = {ASK: 200, UNKNOWN: 404, UNCLEAR: 400, BROKEN: 503}
_WORKS_NO_MORE = 410
_NEW = {ASK: "new", TAKEN: "new", "confirmed": "written"}
"""What the changed value is called; elsewhere it was only proposed."""
_ANSWERED = (TAKEN, "confirmed", "declined", "refused")

_WORDS = {
    "ru": {
        "lead": "Лид",
        "deal": "Сделка",
        "open_card": "Открыть карточку",
        "old": "Было",
        "new": "Станет",
        "written": "Стало",
        "proposed": "Предлагалось",
        "asked": "Изменение внесено {when}.",
        "asked_by": "Изменение внёс {name}, {when}.",
        "answer_until": "Ответить можно до {when}.",
        "confirm": "Подтвердить",
        "decline": "Отклонить",
        "until": "Пока вы не решите, в карточке остаётся прежнее значение.",
        "used": "По этой ссылке уже ответили; она работает один раз.",
    },
    "en": {
        "lead": "Lead",
        "deal": "Deal",
        "open_card": "Open the card",
        "old": "Was",
        "new": "Becomes",
        "written": "Became",
        "proposed": "Proposed",
        "asked": "Changed on {when}.",
        "asked_by": "Changed by {name} on {when}.",
        "answer_until": "You may answer until {when}.",
        "confirm": "Confirm",
        "decline": "Decline",
        "until": "Until you decide, the card keeps the old value.",
        "used": "This link was answered already; it works once.",
    },
}
# A heading and a sentence for each way things can stand.
_STATES = {
    "ru": {
        ASK: ("Подтвердить изменение?", ""),
        TAKEN: ("Ответ принят", "Робот запишет его в карточку, как только портал ответит. Нажимать ещё раз не нужно."),
        "confirmed": ("Изменение подтверждено", "Новое значение записано в карточку."),
        "declined": ("Изменение отклонено", "В карточке остаётся прежнее значение."),
        "lapsed": ("Срок ответа истёк", "В карточке остаётся прежнее значение. Если оно устарело, измените его снова."),
        "replaced": ("Ссылка больше не действует", "Карточку изменили ещё раз: ответьте по более новой ссылке."),
        "overtaken": ("Подтверждать нечего", "Значение уже изменили иначе."),
        "refused": ("Портал не принял изменение", "Причина записана в ленте карточки, там осталось прежнее значение."),
        "gone": ("Карточки больше нет", "Её удалили, подтверждать нечего."),
        UNKNOWN: ("Ссылка не действует", "Возможно, она скопирована не полностью или карточка удалена."),
        UNCLEAR: ("Ответ не понят", "Вернитесь на предыдущую страницу и нажмите одну из двух кнопок."),
        BROKEN: ("Сейчас не получилось", "Ничего не изменено. Попробуйте через минуту."),
    },
    "en": {
        ASK: ("Confirm the change?", ""),
        TAKEN: ("Your answer was taken", "The robot writes it into the card as soon as the portal answers."),
        "confirmed": ("The change is confirmed", "The new value is in the card."),
        "declined": ("The change is declined", "The card keeps the old value."),
        "lapsed": ("The time to answer is over", "The card keeps the old value. If it is outdated, change it again."),
        "replaced": ("This link no longer works", "The card was changed once more: please answer by the newer link."),
        "overtaken": ("There is nothing to confirm", "The value was changed otherwise meanwhile."),
        "refused": ("The portal refused the change", "The card's timeline says why; the old value is still there."),
        "gone": ("The card is gone", "It was deleted, there is nothing to confirm."),
        UNKNOWN: ("This link does not work", "It may be incomplete, or the card was deleted."),
        UNCLEAR: ("The answer is not clear", "Please go back and press one of the two buttons."),
        BROKEN: ("That did not work", "Nothing was changed. Please try again in a minute."),
    },
}


def status_of(state: str, *, decides: bool = False) -> int:
    """The HTTP status of a page in that state; `decides`: this very request answered the question."""
    return 200 if decides else _STATUSES.get(state, _WORKS_NO_MORE)


def render(
    state: str,
    language: str,
    question: Question | None = None,
    card: str = "",
    *,
    decides: bool = False,
    zone: str = "UTC",
    kind: str = "lead",
) -> str:
    """The page. `card`: address of the lead's or deal's card. Everything that people typed is escaped."""
    words, (heading, sentence) = _WORDS[language], _STATES[language][state]
    parts = [paragraph(sentence)]
    if state in _ANSWERED and not decides:
        parts.append(paragraph(words["used"], small=True))
    if question:
        new = words[_NEW.get(state, "proposed")]
        parts += [f"<p>{escape(words[kind])}: {link(card, question.title)}</p>", _changes(question, words["old"], new)]
        parts.append(paragraph(_asked(question, words, language, zone), small=True))
    elif card:
        parts.append(f"<p>{link(card, words['open_card'])}</p>")
    if state == ASK:
        until = question and _moment(question.asked + question.hours * 3600, language, zone)
        parts += [paragraph(words["until"], small=True)]
        parts += [paragraph(words["answer_until"].format(when=until), small=True)] if until else []
        parts.append(_form(words))
    return page(language, heading, *parts)


def _asked(question: Question, words: dict[str, str], language: str, zone: str) -> str:
    """Who changed the lead, and when; by the portal's clock, since that is the one people see."""
    when = _moment(question.asked, language, zone)
    return words["asked_by" if question.by else "asked"].format(name=question.by, when=when)


def _moment(ts: int, language: str, zone: str) -> str:
    moment = datetime.fromtimestamp(ts, ZoneInfo(zone))
    return f"{moment:%d.%m.%Y %H:%M}" if language == "ru" else f"{moment:%Y-%m-%d %H:%M}"


def _changes(question: Question, old: str, new: str) -> str:
    rows = "".join(
        f"<dt>{escape(line.label)}</dt>"
        f'<dd class="old">{old}: {escape(line.old)}</dd>'
        f'<dd class="new">{new}: {escape(line.new)}</dd>'
        for line in question.lines
    )
    return f"<dl>{rows}</dl>"


def _form(words: dict[str, str]) -> str:
    return (
        '<form method="post">'
        f'<button class="confirm" name="answer" value="confirm" type="submit">{words["confirm"]}</button>'
        f'<button name="answer" value="decline" type="submit">{words["decline"]}</button>'
        "</form>"
    )
