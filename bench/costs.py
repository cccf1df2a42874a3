"""Dollars a month, on paper: measured requests, units and milliseconds, times assumptions, times AWS's prices.

The assumptions are the constants below; docs/cost.md says why they are what they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crm_robots.robots.registry import ROWS

from bench import prices
from bench.kept import recall
from bench.row import Row, at_most, emit
from tests.support.tables import template

DAYS = 30
PORTAL_ALLOWS = 2 * 24 * 3600
"""Requests a day."""
MIX = {"ONCRMLEADUPDATE": 0.3, "ONCRMDEALUPDATE": 0.3, "ONCRMCOMPANYUPDATE": 0.4}
"""Of all webhooks. The last stands for companies, contacts, activities and calls."""
CHANGES = 0.05
"""Share of events that a robot acts upon; the echoes of its writes are among the webhooks."""
DUE = 0.01
"""Share of the clients whose timer is due on a day."""
PORTAL_SECONDS, AWS_SECONDS = 0.3, 0.008
"""Until the portal, or a service of AWS, has answered a request."""
AWS_CALLS = 5
"""Per window of a robot: settings (sometimes), memory, limiter, queue."""
MEMORY = template()["Globals"]["Function"]["MemorySize"]
CPU_SHARE = MEMORY / 1769
"""Of a processor."""
LIVES_HOURS = 2
"""Of a container; a new one decrypts its secrets once."""
AT_ONCE = 3
"""Containers of a function at a time, where webhooks come all day."""
LOOKS = 4
"""Into the queue, per window that is more than one event."""
POLLERS, POLL_SECONDS = 5, 20
"""Lambda looks into each queue with so many long polls."""
LOG_BYTES = 900
"""Per invocation: our line, and Lambda's START, END, REPORT."""
ROW_BYTES, ENTRY_BYTES, ENTRY_DAYS = 400, 700, 180
ENTRIES = 4
"""Of the journal, per event that changes something; each stands in the table and in an index."""
METRIC_HOURS = 1
"""A day, in which a metric of ours has data: that of the finished day. The others are silent while all is well."""


@dataclass(frozen=True, slots=True)
class Portal:
    """The portal that the bill is for. `window`: events handled together; `turn`: seconds to wait for the request
    budget."""

    clients: int
    webhooks: int
    window: int
    turn: float


GOAL = 5
SIZES = (Portal(12_000, 5_000, 1, 0.0), Portal(1_000_000, 500_000, 10, 2.0))


@dataclass(frozen=True, slots=True)
class Day:
    """What happens on one day."""

    webhooks: float
    events: float
    """A webhook is an event for each robot that wants it."""
    windows: float
    requests: float
    writes: float
    reads: float
    gb_seconds: float
    changes: float


def main() -> None:
    """A table per size."""
    events, work = recall("events"), recall("local_stack")
    for portal in SIZES:
        title = f"Dollars a month: {portal.clients:,} clients, {portal.webhooks:,} webhooks a day"
        day = day_of(portal, events, work)
        lines = dict(bill(portal, day))
        total, least = sum(lines.values()), sum(dict(floor(portal, day)).values())
        emit(*(Row(title, what, f"{dollars:.2f}") for what, dollars in lines.items()))
        goal = GOAL if portal == SIZES[0] else None
        together = f"**{total:.2f}**"
        emit(at_most(title, "**all together**", total, goal, "") if goal else Row(title, "**all together**", together))
        emit(Row(title, "… what the permanent free tier leaves", f"{max(0.0, total - free(portal, day)):.2f}"))
        emit(Row(title, "… against the floor on paper", f"{total / least:.2f} × {least:.2f}"))
        emit(at_most(title, "requests to the portal, against what it allows", day.requests / PORTAL_ALLOWS, 1))


def day_of(portal: Portal, events: dict[str, float], work: dict[str, float]) -> Day:
    """`events`: units per robot and kind of event; `work`: milliseconds of the processor."""
    shares = {row.name: sum(share for event, share in MIX.items() if event in row.events) for row in ROWS}
    taken = {robot: share * portal.webhooks for robot, share in shares.items()}
    kinds = ("idle flood", "flood") if portal.window > 1 else ("idle", "change")
    idle = _sum(taken, events, kinds[0], 1 - CHANGES)
    change = _sum(taken, events, kinds[1], CHANGES)
    all_events = sum(taken.values())
    windows = all_events / portal.window
    # What was measured in windows of 50 happens once per window here, whatever its size.
    requests = windows + change["requests"]
    due = portal.clients * DUE
    cpu = windows * work["idle"] + all_events * CHANGES * work["change"]
    seconds = requests * PORTAL_SECONDS + windows * (AWS_CALLS * AWS_SECONDS + portal.turn) + cpu / 1000 / CPU_SHARE
    received = portal.webhooks * (work["received"] / 1000 / CPU_SHARE + AWS_SECONDS)
    return Day(
        webhooks=portal.webhooks,
        events=all_events,
        windows=windows,
        requests=requests + 2 * due / 50,
        writes=requests + idle["stored"] + change["stored"] + due * events["client-status change stored"],
        reads=idle["reads"] + change["reads"] + 2 * due,
        gb_seconds=(seconds + received) * MEMORY / 1024,
        changes=all_events * CHANGES + due,
    )


def _sum(taken: dict[str, float], events: dict[str, float], kind: str, share: float) -> dict[str, float]:
    units = ("requests", "stored", "reads")
    return {unit: sum(n * share * events[f"{robot} {kind} {unit}"] for robot, n in taken.items()) for unit in units}


def bill(portal: Portal, day: Day) -> Iterator[tuple[str, float]]:
    """Service by service."""
    month = DAYS * 24 * 3600
    yield "API Gateway: a request per webhook", DAYS * day.webhooks * prices.API_REQUEST
    invocations = DAYS * (day.webhooks + day.windows + 4 * 24)
    compute = DAYS * day.gb_seconds * prices.LAMBDA_GB_SECOND
    yield f"Lambda: receiver and robots at {MEMORY} MB", invocations * prices.LAMBDA_REQUEST + compute
    polls = len(_queues()) * POLLERS * month / POLL_SECONDS
    looks = LOOKS if portal.window > 1 else 0
    sent = DAYS * (day.events + (2 + looks) * day.windows + day.events / 10)
    yield "SQS: Lambda's polls of the empty queues", polls * prices.SQS_FIFO_REQUEST
    yield "SQS: events sent, received, deleted", sent * prices.SQS_FIFO_REQUEST
    yield "DynamoDB: writes", DAYS * day.writes * prices.WRITE_UNIT
    yield "DynamoDB: reads", DAYS * day.reads * prices.READ_UNIT
    yield "DynamoDB: storage and recovery", _gigabytes(portal, day) * prices.TABLE_GB_MONTH
    yield "Logs", invocations * LOG_BYTES / 1e9 * prices.LOG_GB
    yield "Alarms and metrics", _alarms() * prices.ALARM_MONTH + METRIC_HOURS / 24 * prices.METRIC_MONTH
    yield "KMS: secrets decrypted", DAYS * _secrets(day) * prices.KMS_REQUEST


def floor(portal: Portal, day: Day) -> Iterator[tuple[str, float]]:
    """The least that any bundle on these services pays: one request in, one message per event, one unit for what must
    be kept and its storage, and the portal's answer, waited for with the smallest function.
    """
    smallest = 128 / 1024
    yield "one request in", DAYS * day.webhooks * (prices.HTTP_API_REQUEST + prices.LAMBDA_REQUEST)
    calls = day.events + 2 * day.events / 10
    yield "one message", DAYS * calls * prices.SQS_FIFO_REQUEST
    waits = day.windows * PORTAL_SECONDS + day.webhooks * AWS_SECONDS
    yield (
        "the portal's answer",
        DAYS * (day.windows * prices.LAMBDA_REQUEST + waits * smallest * prices.LAMBDA_GB_SECOND),
    )
    yield "what must be kept", DAYS * (day.changes + day.requests) * prices.WRITE_UNIT
    kept = (portal.clients * ROW_BYTES + ENTRIES * ENTRY_BYTES * day.changes * ENTRY_DAYS) / 1e9
    yield "its storage", kept * prices.TABLE_GB_MONTH
    polls = len(_queues()) * POLLERS * DAYS * 24 * 3600 / POLL_SECONDS
    yield "Lambda's polls and the alarms", polls * prices.SQS_FIFO_REQUEST + _alarms() * prices.ALARM_MONTH


def free(portal: Portal, day: Day) -> float:
    """What every account is given each month, for ever."""
    lines = dict(bill(portal, day))
    compute = min(DAYS * day.gb_seconds, prices.FREE_GB_SECONDS) * prices.LAMBDA_GB_SECOND
    requests = min(DAYS * (day.webhooks + day.windows), prices.FREE_LAMBDA_REQUESTS) * prices.LAMBDA_REQUEST
    messages = prices.FREE_SQS_REQUESTS * prices.SQS_FIFO_REQUEST
    alarms = min(_alarms(), prices.FREE_ALARMS) * prices.ALARM_MONTH + METRIC_HOURS / 24 * prices.METRIC_MONTH
    logs = min(lines["Logs"], prices.FREE_LOG_GB * prices.LOG_GB)
    kms = min(lines["KMS: secrets decrypted"], prices.FREE_KMS_REQUESTS * prices.KMS_REQUEST)
    return compute + requests + messages + alarms + logs + kms


def _gigabytes(portal: Portal, day: Day) -> float:
    journal = 2 * ENTRIES * ENTRY_BYTES * day.changes * ENTRY_DAYS
    return (2 * portal.clients * ROW_BYTES + journal) / 1e9


def _secrets(day: Day) -> float:
    """Decryptions a day: one or two per new container; a secret that did not change is only read, which is free."""
    return min(day.webhooks, 2 * AT_ONCE * (len(_queues()) + 2) * 24 / LIVES_HOURS)


def _queues() -> list[str]:
    resources = template()["Resources"]
    return [name for name in resources if name.endswith("Events") and resources[name]["Type"] == "AWS::SQS::Queue"]


def _alarms() -> int:
    resources = template()["Resources"].values()
    return sum(one["Type"] == "AWS::CloudWatch::Alarm" and "Condition" not in one for one in resources)


if __name__ == "__main__":
    main()
