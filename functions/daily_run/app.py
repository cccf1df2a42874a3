"""Runs every 15 minutes. EventBridge -> the work that is due -> Bitrix24."""

import json
import os
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from crm_robots.engine.clocks import is_another_time
from crm_robots.engine.dead_letter_watch import watch_dead_letters
from crm_robots.engine.patience import place_of
from crm_robots.engine.sweep.run import Sweep
from crm_robots.records.clients import client
from crm_robots.robots.conversion.waiting import wake
from crm_robots.robots.daily.preview import preview
from crm_robots.robots.daily.run import DailyRun, Report
from crm_robots.robots.daily.schedule import Firing
from crm_robots.robots.registry import ROWS
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import ItemRef
from crm_robots.wiring import background_tools, heartbeat, inbox, lone_run, notice, tools

logger = Logger()

_MARGIN_SECONDS = 150
"""A slice of clients with slow requests takes so long; less time left means that the next invocation continues."""


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`{"time": ISO}` is the only clock. The command adds `by_hand`, and `now`, `seconds` or `dry_run`."""
    firing = Firing(
        int(datetime.fromisoformat(event["time"]).timestamp()), event.get("now", False), event.get("by_hand", False)
    )
    if event.get("dry_run"):
        return {"preview": msgspec.to_builtins(preview(background_tools(), firing))}
    failures: dict[str, str] = {}
    _try(lambda: failures.update(_watch(firing.ts)), "dead letters", failures)
    _try(lambda: wake(tools().memory, client("sqs"), os.environ["CONVERSION_QUEUE_URL"], firing.ts), "leads", failures)
    answer: dict[str, Any] = {}
    _try(lambda: answer.update(day=_day(firing, event, context)), "day", failures)
    _try(lambda: answer.update(swept=Sweep(background_tools(), _put).fire(firing)), "sweep", failures)
    return {**answer, "failures": failures}


def _try(duty: Callable[[], object], name: str, failures: dict[str, str]) -> None:
    """A duty that fails does not stop the others."""
    try:
        duty()
    except Exception as error:
        # The class and the place, never the text: it may hold what people typed.
        logger.error("a duty failed", duty=name, error=type(error).__name__, place=place_of(error))
        failures[name] = type(error).__name__


def _watch(ts: int) -> dict[str, str]:
    queues = {row.name: os.environ[row.dead_letters_variable] for row in ROWS}
    failures = watch_dead_letters(tools(), client("sqs"), queues, ts)
    return {name: str(error) for name, error in failures.items()}


def _day(firing: Firing, event: dict[str, Any], context: Any) -> dict[str, Any]:
    if not firing.by_hand and is_another_time(firing.ts, heartbeat().clocks("client-status")):
        logger.info("the portal lives at another time; its days are run by its own")
        return {"status": "not_due"}
    seconds = context.get_remaining_time_in_millis() / 1000 - _MARGIN_SECONDS
    until = time.monotonic() + min(seconds, event.get("seconds", seconds))
    report = DailyRun(background_tools(), _feed, lone_run).fire(firing, lambda: time.monotonic() > until)
    logger.info("the day", **{name: value for name, value in _plain(report).items() if value})
    if report.status in ("finished", "off"):
        _count_finished()
    if report.cause:
        notice()(report.cause)
    if report.status == "unfinished" and not firing.by_hand:
        _go_on(event, context)
    return _plain(report)


def _count_finished() -> None:
    """The metric behind the alarm for missed days; it is also sent if no day is wanted."""
    with single_metric("DailyRunFinished", MetricUnit.Count, 1, default_dimensions={"service": "daily-run"}):
        pass


def _plain(report: Report) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(report, cause=None))
    del plain["cause"]
    return plain


def _feed(ref: ItemRef, ts: int) -> None:
    """Gives a card whose event was lost to the client-status robot, as if the event had come."""
    _put(["client-status"], CrmEvent(f"ONCRM{ref.kind.upper()}UPDATE", str(ref), ts, float(ts)))


def _put(robots: list[str], event: CrmEvent) -> None:
    """The deduplication id comes from the change, so that a repeated sweep queues nothing twice."""
    inbox().put(robots, msgspec.to_builtins(event), f"daily-{event.item.replace(':', '-')}-{event.ts}")


def _go_on(event: dict[str, Any], context: Any) -> None:
    client("lambda").invoke(
        FunctionName=context.function_name, InvocationType="Event", Payload=json.dumps(event).encode()
    )
