"""What the robot writes when a status changes between the days' runs."""

from datetime import date

from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.shared.markup import NOTHING, REFUSAL, Markup, templates

_WORDS = {
    "ru": {
        "raised": "Статус повышен: «{old}» → «{new}».",
        "dropped": "Статус понижен: «{old}» → «{new}».",
        "cleared": "без статуса",
        "no_call": "Статус возвращён: «{new}» → «{old}». {why}",
        "no_call_notice": "{client}: статус «{new}» не сохранён, снова «{old}». {why}",
        "stays": "Статус «{new}» не удалось вернуть на «{old}»: {refusal}. {why}",
        "why": "Чтобы менять статус, нужен завершённый звонок клиенту за последние {days} дн.{length}",
        "length": " Звонки короче {seconds} с не считаются.",
        "opened": "Открыта сделка {deal}: статус «{old}» → «{new}», дни пока не считаются.",
        "ended": "Открытых сделок больше нет ({deal}): статус «{old}» → «{new}».",
        "by_deal_refused": "Статус «{old}» не удалось сменить на «{new}» ({deal}): {refusal} "
        "Робот попробует ещё раз при следующем изменении карточки.",
        "gone": "сделка удалена",
        "in_stop_list": "Клиент в стоп-листе: {why}.",
        "in_deal": "Открыта сделка.",
        "after_stop": "Клиент больше не в стоп-листе: статус «{old}» → «{new}».",
        "pause_put_back": "{client}: пауза не сохранена. {why}",
        "pause_without_reason": "Чтобы поставить клиента на паузу, заполните сразу и дату, и причину.",
        "pause_too_long": "Пауза в этом сроке возможна до {last}, не позже.",
        "day": "%d.%m.%Y",
    },
    "en": {
        "raised": "Status raised: “{old}” → “{new}”.",
        "dropped": "Status dropped: “{old}” → “{new}”.",
        "cleared": "no status",
        "no_call": "Status put back: “{new}” → “{old}”. {why}",
        "no_call_notice": "{client}: the status “{new}” was not kept, it is “{old}” again. {why}",
        "stays": "The status “{new}” could not be put back to “{old}”: {refusal}. {why}",
        "why": "A change of status needs a completed call with the client within the last {days} days{length}.",
        "length": " (of at least {seconds} s)",
        "opened": "Deal {deal} is open: status “{old}” → “{new}”, the days stand still.",
        "ended": "No open deal is left ({deal}): status “{old}” → “{new}”.",
        "by_deal_refused": "The status “{old}” could not be changed to “{new}” ({deal}): {refusal} "
        "The robot tries again at the next change of the card.",
        "gone": "the deal was deleted",
        "in_stop_list": "The client is in the stop-list: {why}.",
        "in_deal": "A deal is open.",
        "after_stop": "The client has left the stop-list: status “{old}” → “{new}”.",
        "pause_put_back": "{client}: the pause was not kept. {why}",
        "pause_without_reason": "To pause a client, fill in the date and the reason in one save.",
        "pause_too_long": "In this term the pause may last until {last}, no longer.",
        "day": "%Y-%m-%d",
    },
}
_TEMPLATES = templates(_WORDS)


def moved(language: str, rules: ClientStatusRules, old: str, new: str) -> Markup:
    """A raise or a drop, for the timeline; empty where the two cannot be compared."""
    before, after = rules.place(old), rules.place(new)
    if before is None or after is None or before == after:
        return NOTHING
    word = "raised" if after < before else "dropped"
    return _TEMPLATES[language][word].format(old=rules.label(old), new=rules.label(new))


def put_back(language: str, rules: ClientStatusRules, kept: str, refused: str) -> Markup:
    """For the timeline: a change that had no call behind it."""
    return _no_call(language, rules, kept, refused, "no_call", "")


def put_back_notice(language: str, rules: ClientStatusRules, kept: str, refused: str, client: str) -> Markup:
    """The same for the responsible; `client` is a link."""
    return _no_call(language, rules, kept, refused, "no_call_notice", client)


def stays(language: str, rules: ClientStatusRules, kept: str, refused: str) -> Markup:
    """For the timeline: the portal refused to put a change back; its words come in later."""
    return _no_call(language, rules, kept, refused, "stays", "")


def by_deal(language: str, rules: ClientStatusRules, old: str, new: str, deal: str, *, opened: bool) -> Markup:
    """For the timeline: a deal gave the client its status. `deal` is a link; empty for one that was deleted."""
    return _by_deal(language, rules, old, new, deal, "opened" if opened else "ended")


def by_deal_refused(language: str, rules: ClientStatusRules, old: str, new: str, deal: str) -> Markup:
    """For the timeline: the portal would not write that status; its words come in later."""
    return _by_deal(language, rules, old, new, deal, "by_deal_refused")


def in_stop_list(language: str, why: str) -> str:
    """Why the days stand still: `Целевой клиент — НЕТ`."""
    return _WORDS[language]["in_stop_list"].format(why=why)


def in_deal(language: str) -> str:
    """Why the days stand still."""
    return _WORDS[language]["in_deal"]


def after_stop(language: str, rules: ClientStatusRules, old: str, new: str) -> Markup:
    """For the timeline: deals changed while the client was in the stop-list."""
    return _TEMPLATES[language]["after_stop"].format(old=rules.label(old), new=rules.label(new))


def pause_put_back(language: str, client: str, why: str) -> Markup:
    """For the responsible: a pause that cannot be; `client` is a link."""
    return _TEMPLATES[language]["pause_put_back"].format(client=client, why=why)


def pause_without_reason(language: str) -> Markup:
    """Why: one of the two fields is empty."""
    return _TEMPLATES[language]["pause_without_reason"]


def pause_too_long(language: str, last: date) -> Markup:
    """Why: `last` is the last day that would do."""
    words = _TEMPLATES[language]
    return words["pause_too_long"].format(last=last.strftime(_WORDS[language]["day"]))


def _by_deal(language: str, rules: ClientStatusRules, old: str, new: str, deal: str, word: str) -> Markup:
    words = _TEMPLATES[language]
    labels = {"old": rules.label(old), "new": rules.label(new)}
    return words[word].format(deal=deal or words["gone"], refusal=REFUSAL, **labels)


def _no_call(language: str, rules: ClientStatusRules, kept: str, refused: str, word: str, client: str) -> Markup:
    words, calls = _TEMPLATES[language], rules.calls
    length = words["length"].format(seconds=calls.min_seconds) if calls.min_seconds else ""
    why = words["why"].format(days=calls.lookback_days, length=length)
    new = rules.label(refused) if refused else words["cleared"]
    return words[word].format(client=client, old=rules.label(kept), new=new, why=why, refusal=REFUSAL)
