"""`robots reindex`: reads every tracked card and puts its timer right."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import batched

import msgspec

from crm_robots.engine.executor import Failures
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.items import to_item
from crm_robots.portal.lists import Guess
from crm_robots.records.memory import Contended
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.administration import reindexed
from crm_robots.robots.client_status.cards import is_known
from crm_robots.robots.client_status.seen import Seen
from crm_robots.robots.client_status.settle import due_fields
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.client_status.timer_records import ROBOT, Row, TimerRecords, timer_of
from crm_robots.shared.actions import UpdateItem
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
    days: int = 0
    """Cards on which the day of the next change was wrong."""
    invisible: list[str] = []
    """Kinds of which the portal shows no card although there are timers: the webhook's rights are too few."""


class _Saved(msgspec.Struct, frozen=True):
    """What became of one card's timer."""

    item: str
    before: Timer
    after: Timer
    changed: bool = False


class Reindexing:
    """One run. What robots do meanwhile goes before what it does.

    `write`: brings the days on cards in line with their timers (S8). `known_only`: cards without a timer get none.
    """

    def __init__(
        self,
        portal: Bitrix24,
        table: TimersTable,
        calendar: Calendar,
        today: date,
        write: Callable[[Iterable[UpdateItem]], Failures] = lambda updates: {},
        *,
        known_only: bool = False,
    ) -> None:
        self._portal = portal
        self._table = table
        self._calendar = calendar
        self._today = today
        self._write = write
        self._known_only = known_only
        self._records = TimerRecords(table, calendar, "reindex")
        self._seen = Seen()
        self._pool = ThreadPoolExecutor(_SIDE_BY_SIDE)
        self.outcome = Outcome()

    def run(self, progress: Progress) -> Outcome:
        """Reads all cards, then looks for timers that none of them has. After a crash, starting over is going on."""
        expected = self._expected()
        coming = {number: guess.rows for number, guess in expected.items()}
        rules = self._calendar.rules
        fields = list(dict.fromkeys(name for kind in rules.entities for name in rules.fields_of(kind)))
        for number, rows, left in self._portal.item_pages(expected, ["id", *fields]):
            coming[number] = left
            cards = [to_item(KINDS[number], row) for row in rows]
            days = [update for chunk in batched(cards, _MOST_ROWS, strict=False) for update in self._put_right(chunk)]
            for error in (self._write(days) if days else {}).values():
                raise error
            self.outcome.days += len(days)
            progress(self.outcome.cards, self.outcome.cards + sum(coming.values()))
        for number, guess in expected.items():
            if guess.rows and not self._seen.any(KINDS[number]):
                self.outcome.invisible.append(KINDS[number])
        self._end_others()
        return self.outcome

    def _expected(self) -> dict[int, Guess]:
        """The timers of each tracked kind: a good guess at how many cards there will be, and up to which id."""
        counts = {ENTITY_TYPE_IDS[kind]: Guess() for kind in self._calendar.rules.entities}
        for rows in self._table.all():
            for row in rows:
                ref = ItemRef.parse(row["item"]["S"])
                if (known := counts.get(ref.entity_type_id)) is not None:
                    counts[ref.entity_type_id] = Guess(known.rows + 1, max(known.newest, int(ref.id)))
        return counts

    def _put_right(self, cards: Sequence[Item]) -> list[UpdateItem]:
        """A card that says something else than its timer is read again, after it: both may have changed just now.

        Returns the cards whose day is another than their timer's.
        """
        current = {str(card.ref): card for card in cards}
        for card in cards:
            self._seen.add(card.ref)
        rows = self._table.rows(current)
        wrong = [item for item, row in rows.items() if not is_known(current[item], timer_of(row), self._calendar)]
        current |= self._read(map(ItemRef.parse, wrong))
        saved = list(self._pool.map(lambda item: self._save(rows.get(item), current[item]), current))
        for one in filter(None, saved):
            self._count(one)
        self.outcome.cards += len(cards)
        return [update for one in saved if one and (update := self._day(current[one.item], one.after))]

    def _day(self, card: Item, timer: Timer) -> UpdateItem | None:
        wanted = due_fields(card, timer, self._calendar)
        old = {name: card.fields.get(name) for name in wanted}
        return UpdateItem(card.ref, wanted, old, rule="S8") if wanted else None

    def _read(self, refs: Iterable[ItemRef]) -> dict[str, Item]:
        """The cards as they are now; those that are gone are missing."""
        ids: dict[str, list[int]] = {}
        for ref in refs:
            ids.setdefault(ref.kind, []).append(int(ref.id))
        found: dict[str, Item] = {}
        for kind, numbers in ids.items():
            rows = self._portal.items(ENTITY_TYPE_IDS[kind], numbers, self._calendar.rules.fields_of(kind))
            found |= {f"{kind}:{number}": to_item(kind, row) for number, row in rows.items()}
        return found

    def _save(self, row: Row | None, card: Item) -> _Saved | None:
        """Writes the timer where it is wrong; None where it is somebody else's to write."""
        item = str(card.ref)
        record = self._records.record(row) if row else Record(item, ROBOT)
        timer = record.remembered(Timer)
        if record.plan is not None or (row is None and self._known_only):
            return None
        after = reindexed(card, timer, self._calendar, self._today)
        placed = row is None or row.get("look_on", {}).get("S") == _text(self._calendar.look_on(timer))
        if after == timer and placed:
            return _Saved(item, timer, timer)
        record.memory = to_json(after)
        try:
            self._records.save(record)
        except Contended:
            return None
        return _Saved(item, timer, after, changed=True)

    def _count(self, saved: _Saved) -> None:
        if not saved.changed:
            return
        if not saved.after.status:
            self.outcome.ended += 1
        elif not saved.before.status:
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
