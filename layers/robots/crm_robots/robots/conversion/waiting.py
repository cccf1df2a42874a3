"""Leads whose companies wait for the directory (C6): robots note them, the schedule brings them back to the queue."""

from collections.abc import Collection
from typing import Any

import msgspec

from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.plan import to_json

_ROBOT = "conversion"
_ITEM = "waiting"
_TRIES = 5
EVENT = "SCHEDULE"
"""What the journal names as the cause, in place of a webhook's event."""


class Waiting(msgspec.Struct, frozen=True):
    """Ids of leads."""

    leads: tuple[int, ...] = ()


def note(table: MemoryTable, waiting: Collection[int], settled: Collection[int]) -> None:
    """Remembers who waits, and who no longer does. Several functions may do so at the same time."""
    for last_try in (*[False] * _TRIES, True):
        record = table.load(_ROBOT, [_ITEM])[_ITEM]
        leads = set(record.remembered(Waiting).leads)
        wanted = (leads | set(waiting)) - set(settled)
        if wanted == leads:
            return
        record.memory = to_json(Waiting(tuple(sorted(wanted))))
        try:
            table.save(record)
        except Contended:
            if last_try:
                raise
        else:
            return


def wake(table: MemoryTable, sqs: Any, queue_url: str, ts: int) -> int:
    """Queues an event for every waiting lead; returns how many. `ts` is the schedule's time."""
    record = table.load(_ROBOT, [_ITEM])[_ITEM]
    leads = record.remembered(Waiting).leads
    for lead in leads:
        event = CrmEvent(EVENT, f"lead:{lead}", ts)
        sqs.send_message(
            QueueUrl=queue_url,
            MessageBody=msgspec.json.encode(event).decode(),
            MessageGroupId=event.item,
            MessageDeduplicationId=f"{EVENT}-{lead}-{ts}",
        )
    return len(leads)
