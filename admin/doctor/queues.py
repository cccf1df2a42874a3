"""What waits, what was given up, and when each robot last had an event."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from crm_robots.records.heartbeat import Heartbeat
from crm_robots.robots.registry import ROBOTS, ROWS

from admin.doctor import names
from admin.doctor.finding import Finding, note, ok, wrong
from admin.speech import say
from admin.stack import Stack


def events(stack: Stack, robots: Collection[str]) -> Iterator[Finding]:
    """The last event of each robot that is on."""
    heartbeat = Heartbeat(stack.client("dynamodb"), stack.table("Memory"))
    for robot in (row.name for row in ROWS if row.section in robots):
        seen = heartbeat.last(robot)
        if seen is None:
            todo = say("events.none.todo", address=f"{stack.webhooks}/all")
            yield note(names.about(names.EVENTS, robot), say("events.none"), todo)
        else:
            yield ok(names.about(names.EVENTS, robot), ago(seen))


def dead_letters(stack: Stack) -> Iterator[Finding]:
    """Events that robots gave up on, and those that wait."""
    for robot in ROBOTS:
        dead = _count(stack, stack.dead_letters(robot))
        waiting = _count(stack, stack.queue(robot))
        if dead:
            todo = say("dead.some.todo", robot=robot)
            yield wrong(names.about(names.DEAD_LETTERS, robot), say("dead.some", dead=dead, waiting=waiting), todo)
        else:
            yield ok(names.about(names.DEAD_LETTERS, robot), say("dead.none", waiting=waiting))


def ago(moment: datetime) -> str:
    """How long ago, in a unit that suits the length."""
    minutes = int((datetime.now(UTC) - moment).total_seconds() // 60)
    if minutes < 120:
        return say("ago.minutes", count=max(minutes, 0))
    return say("ago.hours", count=minutes // 60) if minutes < 48 * 60 else say("ago.days", count=minutes // 1440)


def _count(stack: Stack, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    reply = stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    return sum(int(reply["Attributes"].get(name, 0)) for name in names)
