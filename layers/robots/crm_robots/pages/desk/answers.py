"""A token opens the figures of the head's own people, from the last snapshot, never from the portal."""

from collections.abc import Callable
from dataclasses import dataclass

from crm_robots.records.memory import MemoryTable
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.robots.desk.figures import Manager
from crm_robots.robots.desk.heads import people_of
from crm_robots.robots.desk.links import LinkBook
from crm_robots.robots.desk.snapshot import Index, Snapshots
from crm_robots.shared.people import Directory

OPEN, OVER, UNKNOWN, BROKEN = "open", "over", "unknown", "broken"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page is to show. Only an open one names anybody."""

    state: str
    index: Index | None = None
    managers: tuple[Manager, ...] = ()
    portal_url: str = ""


class DeskPage:
    """Looks up links and snapshots."""

    def __init__(self, memory: MemoryTable, settings: SettingsReader, people: Callable[[], Directory]) -> None:
        self._links = LinkBook(memory)
        self._snapshots = Snapshots(memory)
        self._settings = settings
        self._people = people

    def show(self, token: str, received: float) -> Shown:
        """Changes nothing."""
        state, head = self._links.state(token, received)
        if state != OPEN:
            return Shown(state)
        portal, index = self._settings.portal(), self._snapshots.index()
        managers = self._snapshots.managers(set(index.managers) & people_of(head, self._people()))
        return Shown(OPEN, index, tuple(managers), portal.url if portal else "")
