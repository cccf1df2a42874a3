"""`robots redrive [ROBOT]`: dead letters back to work."""

import time
from email.utils import parsedate_to_datetime
from typing import Annotated, Any
from uuid import uuid4

import typer
from crm_robots.robots.registry import ROBOTS

from admin.session import AsJson, StackName, session
from admin.speech import say
from admin.stack import Stack
from admin.trouble import Trouble

_MOST_PER_CALL = 10


def redrive(
    ctx: typer.Context,
    robot: Annotated[str | None, typer.Argument()] = None,
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Put events that robots gave up on back into their queues, in order."""
    run = session(ctx, stack, as_json)
    if robot is not None:
        robot = _named(robot)
    run.name_the_place()
    moved: dict[str, int] = {}
    for name in [robot] if robot else ROBOTS:
        with run.busy(say("busy.dead_letters", robot=name)):
            moved[name] = back_to_work(run.stack, name)
    lines = [say("redrive.done", robot=name, count=count) for name, count in moved.items()]
    run.answer({"redriven": moved}, lambda console: console.print("\n".join(lines)))


def _named(robot: str) -> str:
    """`lost_deal`, as the settings spell it, is `lost-deal`."""
    plain = robot.strip().casefold().replace("_", "-")
    if plain not in ROBOTS:
        raise Trouble("redrive.no_robot", robot=robot, robots=", ".join(ROBOTS))
    return plain


def back_to_work(stack: Stack, robot: str) -> int:
    """Moves all dead letters of a robot; an item's events keep their order.

    A message is sent before it is deleted: if the command is cut off in between, it is handled twice, which does no
    harm. Messages that arrive meanwhile stay: an unreadable one would go round for ever.
    """
    sqs: Any = stack.client("sqs")
    source, target, moved = stack.dead_letters(robot), stack.queue(robot), 0
    begun = _queues_clock(sqs, source)
    while rows := _received(sqs, source):
        for row in rows:
            if int(row["Attributes"]["SentTimestamp"]) // 1000 > begun:
                continue
            sqs.send_message(
                QueueUrl=target,
                MessageBody=row["Body"],
                MessageGroupId=row["Attributes"]["MessageGroupId"],
                # A new deduplication id: with the old one the queue would drop it as a repetition.
                MessageDeduplicationId=uuid4().hex,
            )
            sqs.delete_message(QueueUrl=source, ReceiptHandle=row["ReceiptHandle"])
            moved += 1
    return moved


def _received(sqs: Any, queue: str) -> list[dict[str, Any]]:
    reply = sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=_MOST_PER_CALL, MessageSystemAttributeNames=["All"], WaitTimeSeconds=1
    )
    rows: list[dict[str, Any]] = reply.get("Messages", [])
    return rows


def _queues_clock(sqs: Any, queue: str) -> int:
    """Unix seconds by the clock that dates the messages, which may differ from this machine's."""
    reply = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    told = reply["ResponseMetadata"]["HTTPHeaders"].get("date")
    return int(parsedate_to_datetime(told).timestamp() if told else time.time())
