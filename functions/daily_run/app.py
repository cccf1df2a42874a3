"""Runs every 15 minutes. EventBridge -> the duties that are due -> robots' queues and Bitrix24."""

import json
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from aws_lambda_powertools import Logger
from crm_robots.engine.clocks import is_another_time
from crm_robots.engine.dead_letter_watch import watch_dead_letters
from crm_robots.engine.look_again import LookAgain
from crm_robots.engine.rounds import Duty, Round, done, duties_of
from crm_robots.engine.silence import is_silent
from crm_robots.engine.sweep.run import sweep
from crm_robots.records.clients import client
from crm_robots.robots.daily.duty import begins
from crm_robots.robots.daily.preview import preview
from crm_robots.robots.registry import ROWS
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.firing import Firing
from crm_robots.wiring import (
    background_tools,
    heartbeat,
    inbox,
    lone_run,
    notice,
    settings_reader,
    tools,
    watch_drift,
)

logger = Logger()

_MARGIN_SECONDS = 150
"""A slice of clients with slow requests takes so long; less time left means that the next invocation continues."""


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`{"time": ISO}` is the only clock. The command adds `by_hand`, and `now`, `seconds` or `dry_run`."""
    firing = Firing(
        int(datetime.fromisoformat(event["time"]).timestamp()), event.get("now", False), event.get("by_hand", False)
    )
    settings_reader().forget()  # a day is run, or foreseen, by what is in force now (T4)
    if event.get("dry_run"):
        return {"preview": msgspec.to_builtins(preview(background_tools(), firing))}
    own: list[tuple[str, Duty]] = [("dead letters", _watch), ("silence", _listen), ("look again", LookAgain(ROWS))]
    duties = [*own, *duties_of(ROWS), ("sweep", sweep(ROWS)), ("drift", watch_drift)]
    answers, failures = done(duties, _round(firing, event, context))
    return {**answers, "failures": failures | answers.get("dead letters", {})}


def _round(firing: Firing, event: dict[str, Any], context: Any) -> Round:
    seconds = context.get_remaining_time_in_millis() / 1000 - _MARGIN_SECONDS
    until = time.monotonic() + min(seconds, event.get("seconds", seconds))
    return Round(
        firing=firing,
        connect=lambda: background_tools(),
        put=_put,
        begins=lambda: begins(background_tools()),
        is_portals_time=lambda: firing.by_hand or not is_another_time(firing.ts, heartbeat().clocks("client-status")),
        alone=lone_run,
        enough=lambda: time.monotonic() > until,
        go_on=lambda: _go_on(event, context),
        on_trouble=lambda error: notice()(error),
    )


def _watch(round_: Round) -> dict[str, str]:
    queues = {row.name: os.environ[row.dead_letters_variable] for row in ROWS}
    failures = watch_dead_letters(tools(), client("sqs"), queues, round_.firing.ts)
    return {name: str(error) for name, error in failures.items()}


def _listen(round_: Round) -> None:
    portal = tools().settings.portal()
    if portal is None or not round_.is_portals_time():
        return
    last = max(filter(None, (heartbeat().last(row.name) for row in ROWS)), default=None)
    if is_silent(last, datetime.fromtimestamp(round_.firing.ts, UTC), portal.timezone):
        logger.warning("no events for hours", last=str(last))


def _put(robots: Sequence[str], event: CrmEvent) -> None:
    """The deduplication id comes from the change, so that a repeated sweep queues nothing twice."""
    name = f"daily-{event.event}-{event.item.replace(':', '-')}-{event.ts}"
    inbox().put(robots, msgspec.to_builtins(event), name)


def _go_on(event: dict[str, Any], context: Any) -> None:
    client("lambda").invoke(
        FunctionName=context.function_name, InvocationType="Event", Payload=json.dumps(event).encode()
    )
