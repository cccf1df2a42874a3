"""Activities: to-dos, calls, meetings, mails, and the telephony's own record of calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.portal.clock import Clock, iso
from sandbox.portal.errors import Refusal
from sandbox.portal.events import Outbox
from sandbox.portal.items import Items
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.types import BY_ID
from sandbox.portal.values import year_9999

MEETING, CALL, TASK, EMAIL, PROVIDER = 1, 2, 3, 4, 6
INCOMING, OUTGOING = 1, 2
TODO = "CRM_TODO"
UNTITLED = "Дело"
"""The title of a to-do that was given none."""
_STATUS = {"N": 1, "Y": 2}  # waiting, done
_PROVIDERS = {
    MEETING: ("CRM_MEETING", "MEETING"),
    CALL: ("VOXIMPLANT_CALL", "CALL"),
    TASK: ("TASKS", "TASK"),
    EMAIL: ("CRM_EMAIL", "EMAIL"),
    PROVIDER: (TODO, "TODO"),
}

_BLANK: Row = {
    "PROVIDER_GROUP_ID": None,
    "ASSOCIATED_ENTITY_ID": 0,
    "PRIORITY": 2,
    "NOTIFY_TYPE": 1,
    "NOTIFY_VALUE": 15,
    "DESCRIPTION": "",
    "DESCRIPTION_TYPE": 1,
    "DIRECTION": 0,
    "LOCATION": "",
    "SETTINGS": [],
    "ORIGINATOR_ID": None,
    "ORIGIN_ID": None,
    "PROVIDER_PARAMS": [],
    "PROVIDER_DATA": None,
    "RESULT_MARK": 0,
    "RESULT_VALUE": None,
    "RESULT_SUM": None,
    "RESULT_CURRENCY_ID": None,
    "RESULT_STATUS": 0,
    "RESULT_STREAM": 0,
    "RESULT_SOURCE_ID": None,
    "AUTOCOMPLETE_RULE": 0,
    "COMMUNICATIONS": [],
}


@dataclass(frozen=True, slots=True)
class CallMade:
    """A call as telephony saw it; `code` 200 is a conversation, 304 a missed call."""

    direction: int = OUTGOING
    seconds: int = 60
    code: str = "200"
    phone: str = ""


class Activities:
    """Rows use the classic spelling with typed values, plus `bindings`: [[type, item], …], the owner first."""

    def __init__(self, clock: Clock, tables: Tables, outbox: Outbox, items: Items) -> None:
        self._clock = clock
        self._tables = tables
        self._outbox = outbox
        self._items = items

    def get(self, activity_id: int) -> Row | None:
        """An activity, or None."""
        return self._tables.activities.get(activity_id)

    def of(self, type_id: int, item_id: int) -> list[Row]:
        """Activities bound to an item, oldest first."""
        return self._tables.activities.by("bindings", (type_id, item_id))

    def todos(self, type_id: int, item_id: int) -> list[Row]:
        """To-dos of an item."""
        return [row for row in self.of(type_id, item_id) if row["PROVIDER_ID"] == TODO]

    def add(self, kind: int, bindings: list[tuple[int, int]], by: int, **fields: Any) -> Row:
        """Adds an activity; the first binding is its owner."""
        (type_id, item_id), *_ = bindings
        owners = {"bindings": [list(pair) for pair in bindings], "ownerTypeId": type_id, "ownerId": item_id}
        stored = self._tables.activities.add(
            {**_BLANK, **self._start(kind, by), **fields, **owners, "order": self._tables.order()}
        )
        if stored["COMPLETED"] == "Y":
            stored = {**stored, "STATUS": _STATUS["Y"]}
            self._tables.activities.put(stored)
        self._emit("ADD", stored["id"])
        for pair in bindings:
            self._items.touch(*pair, by)
        return stored

    def _start(self, kind: int, by: int) -> Row:
        """What an activity of this kind begins with."""
        now = iso(self._clock.now())
        provider, provider_type = _PROVIDERS[kind]
        moments = dict.fromkeys(("CREATED", "LAST_UPDATED", "START_TIME", "END_TIME", "DEADLINE"), now)
        people = dict.fromkeys(("RESPONSIBLE_ID", "AUTHOR_ID", "EDITOR_ID"), by)
        what = {"TYPE_ID": kind, "PROVIDER_ID": provider, "PROVIDER_TYPE_ID": provider_type, "SUBJECT": ""}
        return {**what, **moments, **people, "COMPLETED": "N", "STATUS": _STATUS["N"]}

    def change(self, row: Row, by: int, **fields: Any) -> Row:
        """Changes an activity; completing it makes its status done."""
        new = {**row, **fields, "EDITOR_ID": by, "LAST_UPDATED": iso(self._clock.now())}
        new["order"] = self._tables.order(change=True)
        if "COMPLETED" in fields:
            new["STATUS"] = _STATUS[fields["COMPLETED"]]
        self._tables.activities.put(new)
        self._emit("UPDATE", row["id"])
        return new

    def remove(self, row: Row) -> None:
        """Deletes an activity."""
        self._tables.activities.remove(row["id"])
        self._emit("DELETE", row["id"])

    def add_todo(self, owner: tuple[int, int], by: int, deadline: str, **fields: Any) -> Row:
        """Adds a to-do (a provider activity) to an item."""
        times = {"START_TIME": deadline, "END_TIME": deadline, "DEADLINE": deadline}
        return self.add(PROVIDER, [owner], by, **{"SUBJECT": UNTITLED, **times, **fields})

    def follow_task(self, task: Row, bindings: list[tuple[int, int]], by: int) -> None:
        """A task that is tied to items is an activity of theirs too, and is done when the task is."""
        fields = {"SUBJECT": task["TITLE"], "RESPONSIBLE_ID": task["RESPONSIBLE_ID"]}
        fields["COMPLETED"] = "Y" if task["CLOSED_DATE"] else "N"
        known = next(iter(self._tables.activities.by("task", task["id"])), None)
        if known is not None and any(known[name] != value for name, value in fields.items()):
            self.change(known, by, **fields)
        elif known is None and bindings:
            deadline = task["DEADLINE"] or year_9999(self._clock.zone)
            times = {"START_TIME": task["CREATED_DATE"], "END_TIME": deadline, "DEADLINE": deadline}
            self.add(TASK, bindings, by, ASSOCIATED_ENTITY_ID=task["id"], **times, **fields)

    def record_call(self, bindings: list[tuple[int, int]], by: int, call: CallMade) -> Row:
        """A call through the portal's telephony: an activity, a row of statistics, and ONVOXIMPLANTCALLEND."""
        end = self._clock.now()
        start = end - timedelta(seconds=call.seconds)
        name = BY_ID[bindings[0][0]].title.lower()
        activity = self.add(
            CALL,
            bindings,
            by,
            SUBJECT=f"{'Исходящий' if call.direction == OUTGOING else 'Входящий'} звонок: {name}",
            DIRECTION=call.direction,
            START_TIME=iso(start),
            END_TIME=iso(end),
            DEADLINE=iso(start),
            COMPLETED="Y" if call.code == "200" or call.direction == OUTGOING else "N",
        )
        row = self._statistics(activity, bindings[0], by, call, start)
        self._tables.activities.put({**activity, "ORIGIN_ID": f"VI_{row['CALL_ID']}"})
        self._outbox.emit("ONVOXIMPLANTCALLEND", self._call_end(row))
        return self._tables.activities.rows[activity["id"]]

    def calls(self, activity_id: int) -> list[Row]:
        """Statistics of the calls behind an activity."""
        return self._tables.calls.by("activityId", activity_id)

    def _statistics(self, activity: Row, owner: tuple[int, int], by: int, call: CallMade, start: datetime) -> Row:
        call_id = f"{activity['id']:08X}.{int(start.timestamp())}"
        return self._tables.calls.add(
            {
                "CALL_ID": call_id,
                "CALL_TYPE": "1" if call.direction == OUTGOING else "2",
                "PORTAL_USER_ID": by,
                "PORTAL_NUMBER": "reg1",
                "PHONE_NUMBER": call.phone or self._phone(owner),
                "CALL_DURATION": call.seconds if call.code == "200" else 0,
                "CALL_START_DATE": iso(start),
                "COST": "0.0000",
                "COST_CURRENCY": "RUR",
                "CALL_FAILED_CODE": call.code,
                "CALL_FAILED_REASON": "Success call" if call.code == "200" else "Skipped call",
                "CRM_ENTITY_TYPE": BY_ID[owner[0]].code,
                "CRM_ENTITY_ID": owner[1],
                "CRM_ACTIVITY_ID": activity["id"],
            }
        )

    def _phone(self, owner: tuple[int, int]) -> str:
        row = self._items.get(*owner) or {}
        return next((str(one["value"]) for one in row.get("fm") or () if one["typeId"] == "PHONE"), "")

    def _call_end(self, row: Row) -> dict[str, Any]:
        names = (
            "CALL_ID CALL_TYPE PHONE_NUMBER PORTAL_NUMBER PORTAL_USER_ID CALL_DURATION CALL_START_DATE COST "
            "COST_CURRENCY CALL_FAILED_CODE CALL_FAILED_REASON CRM_ACTIVITY_ID"
        )
        return {name: row[name] for name in names.split()}

    def _emit(self, what: str, activity_id: int) -> None:
        self._outbox.emit(f"ONCRMACTIVITY{what}", {"FIELDS": {"ID": activity_id}})


def require(row: Row | None) -> Row:
    """The activity, or the refusal of the classic methods."""
    if row is None:
        raise Refusal("", "Activity is not found")
    return row
