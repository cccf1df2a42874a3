"""Because of what a robot acted, in words: whose change, which call, which day's run, whose answer."""

from datetime import date

from crm_robots.shared.events import SCHEDULE
from crm_robots.shared.plan import Cause
from crm_robots.shared.words.values import Titles, Words, short

_DAILY = "daily-"
_WORDS = {
    "ru": {
        "daily": "Ежедневный запуск за {day}",
        "import": "Импорт статусов {moment}",
        "rebalance": "Перераспределение клиентов {moment}",
        "requisites": "Дополнение реквизитов {moment}",
        "undo": "Отмена действий роботов {moment}",
        "run": "Запуск {run}",
        "schedule": "По расписанию",
        SCHEDULE: "Повторная проверка по расписанию: {card}",
        "answer": "Ответ на странице: {card}",
        "confirm": "Ответ на странице «подтвердить»: {card}",
        "decline": "Ответ на странице «отклонить»: {card}",
        "rule": "Правило автоматизации: {card}",
        "call": "Звонок: {card}",
        "ADD": "Новая карточка: {card}",
        "UPDATE": "Изменение карточки: {card}",
        "DELETE": "Удаление карточки: {card}",
    },
    "en": {
        "daily": "The day's run of {day}",
        "import": "Import of statuses, {moment}",
        "rebalance": "Re-distribution of clients, {moment}",
        "requisites": "Completion of requisites, {moment}",
        "undo": "Robots' actions taken back, {moment}",
        "run": "Run {run}",
        "schedule": "By schedule",
        SCHEDULE: "Looked at again by schedule: {card}",
        "answer": "Answer on the page: {card}",
        "confirm": "Answer “confirm” on the page: {card}",
        "decline": "Answer “decline” on the page: {card}",
        "rule": "Automation rule: {card}",
        "call": "Call: {card}",
        "ADD": "New card: {card}",
        "UPDATE": "Change of the card: {card}",
        "DELETE": "Deletion of the card: {card}",
    },
}


def because(cause: Cause, words: Words, titles: Titles) -> str:
    """The sentence, with the name of who did it, as far as the portal told."""
    table = _WORDS[words.language]
    if cause.run:
        return _run(cause, words)
    card = short(words.card(cause.item, titles), 80)
    said = table[_key(cause)].format(card=card)
    return f"{said} ({words.person(cause.by)})" if cause.by else said


def _run(cause: Cause, words: Words) -> str:
    table, name = _WORDS[words.language], cause.run.partition("-")[0]
    if cause.run.startswith(_DAILY):
        try:
            return table["daily"].format(day=words.day(date.fromisoformat(cause.run.removeprefix(_DAILY))))
        except ValueError:
            return table["run"].format(run=cause.run)
    key = name if name in table else "run"
    return table[key].format(moment=words.moment(cause.ts), run=cause.run)


def _key(cause: Cause) -> str:
    event = cause.event.upper()
    if cause.event == "schedule":
        return "schedule"
    if event == SCHEDULE:
        return SCHEDULE
    if not event:
        return "rule"
    if not event.startswith("ON"):
        return cause.answer if cause.answer in ("confirm", "decline") else "answer"
    if cause.item.startswith("activity:"):
        return "call"
    return next((end for end in ("ADD", "DELETE") if event.endswith(end)), "UPDATE")
