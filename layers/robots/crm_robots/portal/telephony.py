"""Whether the portal's telephony tells which calls were answered.

https://apidocs.bitrix24.com/api-reference/telephony/voximplant/statistic/voximplant-statistic-get.html
"""

from collections.abc import Mapping

from crm_robots.portal.calls import STATISTICS
from crm_robots.portal.commands import Command, Reply

_BY_TELEPHONY = {"TYPE_ID": 2, "%ORIGIN_ID": "VI_"}
QUESTIONS = {
    "statistics": Command(STATISTICS, {"SORT": "ID", "ORDER": "DESC"}),
    "calls": Command("crm.activity.list", {"filter": _BY_TELEPHONY, "order": {"ID": "DESC"}, "select": ["ID"]}),
}
RIGHT = {"ru": "Статистика звонков: просмотр", "en": "Call statistics: view"}
"""The right of the webhook's owner, beside the scope, as the telephony's settings have it."""


def is_silent(replies: Mapping[str, Reply]) -> bool:
    """It made calls, and its statistics are empty: without the right they are so, not refused."""
    statistics, calls = replies["statistics"], replies["calls"]
    return not (statistics.error or calls.error or statistics.result) and bool(calls.result)


def tells(replies: Mapping[str, Reply]) -> bool:
    """It made calls and lists some."""
    return not (replies["statistics"].error or replies["calls"].error) and bool(replies["statistics"].result)
