"""The schedule: every quarter of an hour it calls the daily run's handler, the real one, which may die on the way."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ClientError
from crm_robots.engine.access_notice import AccessNotice
from crm_robots.engine.tools import Tools
from crm_robots.records.heartbeat import Heartbeat
from crm_robots.records.inbox import Inbox
from crm_robots.records.lease import renewed_lease
from crm_robots.robots.daily import duty
from crm_robots.robots.daily.run import DailyRun

from tests.simulation.furnished import ROBOTS
from tests.simulation.scheduler import Scheduler
from tests.simulation.stubs import Watch
from tests.simulation.wires import SlowQueues, SlowTables, Wires
from tests.support.chaos import Killed
from tests.support.functions import load_function

LIFETIME = 900.0
_LEASE = {"item": {"S": "daily:lease"}, "robot": {"S": "daily-run"}}
with patch.dict(os.environ, {"POWERTOOLS_METRICS_NAMESPACE": "CrmRobots"}):
    _APP = load_function("daily_run")


class Days:
    """One stack's schedule."""

    def __init__(
        self, tools: Callable[[], Tools], dynamodb: SlowTables, sqs: SlowQueues, wires: Wires, scheduler: Scheduler
    ) -> None:
        self._tools = tools
        self._dynamodb = dynamodb
        self._sqs = sqs
        self._wires = wires
        self._scheduler = scheduler

    def fire(self) -> None:
        """The function runs now, beside everything else."""
        self._scheduler.spawn(self._invoke)

    @contextmanager
    def stand_ins(self) -> Iterator[None]:
        """What the handler and the day find in the places of `wiring`."""
        with self._in_place_of_wiring(), patch.object(duty, "DailyRun", partial(DailyRun, sleep=self._wires.sleep)):
            yield

    def _in_place_of_wiring(self) -> AbstractContextManager[Any]:
        tools = self._tools()
        notice = access_notice(self._dynamodb, tools, lambda: self._scheduler.now)
        return patch.multiple(
            _APP,
            tools=lambda: tools,
            settings_reader=lambda: tools.settings,
            background_tools=lambda: tools,
            inbox=lambda: Inbox(self._sqs, {name: name for name in ROBOTS}),
            notice=lambda: notice,
            client=lambda service: self._sqs if service == "sqs" else SimpleNamespace(invoke=self._again),
            # Nothing renews it here, so it lasts as long as the function may.
            lone_run=lambda: renewed_lease(self._dynamodb, "MemoryTable", _LEASE, seconds=LIFETIME),
            heartbeat=lambda: Heartbeat(self._dynamodb, "MemoryTable", lambda: self._scheduler.now),
            time=Watch(lambda: self._scheduler.now),
        )

    def _again(self, **_: Any) -> None:
        self.fire()

    def _invoke(self) -> None:
        self._wires.begin(LIFETIME)
        context = SimpleNamespace(
            function_name="daily",
            memory_limit_in_mb=512,
            invoked_function_arn="arn",
            aws_request_id="request",
            get_remaining_time_in_millis=lambda: LIFETIME * 1000,
        )
        moment = self._scheduler.clock.wall_time().replace(microsecond=0).isoformat()
        try:
            _APP.lambda_handler({"time": moment}, context)
        except (Killed, ClientError):
            return
        finally:
            self._wires.end()


def access_notice(dynamodb: Any, tools: Tools, now: Callable[[], float]) -> AccessNotice:
    """As `wiring` builds it; e-mails go nowhere."""
    return AccessNotice(dynamodb, "MemoryTable", lambda: tools.portal, tools.settings, lambda _mail: None, now)


ENVIRONMENT = {
    f"{name.upper().replace('-', '_')}_{place}_URL": name + suffix
    for name in ROBOTS
    for place, suffix in (("QUEUE", ""), ("DEAD_LETTERS", "-dead"))
}
