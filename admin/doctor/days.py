"""The last run of the day."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta

from crm_robots.records.memory import MemoryTable
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.schedule import RunLog

from admin.doctor.finding import Finding, note, ok, wrong
from admin.settings_in_force import portal_zone, reader
from admin.stack import Stack

_TITLE = "last daily run"
_PATIENCE = timedelta(hours=2)  # a day and these two hours are the 26 hours of the alarm


def schedule(stack: Stack) -> Iterator[Finding]:
    """Whether the schedule that begins the days is on."""
    name, scheduler = f"{stack.name}-daily-run", stack.client("scheduler")
    try:
        state = scheduler.get_schedule(Name=name)["State"]
    except scheduler.exceptions.ResourceNotFoundException:
        yield wrong("schedule", f"there is no schedule {name}", "deploy the stack again")
        return
    if state == "ENABLED":
        yield ok("schedule", "on")
    else:
        yield wrong("schedule", f"{name} is switched off", "enable it in EventBridge Scheduler")


def last_run(stack: Stack, robots: Collection[str]) -> Iterator[Finding]:
    """One line, if client-status is on."""
    if "client_status" not in robots:
        return
    record = MemoryTable(stack.client("dynamodb"), stack.table("Memory")).load("daily-run", ["daily"])["daily"]
    log = record.remembered(RunLog)
    if log.current:
        yield note(_TITLE, f"that of {log.current.day} is under way", "`robots daily` goes on with it at once")
    elif not log.done:
        yield note(_TITLE, "none yet", "it begins at notifications.at; `robots daily` does not wait for that")
    elif datetime.now(UTC) > _next(stack, max(log.done)) + _PATIENCE:
        todo = "look at the log of the function daily-run and at its schedule; `robots daily` makes the day up"
        yield wrong(_TITLE, f"{max(log.done)}", todo)
    else:
        yield ok(_TITLE, f"{max(log.done)}")


def _next(stack: Stack, day: date) -> datetime:
    """When the day after that one begins."""
    current = reader(stack).load("client_status", ClientStatusRules)
    begins = time.fromisoformat(current.rules.notifications.at) if current else time()
    return datetime.combine(day + timedelta(days=1), begins, portal_zone(stack))
