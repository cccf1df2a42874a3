"""The `client_status` section once it is published."""

from typing import Literal

import msgspec

from crm_robots.shared.items import to_id

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
