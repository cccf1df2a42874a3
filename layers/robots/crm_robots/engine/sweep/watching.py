"""What a robot says of the changes since the last sweep: which of them are news to it."""

from collections.abc import Iterator, Mapping, Sequence

from crm_robots.portal.changes import ChangedCall, ChangedItem
from crm_robots.shared.row import Row

_KINDS = ("lead", "deal", "contact", "company")


class Watcher:
    """Takes every change of the kinds that the robot has events of: looking once more is harmless (W7).

    A robot that can tell by its memory what it has seen narrows that down, and names its own watcher in its row.
    """

    calls = False
    """Whether it wants to hear of completed calls."""

    def __init__(self, row: Row) -> None:
        kinds = (kind for kind in _KINDS if f"ONCRM{kind.upper()}UPDATE" in row.events)
        self.fields: Mapping[str, Sequence[str]] = {kind: [] for kind in kinds}
        """The kinds of items that it wants to hear of, with the user fields that it goes by."""

    def missed(self, kind: str, changes: Sequence[ChangedItem]) -> Iterator[ChangedItem]:  # noqa: ARG002 - of any kind
        """Those that are news to it."""
        yield from changes

    def missed_calls(self, calls: Sequence[ChangedCall]) -> Iterator[ChangedCall]:
        """The same for calls."""
        yield from calls
