"""What people read of the qualification robot: timeline comments, to-dos, notifications."""

from collections.abc import Iterable, Sequence

from crm_robots.robots.qualification.deal_texts import DEAL_TEXTS
from crm_robots.robots.qualification.memory import Line
from crm_robots.shared.markup import REFUSAL, Markup, templates

_LONGEST_TITLE = 200

_TEXTS = {
    "ru": {
        "changed": "Изменено:",
        "not_needed": "Для направления «{direction}» больше не нужны, значения сохранены:",
        "returned": "Лид возвращён на стадию «{stage}»: не заполнены обязательные поля.",
        "remind": "Лид на стадии «{stage}», а обязательные поля не заполнены:",
        "converted": "Лид уже сконвертирован, а обязательные поля не заполнены:",
        "not_returned": "Не заполнены обязательные поля:",
        "portal_refused": f"Лид не возвращён на стадию «{{stage}}», портал отказал: {REFUSAL}. "
        "Робот попробует снова после следующего изменения лида.",
        "filled": "Все обязательные поля заполнены.",
        "notice": "Лид {lead} возвращён на стадию «{stage}»: не заполнено: {fields}.",
        "offer": "Для направления «{direction}» нужно заполнить:",
        "offer_link": "[URL={link}]Заполнить на странице[/URL]. Ссылка действует {hours} ч.",
        "by_page": "Заполнено на странице:",
        "page_refused": f"Заполнено на странице, но не записано, портал отказал: {REFUSAL}.",
        "todo": "Заполнить: {fields}",
        "todo_text": "Без этих полей лид не пройдёт дальше:",
        "ask": "Изменение ждёт подтверждения, пока возвращено прежнее значение:",
        "ask_link": "[URL={link}]Подтвердить или отклонить[/URL]. Ссылка действует {hours} ч.",
        "replaced": "Прежняя ссылка больше не действует.",
        "notify": "Лид {lead}: изменение ждёт вашего подтверждения.",
        "not_put_back": f"Изменение ждёт подтверждения, но прежнее значение не возвращено, портал отказал: {REFUSAL}.",
        "confirmed": "Изменение подтверждено по ссылке:",
        "declined": "Изменение отклонено по ссылке, остаётся прежнее значение:",
        "offered": "предлагалось: {new}",
        "overtaken": "Подтверждать нечего, значение уже изменили иначе:",
        "lapsed": "Изменение не подтвердили вовремя, остаётся прежнее значение:",
        "not_confirmed": f"Изменение подтверждено по ссылке, но не записано, портал отказал: {REFUSAL}.",
        "handed_user": "Ответственный теперь {name}: лид заполнен, такие лиды («{direction}») ведёт этот сотрудник.",
        "handed_team": "Ответственный теперь {name}: лид заполнен, такие лиды («{direction}») ведёт отдел «{team}», "
        "и открытых лидов у этого сотрудника меньше всех: {count}.",
        "nobody": "Передать лид некому: {whom}. Ответственный прежний.",
        "nobody_user": "сотрудник, который ведёт «{direction}», больше не работает",
        "nobody_team": "в отделе «{team}» никого нет",
        "not_handed": f"Ответственный не сменён, портал отказал: {REFUSAL}.",
    },
    "en": {
        "changed": "Changed:",
        "not_needed": "No longer needed for “{direction}”, the values are kept:",
        "returned": "The lead was put back to the stage “{stage}”: required fields are empty.",
        "remind": "The lead is at the stage “{stage}”, but required fields are empty:",
        "converted": "The lead is already converted, but required fields are empty:",
        "not_returned": "Required fields are empty:",
        "portal_refused": f"The portal refused to put the lead back to the stage “{{stage}}”: {REFUSAL}. "
        "The robot will try again after the next change of the lead.",
        "filled": "All required fields are filled.",
        "notice": "Lead {lead} was put back to the stage “{stage}”: empty: {fields}.",
        "offer": "The direction “{direction}” asks for:",
        "offer_link": "[URL={link}]Fill in on a page[/URL]. The link works for {hours} h.",
        "by_page": "Filled in on the page:",
        "page_refused": f"Filled in on the page, but the portal refused to write it: {REFUSAL}.",
        "todo": "Fill in: {fields}",
        "todo_text": "Without these fields the lead cannot go on:",
        "ask": "A change waits for consent; for now the old value is back:",
        "ask_link": "[URL={link}]Confirm or decline[/URL]. The link works for {hours} h.",
        "replaced": "The earlier link no longer works.",
        "notify": "Lead {lead}: a change waits for your consent.",
        "not_put_back": f"The change needs consent, but the portal refused to restore the old value: {REFUSAL}.",
        "confirmed": "The change was confirmed by the link:",
        "declined": "The change was declined by the link, the old value stays:",
        "offered": "proposed: {new}",
        "overtaken": "There is nothing to confirm, the value was changed otherwise:",
        "lapsed": "Nobody confirmed the change in time, the old value stays:",
        "not_confirmed": f"The change was confirmed by the link, but the portal refused to write it: {REFUSAL}.",
        "handed_user": "The responsible is now {name}: the lead is complete, and they handle “{direction}”.",
        "handed_team": "The responsible is now {name}: the lead is complete, the department “{team}” handles "
        "“{direction}”, and they have the fewest open leads: {count}.",
        "nobody": "There is nobody to hand the lead to: {whom}. The responsible stays.",
        "nobody_user": "the person who handles “{direction}” no longer works here",
        "nobody_team": "the department “{team}” has no people",
        "not_handed": f"The portal refused to change the responsible: {REFUSAL}.",
    },
}
_TEMPLATES = {
    "lead": templates(_TEXTS),
    "deal": templates({language: _TEXTS[language] | own for language, own in DEAL_TEXTS.items()}),
}


class Texts:
    """All texts in one language, about a lead or a deal."""

    def __init__(self, language: str, kind: str = "lead") -> None:
        self._texts = _TEMPLATES[kind][language]

    def say(self, key: str, /, **words: object) -> Markup:
        """One text of the table."""
        # The portal's own words are filled in once they are known.
        return self._texts[key].format(refusal=REFUSAL, **words)

    def listed(self, key: str, lines: Iterable[str], /, **words: object) -> Markup:
        """A text with a list below."""
        return Markup("\n").join([self.say(key, **words), *(Markup("• {}").format(line) for line in lines)])

    def changes(self, name: str, lines: Iterable[Line]) -> Markup:
        """A text with changed fields below: label, old value → new value."""
        return self.listed(name, map(change, lines))

    def kept(self, name: str, lines: Iterable[Line]) -> Markup:
        """A text with fields below that stay as they were."""
        return self.listed(name, map(self._kept, lines))

    def _kept(self, line: Line) -> Markup:
        return Markup("{}: {} ({})").format(line.label, line.old, self.say("offered", new=line.new))

    def todo_title(self, missing: Sequence[str]) -> Markup:
        """Short enough for a list of to-dos."""
        title = self.say("todo", fields=", ".join(missing))
        return title if len(title) <= _LONGEST_TITLE else Markup(title[: _LONGEST_TITLE - 1]) + "…"


def paragraphs(*parts: Markup) -> Markup:
    """Parts that say something, with empty lines between them."""
    return Markup("\n\n").join(part for part in parts if part)


def change(line: Line) -> Markup:
    """`Площадь: 120 → 150`."""
    return Markup("{}: {} → {}").format(line.label, line.old, line.new)
