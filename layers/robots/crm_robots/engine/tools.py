"""What every robot works with. Built once per warm container by `wiring`, and by tests from their own parts."""

from collections.abc import Callable
from dataclasses import dataclass

from crm_robots.engine.executor import Executor
from crm_robots.engine.hands_off import HandsOffRule
from crm_robots.portal.client import Bitrix24
from crm_robots.records.journal import Journal
from crm_robots.records.memory import MemoryTable
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.records.timers import TimersTable
from crm_robots.shared.decision import Decision
from crm_robots.shared.people import Directory


@dataclass(frozen=True, slots=True)
class Tools:
    """One portal, one set of tables."""

    portal: Bitrix24
    memory: MemoryTable
    timers: TimersTable
    journal: Journal
    executor: Executor
    settings: SettingsReader
    directory: Callable[[], Directory]
    """Everyone in the company, as of the last half hour."""
    directory_now: Callable[[], Directory] | None = None
    """The same read anew; None: only the day's run needs it, and reads it itself."""
    stand_ins: Callable[[Decision], Decision] = lambda decision: decision
    """Addresses what is for somebody who no longer works here (S11)."""
    hands_off: HandsOffRule | None = None
    """Keeps robots from what an administrator took back (T3)."""
    secret: Callable[[str], str] = lambda name: ""
    """A parameter of the stack by name (`secrets/dadata-token`); raises `MissingParameter` where it is not set."""
    has_time: Callable[[], bool] = lambda: True
    """Whether one more request can be finished before the function is ended."""
    scans: Bitrix24 | None = None
    """The portal through a webhook that is there for long reads only; None: the administrator made none."""
    in_flight: int = 1
    """How many requests to the portal may be under way at once; more than one for the day's work only."""

    @property
    def scanner(self) -> Bitrix24:
        """What whole lists are read with."""
        return self.scans or self.portal
