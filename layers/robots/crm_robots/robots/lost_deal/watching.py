"""D9: the deals that came to another stage since the robot saw them."""

from collections.abc import Iterator, Sequence
from typing import override

from crm_robots.engine.sweep.watching import Watcher
from crm_robots.engine.tools import Tools
from crm_robots.portal.changes import ChangedItem
from crm_robots.robots.lost_deal.rules import LostDealMemory
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.row import Row


class DealWatcher(Watcher):
    """Goes by the robot's memory."""

    def __init__(self, row: Row, tools: Tools, _portal: PortalRules) -> None:
        super().__init__(row)
        self._robot = row.name
        self._memory = tools.memory

    @override
    def missed(self, kind: str, changes: Sequence[ChangedItem]) -> Iterator[ChangedItem]:
        records = self._memory.load(self._robot, (str(change.item.ref) for change in changes))
        for change in changes:
            if change.item.stage_id != records[str(change.item.ref)].remembered(LostDealMemory).stage_id:
                yield change
