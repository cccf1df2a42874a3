"""From a queue's messages to a robot and back: what is done is deleted, what is not comes back later, in order.

A function that gets several messages at once waits a moment for more, up to 50: in a flood the portal is then
asked once for all. A lone event is worked off at once, unless the portal's budget is nearly spent.
"""

import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec
from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from crm_robots.engine.patience import Trouble, gives_up, place_of, trouble, wait
from crm_robots.records.queue import Message, Queue, delivered
from crm_robots.shared.events import CrmEvent, Work, by_item

logger = Logger()

WINDOW = 50
_SEVERAL = 3
_MOST_HALVINGS = 16
"""Enough to find one card among 50; a fault that all of them have must not cost a request for each."""


class Robot(Protocol):
    """Works off events of several items; returns, by item, what went wrong with those that must come back."""

    @property
    def name(self) -> str:
        """As in its address: `lost-deal`."""

    def handle(self, works: Sequence[Work]) -> dict[str, Exception]:
        """Reads, decides, acts."""


def work_off(
    event: dict[str, Any],
    robot: Robot,
    queue: Queue,
    *,
    on_trouble: Callable[[Exception], None],
    is_crowded: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.time,
    chance: Callable[[], float] = random.random,
) -> dict[str, Any]:
    """Handles one invocation by SQS; the answer names the delivered messages that failed.

    `is_crowded`: whether requests to the portal are scarce. The echoes of a mass edit come one by one, as fast as the
    portal takes our writes; read one by one they would take the budget from the writes.
    """
    messages = [delivered(record) for record in event["Records"]]
    if not messages:
        return {"batchItemFailures": []}  # somebody warms the function up
    crowded = is_crowded()
    if crowded or len(messages) >= _SEVERAL:
        messages += queue.drain(WINDOW - len(messages), longer=crowded)
    events = _events(messages, queue)
    failures = _handled(robot, by_item(events.values()))
    failed = [message for message in messages if message.id in events and events[message.id].item in failures]
    queue.finish([message for message in messages if message.id in events and message not in failed])
    _put_back(queue, [(message, failures[events[message.id].item]) for message in failed], clock(), chance)
    for error in {id(error): error for error in failures.values()}.values():
        _report(robot, error, on_trouble)
    return {"batchItemFailures": [{"itemIdentifier": one.id} for one in failed if not one.drained]}


def _events(messages: Sequence[Message], queue: Queue) -> dict[str, CrmEvent]:
    """By message. One that nobody can read never will be: a person looks at it among the dead letters."""
    events: dict[str, CrmEvent] = {}
    for message in messages:
        try:
            events[message.id] = msgspec.json.decode(message.body, type=CrmEvent)
        except msgspec.MsgspecError:
            logger.error("a message cannot be read", message_id=message.id)
            queue.give_up(message)
    return events


def _handled(robot: Robot, works: Sequence[Work]) -> dict[str, Exception]:
    """One strange card must not hold the others up: a window that breaks is halved until that card is alone."""
    failures: dict[str, Exception] = {}
    groups = deque([works])
    tries = 0
    while groups:
        group = groups.popleft()
        tries += 1
        try:
            failures |= robot.handle(group)
        except Exception as error:
            if len(group) > 1 and tries < _MOST_HALVINGS and _is_of_a_card(error):
                groups += (group[: len(group) // 2], group[len(group) // 2 :])
            else:
                failures |= {str(work.ref): error for work in group}
    logger.info("events handled", robot=robot.name, items=[str(work.ref) for work in works], failed=len(failures))
    return failures


def _is_of_a_card(error: Exception) -> bool:
    """Whether others might do better without it. What is out of reach is so for everybody."""
    return trouble(error) is Trouble.BUG and not isinstance(error, BotoCoreError | ClientError)


def _report(robot: Robot, error: Exception, on_trouble: Callable[[Exception], None]) -> None:
    kind = trouble(error)
    if kind is Trouble.BUG:
        # The class and the place, never the text: it may hold what people typed.
        logger.error("a robot failed", robot=robot.name, error=type(error).__name__, place=place_of(error))
    else:
        # Two who meet on one card are no trouble; one of them comes back in a moment.
        log = logger.info if kind is Trouble.CONTENDED else logger.warning
        log("work comes back later", robot=robot.name, reason=kind.value, error=str(error))
    try:
        on_trouble(error)
    except Exception as failure:
        # Whoever was to be told: the work itself is safe in the queue.
        logger.error("trouble could not be told", error=type(failure).__name__)


def _put_back(
    queue: Queue, failed: Iterable[tuple[Message, Exception]], now: float, chance: Callable[[], float]
) -> None:
    later: list[tuple[Message, int]] = []
    for message, error in failed:
        waited = now - message.sent
        if gives_up(error, message.receives, waited):
            queue.give_up(message)
        else:
            later.append((message, wait(error, message.receives, waited, chance())))
    queue.postpone(later)
