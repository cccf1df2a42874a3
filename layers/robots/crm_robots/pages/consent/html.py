"""The page behind a confirmation link: plain HTML for any browser and any screen, nothing to load, no script."""

from html import escape

from crm_robots.pages.page import link, page, paragraph
from crm_robots.robots.qualification.memory import Question

ASK = "ask"
TAKEN = "taken"
UNKNOWN = "unknown"
UNCLEAR = "unclear"
BROKEN = "broken"

_STATUSES = {ASK: 200, UNKNOWN: 404, UNCLEAR: 400, BROKEN: 503}
_WORKS_NO_MORE = 410
_ANSWERED = (TAKEN, "confirmed", "declined", "refused")

_WORDS = {
    "ru": {
        "lead": "Лид",
        "old": "Было",
        "new": "Станет",
        "confirm": "Подтвердить",
        "decline": "Отклонить",
        "until": "Пока вы не решите, в карточке остаётся прежнее значение.",
        "used": "По этой ссылке уже ответили; она работает один раз.",
    },
    "en": {
        "lead": "Lead",
        "old": "Was",
        "new": "Becomes",
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
        "confirmed": ("Изменение подтверждено", "Новое значение записано в карточку лида."),
        "declined": ("Изменение отклонено", "В карточке лида остаётся прежнее значение."),
        "lapsed": ("Срок ответа истёк", "В карточке остаётся прежнее значение. Если оно устарело, измените его снова."),
        "replaced": ("Ссылка больше не действует", "Лид изменили ещё раз: ответьте по более новой ссылке."),
        "overtaken": ("Подтверждать нечего", "Значение уже изменили иначе."),
        "refused": ("Портал не принял изменение", "Причина записана в ленте лида, там осталось прежнее значение."),
        "gone": ("Лида больше нет", "Его удалили, подтверждать нечего."),
        UNKNOWN: ("Ссылка не действует", "Возможно, она скопирована не полностью или лид удалён."),
        UNCLEAR: ("Ответ не понят", "Вернитесь на предыдущую страницу и нажмите одну из двух кнопок."),
        BROKEN: ("Сейчас не получилось", "Ничего не изменено. Попробуйте через минуту."),
    },
    "en": {
        ASK: ("Confirm the change?", ""),
        TAKEN: ("Your answer was taken", "The robot writes it into the card as soon as the portal answers."),
        "confirmed": ("The change is confirmed", "The new value is in the lead's card."),
        "declined": ("The change is declined", "The lead's card keeps the old value."),
        "lapsed": ("The time to answer is over", "The card keeps the old value. If it is outdated, change it again."),
        "replaced": ("This link no longer works", "The lead was changed once more: please answer by the newer link."),
        "overtaken": ("There is nothing to confirm", "The value was changed otherwise meanwhile."),
        "refused": ("The portal refused the change", "The lead's timeline says why; the old value is still there."),
        "gone": ("The lead is gone", "It was deleted, there is nothing to confirm."),
        UNKNOWN: ("This link does not work", "It may be incomplete, or the lead was deleted."),
        UNCLEAR: ("The answer is not clear", "Please go back and press one of the two buttons."),
        BROKEN: ("That did not work", "Nothing was changed. Please try again in a minute."),
    },
}


def status_of(state: str, *, decides: bool = False) -> int:
    """The HTTP status of a page in that state; `decides`: this very request answered the question."""
    return 200 if decides else _STATUSES.get(state, _WORKS_NO_MORE)


def render(
    state: str, language: str, question: Question | None = None, card: str = "", *, decides: bool = False
) -> str:
    """The page. `card`: address of the lead's card. Everything that people typed is escaped."""
    words, (heading, sentence) = _WORDS[language], _STATES[language][state]
    parts = [paragraph(sentence)]
    if state in _ANSWERED and not decides:
        parts.append(paragraph(words["used"], small=True))
    if question:
        parts += [f"<p>{escape(words['lead'])}: {link(card, question.title)}</p>", _changes(question, words)]
    if state == ASK:
        parts += [paragraph(words["until"], small=True), _form(words)]
    return page(language, heading, *parts)


def _changes(question: Question, words: dict[str, str]) -> str:
    rows = "".join(
        f"<dt>{escape(line.label)}</dt>"
        f'<dd class="old">{words["old"]}: {escape(line.old)}</dd>'
        f'<dd class="new">{words["new"]}: {escape(line.new)}</dd>'
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
