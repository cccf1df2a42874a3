"""Brings items back on the day on which their robots want to look at them again (`Decision.look_again`).

An item goes into its robot's queue first, and only then out of the index: after a crash in between it comes twice, and
deciding twice is harmless. A day that was missed is made up, since the index is asked for that day and all before it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from crm_robots.engine.rounds import Round
from crm_robots.records.memory import Look
from crm_robots.shared.events import SCHEDULE, CrmEvent
from crm_robots.shared.firing import has_time_come
from crm_robots.shared.row import Row


class LookAgain:
    """The duty. A robot that is switched off has its looks when it is switched on again."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __call__(self, round_: Round) -> int:
        """How many items were brought back."""
        portal = round_.tools.settings.portal()
        if portal is None or not round_.is_portals_time():
            return 0
        on = round_.tools.settings.on(row.section for row in self._rows)
        robots = {row.name for row in self._rows if row.section in on}
        brought = 0
        for looks in round_.tools.memory.due(self._day(round_, portal.timezone)):
            if round_.enough():
                break
            wanted = [look for look in looks if look.robot in robots]
            with ThreadPoolExecutor(round_.tools.in_flight) as pool:
                list(pool.map(lambda look: _bring(look, round_), wanted))
            brought += len(wanted)
        return brought

    def _day(self, round_: Round, timezone: str) -> date:
        has_come, today = has_time_come(round_.firing, round_.begins(), timezone)
        return today if has_come else today - timedelta(days=1)


def _bring(look: Look, round_: Round) -> None:
    round_.put([look.robot], CrmEvent(SCHEDULE, look.item, round_.firing.ts))
    round_.tools.memory.brought(look)
