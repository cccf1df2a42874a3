"""What the queues carry: which item changed, and when. Never what changed (W7)."""

from collections.abc import Iterable

import msgspec

from crm_robots.shared.items import ItemRef

SCHEDULE = "SCHEDULE"
"""The event with which the schedule brings an item back to a robot."""


class CrmEvent(msgspec.Struct, frozen=True):
    """One webhook, as the receiving function queued it."""

    event: str
    """`ONCRMLEADUPDATE` …; empty for an automation rule's webhook."""
    item: str
    """`lead:17`; `activity:9` for activities and calls."""
    ts: int
    """When it happened, unix seconds on the portal's clock."""
    received: float = 0.0
    """When the API took it, unix seconds on AWS's clock."""
    base: str = ""
    """Address of our API as the caller saw it."""
    host: str = ""
    """Under which of the portal's names somebody worked; empty where the webhook names none."""
    rule: bool = False
    answer: str = ""
    """`confirm` or `decline`: a person's answer to a question of ours, instead of a webhook."""
    question: str = ""
    """Which question or fill-in page: digest of its link's token."""
    form: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What a person sent by a fill-in page: field to what was typed or chosen."""
    sent: str = ""
    """Which sending of that page."""

    @property
    def ref(self) -> ItemRef:
        """The item as a reference; kinds other than CRM items pass through."""
        return ItemRef.parse(self.item)

    @property
    def is_deletion(self) -> bool:
        """The item can no longer be read."""
        return self.event.endswith("DELETE")


class Work(msgspec.Struct, frozen=True):
    """All waiting events of one item, which are handled together (W6)."""

    ref: ItemRef
    events: tuple[CrmEvent, ...]

    @property
    def newest(self) -> CrmEvent:
        """The event whose time counts."""
        return max(self.events, key=lambda event: event.ts)

    @property
    def ts(self) -> int:
        """The newest event's time."""
        return self.newest.ts

    @property
    def is_deletion(self) -> bool:
        """One of the events says that the item is gone."""
        return any(event.is_deletion for event in self.events)


def by_item(events: Iterable[CrmEvent]) -> list[Work]:
    """Groups events by their item, in the order in which the items first appear."""
    groups: dict[ItemRef, list[CrmEvent]] = {}
    for event in events:
        groups.setdefault(event.ref, []).append(event)
    return [Work(ref, tuple(group)) for ref, group in groups.items()]
