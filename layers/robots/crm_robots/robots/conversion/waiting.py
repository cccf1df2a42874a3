"""Leads whose companies wait for the directory (C6): robots note them, the schedule brings them back to the queue."""

from collections.abc import Collection

import msgspec

from crm_robots.engine.rounds import Round
from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.shared.events import SCHEDULE, CrmEvent
from crm_robots.shared.plan import to_json

_ROBOT = "conversion"
_ITEM = "waiting"
_TRIES = 5


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


def wake(round_: Round) -> int:
    """Queues an event for every waiting lead; returns how many."""
    leads = round_.tools.memory.load(_ROBOT, [_ITEM])[_ITEM].remembered(Waiting).leads
    for lead in leads:
        round_.put([_ROBOT], CrmEvent(SCHEDULE, f"lead:{lead}", round_.firing.ts))
    return len(leads)
