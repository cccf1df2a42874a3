"""Who works here on the day of the run: whoever is lost to somebody must go to today's head, not to yesterday's."""

from collections.abc import Callable
from functools import cached_property

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.people import read_directory
from crm_robots.shared.people import Directory


class People:
    """One run's view of the company."""

    def __init__(
        self, portal: Bitrix24, kept: Callable[[], Directory], fresh: Callable[[], Directory] | None = None
    ) -> None:
        self._portal = portal
        self._kept = kept
        self._fresh = fresh

    @cached_property
    def now(self) -> Directory:
        """Read anew, once a run."""
        return self._fresh() if self._fresh else read_directory(self._portal, Directory())

    @cached_property
    def lately(self) -> Directory:
        """At most half an hour old, which will do for names; today's if that was read."""
        return self.now if "now" in self.__dict__ else self._kept()
