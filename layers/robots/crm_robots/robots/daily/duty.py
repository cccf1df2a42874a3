"""The day as a duty of the schedule (D1): run as far as it is due, counted for the alarm, gone on with at once."""

from typing import Any

import msgspec
from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from crm_robots.engine.rounds import Round
from crm_robots.engine.tools import Tools
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.run import DailyRun, Report
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import ItemRef

logger = Logger(child=True)

_ROBOT = "client-status"
_USUALLY = "09:00"


def begins(tools: Tools) -> str:
    """When the portal's days begin."""
    settings = tools.settings.load("client_status", ClientStatusRules)
    return settings.rules.notifications.at if settings else _USUALLY


def run(round_: Round) -> dict[str, Any]:
    """The run's report in plain values."""
    if not round_.is_portals_time():
        logger.info("the portal lives at another time; its days are run by its own")
        return {"status": "not_due"}

    def feed(ref: ItemRef, ts: int) -> None:
        """Gives a card whose event was lost to the client-status robot, as if the event had come."""
        round_.put([_ROBOT], CrmEvent(f"ONCRM{ref.kind.upper()}UPDATE", str(ref), ts, float(ts)))

    report = DailyRun(round_.tools, feed, round_.alone).fire(round_.firing, round_.enough)
    plain = _plain(report)
    logger.info("the day", **{name: value for name, value in plain.items() if value})
    if report.status in ("finished", "off"):
        _count_finished()
    if report.cause:
        round_.on_trouble(report.cause)
    if report.status == "unfinished" and not round_.firing.by_hand:
        round_.go_on()
    return plain


def _count_finished() -> None:
    """The metric behind the alarm for missed days; it is also sent if no day is wanted."""
    with single_metric("DailyRunFinished", MetricUnit.Count, 1, default_dimensions={"service": "daily-run"}):
        pass


def _plain(report: Report) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(report, cause=None))
    del plain["cause"]
    return plain
