"""The last run of the day."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from crm_robots.aws.memory import MemoryTable
from crm_robots.domain.daily.schedule import RunLog

from admin.doctor.finding import Finding, note, ok, wrong
from admin.stack import Stack

_TITLE = "last daily run"
_LONG_AGO = timedelta(days=2)


def last_run(stack: Stack, robots: Collection[str]) -> Iterator[Finding]:
    """One line, if there is anything for a day to do."""
    if "client_status" not in robots:
        return
    record = MemoryTable(stack.client("dynamodb"), stack.table("Memory")).load("daily-run", ["daily"])["daily"]
    log = record.remembered(RunLog)
    if log.current:
        yield note(_TITLE, f"that of {log.current.day} is under way", "`robots daily` goes on with it at once")
    elif not log.done:
        yield note(_TITLE, "none yet", "it begins at notifications.at; `robots daily` does not wait for that")
    elif datetime.now(UTC).date() - max(log.done) > _LONG_AGO:
        todo = "look at the log of the function daily-run and at its schedule; `robots daily` makes the day up"
        yield wrong(_TITLE, f"{max(log.done)}", todo)
    else:
        yield ok(_TITLE, f"{max(log.done)}")
