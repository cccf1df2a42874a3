"""What people read on the fill-in page."""

FILL, WRONG, EMPTY, UNKNOWN, LAPSED, FULL = "fill", "wrong", "empty", "unknown", "lapsed", "full"
TAKEN, BROKEN, TOO_LARGE = "taken", "broken", "too_large"

# A heading and a sentence for each way things can stand; how a sending ended has the names of the robot's memory.
STATES = {
    "ru": {
        FILL: ("Что нужно заполнить", ""),
        WRONG: ("Проверьте ответы", "Пока ничего не записано. Исправьте отмеченное и отправьте снова."),
        EMPTY: ("Что нужно заполнить", "Заполните хотя бы одно поле."),
        "written": ("Записано в карточку", ""),
        "kept": ("Уже заполнено", "Эти поля заполнил кто-то другой, их значения сохранены."),
        "outdated": ("Поля изменились", "Ничего не записано. Проверьте ответы и отправьте снова."),
        "refused": ("Портал не принял ответы", "Причина записана в ленте карточки. Попробуйте ещё раз."),
        TAKEN: ("Ответы приняты", "Робот запишет их в карточку, как только портал ответит. Отправлять снова не нужно."),
        FULL: ("Всё заполнено", "Заполнять больше нечего."),
        LAPSED: ("Срок ссылки истёк", "Заполните поля в карточке."),
        UNKNOWN: ("Ссылка не действует", "Возможно, она скопирована не полностью или карточка удалена."),
        TOO_LARGE: ("Слишком много текста", "Ничего не записано. Сократите ответы и отправьте снова."),
        BROKEN: ("Сейчас не получилось", "Ничего не записано. Попробуйте через минуту."),
    },
    "en": {
        FILL: ("What is missing", ""),
        WRONG: ("Please check the answers", "Nothing is written yet. Correct what is marked and send again."),
        EMPTY: ("What is missing", "Please fill in at least one field."),
        "written": ("Written into the card", ""),
        "kept": ("Filled already", "Somebody else filled these fields; their values are kept."),
        "outdated": ("The fields have changed", "Nothing is written. Please check the answers and send again."),
        "refused": ("The portal refused the answers", "The card's timeline says why. Please try again."),
        TAKEN: ("Your answers were taken", "The robot writes them as soon as the portal answers. Do not send again."),
        FULL: ("Everything is filled", "There is nothing left to fill in."),
        LAPSED: ("The time of this link is over", "Please fill in the fields in the card."),
        UNKNOWN: ("This link does not work", "It may be incomplete, or the card was deleted."),
        TOO_LARGE: ("Too much text", "Nothing is written. Please shorten the answers and send again."),
        BROKEN: ("That did not work", "Nothing is written. Please try again in a minute."),
    },
}
WORDS = {
    "ru": {
        "lead": "Лид",
        "deal": "Сделка",
        "either": "Достаточно одного:",
        "left": "Осталось заполнить:",
        "in_card": "Заполняется в карточке:",
        "open_card": "Открыть карточку",
        "in_client": "Заполняется в карточке клиента:",
        "open_client": "Открыть карточку клиента",
        "choose": "— выберите —",
        "yes": "Да",
        "no": "Нет",
        "lines": "по одному в строке",
        "currency": "Валюта",
        "send": "Отправить",
    },
    "en": {
        "lead": "Lead",
        "deal": "Deal",
        "either": "One of these is enough:",
        "left": "Still missing:",
        "in_card": "To be filled in the card:",
        "open_card": "Open the card",
        "in_client": "To be filled in the client's card:",
        "open_client": "Open the client's card",
        "choose": "— choose —",
        "yes": "Yes",
        "no": "No",
        "lines": "one per line",
        "currency": "Currency",
        "send": "Send",
    },
}
_STATUSES = {WRONG: 422, EMPTY: 422, UNKNOWN: 404, LAPSED: 410, FULL: 410, TOO_LARGE: 413, BROKEN: 503}


def status_of(state: str) -> int:
    """The HTTP status of the page in that state."""
    return _STATUSES.get(state, 200)
