"""Calls among the activities, whom they were with, and how long they took.

https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/activity-base/crm-activity-list.html
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command
from crm_robots.shared.calls import Call
from crm_robots.shared.items import KINDS, ItemRef, to_id

STATISTICS = "voximplant.statistic.get"
_CALL = "2"
UNANSWERED = -1
"""The length of a call that nobody took: shorter than any that counts."""
_BY_TELEPHONY = "VI_"
"""`ORIGIN_ID` of calls that the portal's telephony made or took."""
SELECT = ["ID", "OWNER_ID", "OWNER_TYPE_ID", "TYPE_ID", "COMPLETED", "START_TIME", "END_TIME", "CREATED", "ORIGIN_ID"]


def completed_calls(of_whom: Mapping[str, Any], since: datetime) -> Command:
    """All completed calls that began at that moment or later; `of_whom` narrows down their main owners."""
    asked = {"TYPE_ID": 2, "COMPLETED": "Y", ">=START_TIME": since.isoformat(), **of_whom}
    select = [
        "ID",
        "OWNER_ID",
        "OWNER_TYPE_ID",
        "TYPE_ID",
        "COMPLETED",
        "START_TIME",
        "END_TIME",
        "CREATED",
        "ORIGIN_ID",
    ]
    return Command("crm.activity.list", {"filter": asked, "order": {"ID": "ASC"}, "select": select})


def open_activities(owner: ItemRef, start: int) -> Command:
    """A page of an item's own open activities. Not by BINDINGS: what belongs to a deal or to another client stays with
    whoever works on that.
    """
    own = {"OWNER_TYPE_ID": owner.entity_type_id, "OWNER_ID": owner.id, "COMPLETED": "N"}
    select = ["ID", "RESPONSIBLE_ID", "COMPLETED"]
    return Command("crm.activity.list", {"filter": own, "order": {"ID": "ASC"}, "select": select, "start": start})


def portal_time(portal: Bitrix24, timezone: str) -> int | None:
    """The portal's clock, unix seconds; None where it does not tell."""
    return moment(portal.call("server.time"), timezone)


def calls_with(client: ItemRef, since: datetime) -> tuple[Command, Command]:
    """Completed calls with a client that began since then: those bound to it, and those whose main owner it is."""
    asked = {"TYPE_ID": 2, "COMPLETED": "Y", ">=START_TIME": since.isoformat()}
    owner = {"OWNER_TYPE_ID": client.entity_type_id, "OWNER_ID": client.id}
    # Several pairs in BINDINGS bring rows twice, so there is one pair a command.
    return _list(asked | {"BINDINGS": [owner]}), _list(asked | owner)


def activities(ids: Sequence[int]) -> Command:
    """Up to 50 activities. Unlike `get`, the list also shows those of other applications."""
    return _list({"@ID": list(ids)})


def bindings_of(activity_id: int) -> Command:
    """All items that an activity is about."""
    return Command("crm.activity.binding.list", {"activityId": activity_id})


def lengths_of(activity_id: int) -> Command:
    """What telephony knows about a call.

    https://apidocs.bitrix24.com/api-reference/telephony/voximplant/statistic/voximplant-statistic-get.html
    """
    return Command(STATISTICS, {"FILTER": {"CRM_ACTIVITY_ID": activity_id}})


def contacts_of(company_id: int) -> Command:
    """All contacts of a company."""
    return Command("crm.company.contact.items.get", {"id": company_id})


def companies_of(contact_id: int) -> Command:
    """All companies of a contact."""
    return Command("crm.contact.company.items.get", {"id": contact_id})


def linked(result: Any, kind: str) -> list[ItemRef]:
    """The contacts or companies in such an answer."""
    numbers = (to_id(row.get(f"{kind.upper()}_ID")) for row in _rows(result))
    return [ItemRef(kind, number) for number in numbers if number]


def to_calls(result: Any, timezone: str) -> list[Call]:
    """The completed calls among the rows of `crm.activity.list`; `timezone` is that of times without an offset."""
    found = (_call(row, timezone) for row in _rows(result) if _is_completed_call(row))
    return [call for call in found if call]


def owners(result: Any) -> dict[int, ItemRef]:
    """Whom each activity belongs to; the id of the activity leads to it."""
    found: dict[int, ItemRef] = {}
    for row in _rows(result):
        number, owner = to_id(row.get("ID")), _ref(row.get("OWNER_TYPE_ID"), row.get("OWNER_ID"))
        if number and owner:
            found[number] = owner
    return found


def bound(result: Any) -> list[ItemRef]:
    """The items in an answer of `crm.activity.binding.list`."""
    refs = (_ref(row.get("entityTypeId"), row.get("entityId")) for row in _rows(result))
    return [ref for ref in refs if ref]


def length_in(result: Any) -> int | None:
    """The longest connection, in seconds; `UNANSWERED` where all failed. None: telephony does not know the call."""
    seconds = [_seconds(row) for row in _rows(result)]
    return max(seconds, default=None)


def _seconds(row: Mapping[str, Any]) -> int:
    failed = str(row.get("CALL_FAILED_CODE") or "200") != "200"
    return UNANSWERED if failed else to_id(row.get("CALL_DURATION")) or 0


def _is_completed_call(row: Mapping[str, Any]) -> bool:
    return str(row.get("TYPE_ID")) == _CALL and str(row.get("COMPLETED")).upper() in ("Y", "TRUE", "1")


def _call(row: Mapping[str, Any], timezone: str) -> Call | None:
    number = to_id(row.get("ID"))
    start = moment(row.get("START_TIME"), timezone) or moment(row.get("CREATED"), timezone)
    if number is None or start is None:
        return None
    end = max(start, moment(row.get("END_TIME"), timezone) or start)
    return Call(number, start, end, str(row.get("ORIGIN_ID") or "").startswith(_BY_TELEPHONY))


def moment(value: Any, timezone: str) -> int | None:
    """One of the portal's times as unix seconds; None for an empty or unreadable one."""
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return int((read if read.tzinfo else read.replace(tzinfo=ZoneInfo(timezone))).timestamp())


def _list(wanted: Mapping[str, Any]) -> Command:
    return Command("crm.activity.list", {"filter": wanted, "order": {"START_TIME": "DESC"}, "select": SELECT})


def _ref(entity_type_id: Any, number: Any) -> ItemRef | None:
    kind, item_id = KINDS.get(to_id(entity_type_id) or 0), to_id(number)
    return ItemRef(kind, item_id) if kind and item_id else None


def _rows(result: Any) -> Iterable[Mapping[str, Any]]:
    return result.values() if isinstance(result, Mapping) else result or ()
