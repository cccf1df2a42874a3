"""`robots reindex`: reads every tracked card and puts its timer right."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import batched

import msgspec

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.items import to_item
from crm_robots.records.memory import Contended
from crm_robots.records.timer_records import ROBOT, Row, TimerRecords, timer_of
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.administration import reindexed
from crm_robots.robots.client_status.cards import status_of
from crm_robots.robots.client_status.seen import Seen
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.shared.items import ENTITY_TYPE_IDS, KINDS, Item, ItemRef
from crm_robots.shared.plan import Record, to_json

_MOST_ROWS = 100
"""DynamoDB reads no more at a time."""
_SIDE_BY_SIDE = 10
"""As many connections as a client of AWS keeps."""

type Progress = Callable[[int, int], None]
"""Told how many cards are done, and how many there are."""


class Outcome(msgspec.Struct):
    """What a run has done so far."""

    cards: int = 0
    started: int = 0
    """Timers for statuses that had none."""
    changed: int = 0
    """Timers whose card shows another status, or whose day was wrong."""
    ended: int = 0
    """Timers of cards that have no status, are gone, or are no longer tracked."""
    invisible: list[str] = []
    """Kinds of which the portal shows no card although there are timers: the webhook's rights are too few."""


class Reindexing:
    """One run. What robots do meanwhile goes before what it does."""

    def __init__(self, portal: Bitrix24, table: TimersTable, calendar: Calendar, today: date) -> None:
        self._portal = portal
        self._table = table
        self._calendar = calendar
        self._today = today
        self._records = TimerRecords(table, calendar, "reindex")
        self._seen = Seen()
        self._pool = ThreadPoolExecutor(_SIDE_BY_SIDE)
        self.outcome = Outcome()

    def run(self, progress: Progress) -> Outcome:
        """Reads all cards, then looks for timers that none of them has. After a crash, starting over is going on."""
        expected = self._expected()
        coming = dict(expected)
        for number, rows, left in self._portal.item_pages(expected, ["id", self._calendar.rules.status_field]):
            coming[number] = left
            cards = [to_item(KINDS[number], row) for row in rows]
            for chunk in batched(cards, _MOST_ROWS, strict=False):
                self._put_right(chunk)
            progress(self.outcome.cards, self.outcome.cards + sum(coming.values()))
        for number, count in expected.items():
            if count and not self._seen.any(KINDS[number]):
                self.outcome.invisible.append(KINDS[number])
        self._end_others()
        return self.outcome

    def _expected(self) -> dict[int, int]:
        """How many timers there are of each tracked kind: a good guess at how many cards there will be."""
        counts = {ENTITY_TYPE_IDS[kind]: 0 for kind in self._calendar.rules.entities}
        for rows in self._table.all():
            for row in rows:
                number = ItemRef.parse(row["item"]["S"]).entity_type_id
                if number in counts:
                    counts[number] += 1
        return counts

    def _put_right(self, cards: Sequence[Item]) -> None:
        """A card whose timer knows another status is read again, after its timer: both may have changed just now."""
        statuses = {str(card.ref): status_of(card, self._calendar) for card in cards}
        for card in cards:
            self._seen.add(card.ref)
        rows = self._table.rows(statuses)
        wrong = [item for item, row in rows.items() if row["status"]["S"] != statuses[item]]
        statuses |= self._read(map(ItemRef.parse, wrong))
        saved = self._pool.map(lambda item: self._save(rows.get(item), item, statuses[item]), statuses)
        for change in filter(None, saved):
            self._count(*change)
        self.outcome.cards += len(cards)

    def _read(self, refs: Iterable[ItemRef]) -> dict[str, str]:
        """The statuses of cards; those that are gone are missing."""
        ids: dict[str, list[int]] = {}
        for ref in refs:
            ids.setdefault(ref.kind, []).append(int(ref.id))
        found: dict[str, str] = {}
        for kind, numbers in ids.items():
            rows = self._portal.items(ENTITY_TYPE_IDS[kind], numbers, [self._calendar.rules.status_field])
            found |= {f"{kind}:{number}": status_of(to_item(kind, row), self._calendar) for number, row in rows.items()}
        return found

    def _save(self, row: Row | None, item: str, status: str) -> tuple[Timer, Timer] | None:
        """Writes the timer where it is wrong; returns it before and after."""
        record = self._records.record(row) if row else Record(item, ROBOT)
        timer = record.remembered(Timer)
        after = reindexed(status, timer, self._today)
        placed = row is None or row.get("look_on", {}).get("S") == _text(self._calendar.look_on(timer))
        if record.plan is not None or (after == timer and placed):
            return None
        record.memory = to_json(after)
        try:
            self._records.save(record)
        except Contended:
            return None
        return timer, after

    def _count(self, before: Timer, after: Timer) -> None:
        if not after.status:
            self.outcome.ended += 1
        elif not before.status:
            self.outcome.started += 1
        else:
            self.outcome.changed += 1

    def _end_others(self) -> None:
        """Timers of cards that were not seen. A card may have been made since its page was read, so it is asked for."""
        tracked = self._calendar.rules.entities
        for rows in self._table.all():
            refs = [ItemRef.parse(row["item"]["S"]) for row in rows if timer_of(row).status]
            unseen = [ref for ref in refs if ref not in self._seen and ref.kind not in self.outcome.invisible]
            there = self._read(ref for ref in unseen if ref.kind in tracked)
            for ref in unseen:
                if str(ref) not in there:
                    self._table.remove(str(ref))
                    self.outcome.ended += 1


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
