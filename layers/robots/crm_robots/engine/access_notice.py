"""A lost right is told to the admins once a day: in Bitrix24, and by the alarms' topic, which works without it (F2)."""

import time
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

from crm_robots.portal.access import in_words
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.errors import AccessLost, Denied, PortalError
from crm_robots.portal.writes.messages import notification
from crm_robots.records.notices import is_first
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.shared.items import ENTITY_TYPE_IDS
from crm_robots.shared.markup import Markup
from crm_robots.shared.portal import PortalRules

logger = Logger()
_ONCE_IN_SECONDS = 24 * 3600
_DENIED = {
    "ru": Markup(
        "Битрикс24 не разрешает роботам изменить карточку: {card} ({method}). Причина: {right}. "
        "Её события ждут в очереди, с другими карточками роботы работают дальше. "
        "Дайте владельцу вебхука права на эту карточку."
    ),
    "en": Markup(
        "Bitrix24 does not let the CRM robots change a card: {card} ({method}). What is missing: {right}. "
        "Its events wait in the queue, and the robots go on with other cards. "
        "Give the webhook's owner the rights on this card."
    ),
}
_KINDS = {
    "ru": {"lead": "лид", "deal": "сделка", "contact": "контакт", "company": "компания"},
    "en": {kind: kind for kind in ENTITY_TYPE_IDS},
}
_TEXTS = {
    "ru": Markup(
        "Роботы CRM не могут работать дальше. Причина: {right}. "
        "События ждут в очереди и будут обработаны, как только она будет устранена."
    ),
    "en": Markup(
        "The CRM robots cannot go on. What is missing: {right}. "
        "Events wait in the queue and will be worked off as soon as it is back."
    ),
}


class AccessNotice:
    """Logs lost rights, whose lines an alarm counts, and notifies the admins."""

    def __init__(
        self,
        table: Any,
        table_name: str,
        portal: Callable[[], Bitrix24],
        settings: SettingsReader,
        announce: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._table = table
        self._table_name = table_name
        self._portal = portal
        self._settings = settings
        self._announce = announce
        self._clock = clock

    def __call__(self, error: Exception) -> None:
        """Takes any trouble; only a lost right matters here."""
        if not isinstance(error, AccessLost):
            return
        # An alarm counts these lines.
        card = str(error.ref or "") if isinstance(error, Denied) else ""
        logger.error("a right is missing", right=error.right, method=error.method, item=card)
        if self._is_first(f"{error.right} ({error.method})" if card else error.right):
            self._tell(error)

    def _is_first(self, right: str) -> bool:
        return is_first(self._table, self._table_name, right, now=int(self._clock()), for_seconds=_ONCE_IN_SECONDS)

    def _tell(self, error: AccessLost) -> None:
        settings = self._settings.portal()
        text = _text(error, settings)
        self._announce(_text(error, settings, is_mail=True))
        for admin in settings.admins if settings else ():
            try:
                ask = notification(admin, text)
                self._portal().call(ask.method, ask.params)
            except PortalError as error:
                # The announcement is out; this channel was worth a try.
                logger.warning("an admin could not be notified", reason=str(error))


def _text(error: AccessLost, settings: PortalRules | None, *, is_mail: bool = False) -> Markup:
    language = settings.language if settings else "en"
    right = in_words(error.right, language)
    if not isinstance(error, Denied) or settings is None or not error.ref:
        return _TEXTS[language].format(right=right)
    name = f"{_KINDS[language][error.ref.kind]} {error.ref.id}"
    card = f"{name}, {settings.url}{error.ref.path}" if is_mail else settings.link(error.ref, name)
    return _DENIED[language].format(card=card, method=error.method, right=right)
