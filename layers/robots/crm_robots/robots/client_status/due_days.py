"""S8: writes the day on which statuses change to cards of which nothing else is to be written."""

from collections.abc import Iterable

import msgspec

from crm_robots.engine.executor import Executor, Failures
from crm_robots.portal.client import Bitrix24
from crm_robots.records.journal import Journal
from crm_robots.robots.client_status.timer_records import ROBOT
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.plan import Cause, Record


class DueDays:
    """One portal's cards. Nothing is planned: the same day written again does no harm, and the card's echo mends it."""

    def __init__(self, portal: Bitrix24, journal: Journal, *, in_flight: int = 1) -> None:
        self._executor = Executor(portal, _Nowhere(), journal, in_flight=in_flight)

    def write(self, updates: Iterable[UpdateItem], cause: Cause) -> Failures:
        """Fifty a request; a card that is gone, or that the portal refuses to change, is left out."""
        decided = []
        for update in updates:
            because = msgspec.structs.replace(cause, item=cause.item or str(update.item))
            decided.append((Record(f"due:{update.item}", ROBOT), Decision(None, step(update)), because))
        return self._executor.perform(decided)


class _Nowhere:
    """Keeps no plan."""

    def save(self, record: Record) -> None:
        """Only the version moves on."""
        record.version += 1
