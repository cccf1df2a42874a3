"""The scopes of the incoming webhook in an administrator's words. Which robot uses which stands in the robots' rows.

https://github.com/bitrix24/b24restdocs/blob/main/api-reference/scopes/permissions.md
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

_SCOPE_OF_PREFIX = {
    "crm": "crm",
    "userfieldconfig": "userfieldconfig",
    "tasks": "task",
    "task": "task",
    "user": "user",
    "department": "department",
    "im": "im",
    "log": "log",
    "calendar": "calendar",
    "timeman": "timeman",
    "voximplant": "telephony",
    "telephony": "telephony",
}


def scope_of(method: str) -> str:
    """The scope that lets a webhook call the method; `basic` where none is needed."""
    return _SCOPE_OF_PREFIX.get(method.partition(".")[0], "basic")


@dataclass(frozen=True, slots=True)
class Right:
    """One box to tick in the incoming webhook's form. `also`: other scopes that are enough as well."""

    scope: str
    ru: str
    en: str
    needed: bool = True
    """Without one that is not, robots merely do less."""
    also: frozenset[str] = frozenset()


RIGHTS = (
    Right("crm", "CRM (crm): карточки, таймлайн, дела", "CRM (crm): cards, timeline, activities"),
    Right(
        "user",
        "Пользователи (user): имена, отделы и почта сотрудников",
        "Users (user): employees' names, departments and e-mails",
        also=frozenset({"user_basic", "user_brief"}),
    ),
    Right(
        "department",
        "Структура компании (department): отделы и их руководители",
        "Company structure (department): departments and their heads",
    ),
    Right(
        "im",
        "Чат и уведомления (im): сообщения сотрудникам и администраторам",
        "Chat and notifications (im): messages to employees and administrators",
    ),
    Right(
        "task",
        "Задачи (task): выезд к клиенту и контроль сделок",
        "Tasks (task): the visit to the client, control of the deals",
        also=frozenset({"tasks", "tasks_extended"}),
    ),
    Right(
        "log",
        "Живая лента (log): записи о скорой смене статуса",
        "Feed (log): posts on statuses that end soon",
    ),
    Right(
        "calendar",
        "Календарь (calendar): кто сегодня отсутствует",
        "Calendar (calendar): who is away today",
        needed=False,
    ),
    Right(
        "telephony",
        "Телефония (telephony): длительность звонков",
        "Telephony (telephony): how long calls took",
        needed=False,
    ),
)


def missing_rights(granted: Iterable[str], wanted: Collection[str]) -> list[Right]:
    """What the webhook lacks of the scopes that are `wanted`."""
    have = {scope.strip().lower() for scope in granted}
    return [right for right in RIGHTS if right.scope in wanted and not have & {right.scope, *right.also}]


def is_dispensable(right: str) -> bool:
    """Whether robots only do less without it, so that no event has to wait for it."""
    return any(right == f'scope "{one.scope}"' and not one.needed for one in RIGHTS)


_RUSSIAN = {
    "incoming webhook: revoked or expired": "входящий вебхук: отозван или истёк",
    "incoming webhook: what is set is no address": "входящий вебхук: в параметре не его адрес",
    "incoming webhook: its owner was deactivated": "входящий вебхук: его владелец уволен или отключён",
    "incoming webhook: its owner lacks rights": "входящий вебхук: у его владельца не хватает прав",
    "incoming webhook: its owner is not an employee": "входящий вебхук: его владелец не сотрудник портала",
    "an administrator's confirmation in Bitrix24": "нет подтверждения администратора в Битрикс24",
    "subscription of the portal": "тариф или подписка портала этого не позволяют",
    "portal: closed or deleted": "портал: закрыт или удалён",
    "portal: blocked by Bitrix24 for overload": "портал: заблокирован поддержкой Битрикс24 за нагрузку",
    "portal: nothing answers at its address": "портал: по его адресу никто не отвечает",
}


def in_words(right: str, language: str) -> str:
    """`AccessLost.right` for a person who reads `ru` or `en`; a scope is shown as its tick box is called."""
    for known in RIGHTS:
        if right == f'scope "{known.scope}"':
            words = known.ru if language == "ru" else known.en
            return f"нет права вебхука «{words}»" if language == "ru" else f'the scope "{words}"'
    return _RUSSIAN.get(right, right) if language == "ru" else right
