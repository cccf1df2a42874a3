"""Counts the robots' dead letters and has the admins told."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from crm_robots.engine.dead_letters import DeadLettersMemory, decide
from crm_robots.engine.executor import Failures
from crm_robots.engine.tools import Tools
from crm_robots.records.queue import count_messages
from crm_robots.shared.plan import Cause

logger = Logger(child=True)

NAME = "watch"
_ITEM = "dead-letters"


def watch_dead_letters(tools: Tools, sqs: Any, queues: Mapping[str, str], ts: int) -> Failures:
    """`queues`: URL of the dead letters by robot. `ts`: the schedule's time. Nobody is told before publishing."""
    portal = tools.settings.portal()
    if portal is None:
        return {}
    record = tools.memory.load(NAME, [_ITEM])[_ITEM]
    failures = tools.executor.resume([record])
    if failures:
        return failures
    waiting = {robot: count_messages(sqs, url) for robot, url in queues.items()}
    if any(waiting.values()):  # an alarm counts them
        logger.warning(
            "dead letters wait", count=sum(waiting.values()), robots=[name for name in waiting if waiting[name]]
        )
    decision = decide(waiting, record.remembered(DeadLettersMemory), portal)
    return tools.executor.perform([(record, decision, Cause("schedule", _ITEM, ts))])
