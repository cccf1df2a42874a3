"""A lost right is told to the admins once a day: in Bitrix24, and by the alarms' topic, which works without it (F2)."""

import time
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger

from crm_robots.portal.access import in_words
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.errors import AccessLost, PortalError
from crm_robots.records.settings_reader import SettingsReader

logger = Logger()
_ONCE_IN_SECONDS = 24 * 3600
_TEXTS = {
    "ru": (
        "Роботы CRM не могут работать дальше. Причина: {right}. "
        "События ждут в очереди и будут обработаны, как только она будет устранена."
    ),
    "en": (
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
        logger.error("a right is missing", right=error.right, method=error.method)
        if self._is_first(error.right):
            self._tell(error.right)

    def _is_first(self, right: str) -> bool:
        now = int(self._clock())
        try:
            self._table.put_item(
                TableName=self._table_name,
                Item={
                    "item": {"S": f"notice:{right}"},
                    "robot": {"S": "access"},
                    "expires": {"N": str(now + _ONCE_IN_SECONDS)},
                },
                ConditionExpression="attribute_not_exists(#expires) OR #expires < :now",
                ExpressionAttributeNames={"#expires": "expires"},
                ExpressionAttributeValues={":now": {"N": str(now)}},
            )
        except self._table.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _tell(self, right: str) -> None:
        settings = self._settings.portal()
        language = settings.language if settings else "en"
        text = _TEXTS[language].format(right=in_words(right, language))
        self._announce(text)
        for admin in settings.admins if settings else ():
            try:
                self._portal().call("im.notify.system.add", {"USER_ID": admin, "MESSAGE": text})
            except PortalError as error:
                # The announcement is out; this channel was worth a try.
                logger.warning("an admin could not be notified", reason=str(error))
