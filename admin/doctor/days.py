"""The last run of the day."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta

from crm_robots.records.memory import MemoryTable
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.schedule import RunLog

from admin.doctor import names
from admin.doctor.finding import Finding, note, ok, wrong
from admin.settings_in_force import portal_zone, reader
from admin.speech import say
from admin.stack import Stack

_PATIENCE = timedelta(hours=2)  # a day and these two hours are the 26 hours of the alarm


def schedule(stack: Stack) -> Iterator[Finding]:
    """Whether the schedule that begins the days is on."""
    name, scheduler = f"{stack.name}-daily-run", stack.client("scheduler")
    try:
        state = scheduler.get_schedule(Name=name)["State"]
    except scheduler.exceptions.ResourceNotFoundException:
        yield wrong(names.SCHEDULE, say("schedule.none", name=name), say("schedule.none.todo"))
        return
    if state == "ENABLED":
        yield ok(names.SCHEDULE, say("schedule.on"))
    else:
        yield wrong(names.SCHEDULE, say("schedule.off", name=name), say("schedule.off.todo"))


def last_run(stack: Stack, robots: Collection[str]) -> Iterator[Finding]:
    """One line, if client-status is on."""
    if "client_status" not in robots:
        return
    record = MemoryTable(stack.client("dynamodb"), stack.table("Memory")).load("daily-run", ["daily"])["daily"]
    log = record.remembered(RunLog)
    if log.current:
        yield note(names.DAY, say("day.current", day=log.current.day), say("day.current.todo"))
    elif not log.done:
        yield note(names.DAY, say("day.none"), say("day.none.todo"))
    elif datetime.now(UTC) > _next(stack, max(log.done)) + _PATIENCE:
        yield wrong(names.DAY, f"{max(log.done)}", say("day.late.todo"))
    else:
        yield ok(names.DAY, f"{max(log.done)}")


def _next(stack: Stack, day: date) -> datetime:
    """When the day after that one begins."""
    current = reader(stack).load("client_status", ClientStatusRules)
    begins = time.fromisoformat(current.rules.notifications.at) if current else time()
    return datetime.combine(day + timedelta(days=1), begins, portal_zone(stack))
