"""What the robot writes when a status changes between the days' runs."""

from datetime import date

from crm_robots.robots.client_status import texts_en, texts_ru
from crm_robots.robots.client_status.rules import IN_WORK, NEW, ClientStatusRules
from crm_robots.shared.markup import NOTHING, REFUSAL, Markup, templates

_WORDS = {"ru": texts_ru.WORDS, "en": texts_en.WORDS}
_TEMPLATES = templates(_WORDS)


def moved(language: str, rules: ClientStatusRules, old: str, new: str) -> Markup:
    """For the timeline; empty where the two cannot be compared. Up and down are words of the ladder alone (S4)."""
    before, after = rules.place(old), rules.place(new)
    if before is None or after is None or before == after:
        return NOTHING
    word = "changed" if {old, new} & {NEW, IN_WORK} else "raised" if after < before else "dropped"
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


def refused_row(language: str, why: str, **values: object) -> str:
    """Why a row of an import is skipped."""
    return _WORDS[language][f"row_{why}"].format(**values)


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
    length = words["length"].format(seconds=calls.min_seconds) if calls.min_seconds else NOTHING
    length += words["proof"] if calls.proof == "telephony" else NOTHING
    why = words["why"].format(days=calls.lookback_days, length=length)
    new = rules.label(refused) if refused else words["cleared"]
    return words[word].format(client=client, old=rules.label(kept), new=new, why=why, refusal=REFUSAL)
