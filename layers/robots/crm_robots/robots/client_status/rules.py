"""The `client_status` section once it is published."""

from typing import Literal

import msgspec

from crm_robots.shared.items import to_id
from crm_robots.shared.stop_list import StopList

NEW, IN_WORK, LOST = "new", "in_work", "lost"
_UNLISTED = "item:"


class Status(msgspec.Struct, frozen=True):
    """One status; `code` stays when people rename the label."""

    code: str
    label: str
    days: int | None = None
    """Days until it drops; None: it never does by itself."""


class CallRules(msgspec.Struct, frozen=True):
    """What a call does, and what it is needed for."""

    reset_timer: bool = True
    required_for_change: bool = True
    lookback_days: int = 3
    min_seconds: int = 0
    exempt: tuple[int, ...] = ()
    """Users whose changes need no call."""
    proof: Literal["activity", "telephony"] = "activity"
    """`telephony`: only calls that the portal's telephony lists as answered count (S10)."""


class WarningRules(msgspec.Struct, frozen=True):
    """The word in time."""

    text: str
    days_before: int | None = 3
    feed: bool = True


class Transfer(msgspec.Struct, frozen=True):
    """Who gets a lost client. A department's people take turns."""

    to: Literal["none", "supervisor", "user", "department"] = "none"
    id: int | None = None


class LostRules(msgspec.Struct, frozen=True):
    """What happens to a lost client."""

    text: str
    supervisor_text: str
    open_to_everyone: bool = False
    transfer: Transfer = Transfer()


class Snooze(msgspec.Struct, frozen=True):
    """S9: the fields in which people pause a client, and how far ahead they may."""

    until_field: str
    reason_field: str
    most_days: int = 90


class DeskRules(msgspec.Struct, frozen=True):
    """D13: when heads get the letter with the link to their page, and how long it opens."""

    weekday: int = 0
    """As `date.weekday()`: 0 is Monday."""
    to: tuple[int, ...] = ()
    """Empty: every head."""
    days: int = 7


class NotificationRules(msgspec.Struct, frozen=True):
    """When people are told: `at` is HH:MM in the portal's zone."""

    at: str = "09:00"
    merge: bool = True


class ClientStatusRules(msgspec.Struct, frozen=True):
    """Statuses stand best first: `new`, `in_work`, then the administrator's, `lost` last."""

    entities: tuple[str, ...]
    status_field: str
    statuses: tuple[Status, ...]
    items: dict[str, dict[str, int]]
    """Kind of card -> status code -> id of the dropdown's item; the ids of companies and contacts differ."""
    warning: WarningRules
    lost: LostRules
    assign_new: bool = True
    after_won: str = "hot"
    after_lost: str = "hot"
    count_days: Literal["calendar", "working"] = "calendar"
    holidays_country: str = "RU"
    calls: CallRules = CallRules()
    notifications: NotificationRules = NotificationRules()
    timeline: bool = True
    skip_when: StopList = StopList()
    """L5: the stop-list."""
    due_field: str = ""
    """S8: date field that shows when the status changes; empty: none."""
    snooze: Snooze | None = None
    capacity: int | None = None
    """Clients that one manager can look after."""
    desk: DeskRules | None = None

    def status(self, code: str) -> Status | None:
        """A status by its code; None for items that people added to the dropdown by hand."""
        return next((status for status in self.statuses if status.code == code), None)

    def label(self, code: str) -> str:
        """What people call it."""
        status = self.status(code)
        return status.label if status else code.removeprefix(_UNLISTED)

    def place(self, code: str) -> int | None:
        """Its place in the list, 0 is best; None outside of it."""
        return next((place for place, status in enumerate(self.statuses) if status.code == code), None)

    def fields_of(self, kind: str) -> list[str]:
        """The user fields of a card that the robot goes by."""
        pauses = [self.snooze.until_field, self.snooze.reason_field] if self.snooze else []
        found = [self.status_field, self.due_field, *pauses, *self.skip_when.fields_of(kind)]
        return list(dict.fromkeys(filter(None, found)))

    def code_of(self, kind: str, value: object) -> str:
        """The status that a card's field holds: `hot`; empty for none, `item:91` for one that is not in the file."""
        number = to_id(value[0] if isinstance(value, list | tuple) and value else value)
        if number is None:
            return ""
        codes = (code for code, item in self.items.get(kind, {}).items() if item == number)
        return next(codes, f"{_UNLISTED}{number}")

    def value_of(self, kind: str, code: str) -> int | None:
        """What the card's field holds for a status; None for an empty one."""
        if code.startswith(_UNLISTED):
            return int(code.removeprefix(_UNLISTED))
        return self.items.get(kind, {}).get(code)
