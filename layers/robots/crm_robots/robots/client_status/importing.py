"""`robots import`: statuses for many cards at once, written down before they are written to the portal (S7)."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import batched
from typing import Any

import msgspec
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from crm_robots.engine.executor import Failures
from crm_robots.portal.errors import Busy
from crm_robots.portal.items import to_item
from crm_robots.records.memory import Contended
from crm_robots.robots.client_status.administration import Refusal, Wish, fulfilled, wish
from crm_robots.robots.client_status.seen import Seen
from crm_robots.robots.client_status.texts import refused_row
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.window import Window
from crm_robots.shared.decision import Decision
from crm_robots.shared.items import ENTITY_TYPE_IDS, Item, ItemRef
from crm_robots.shared.plan import Cause, Record

HOLDER = "import"
_CHUNK = 1000
"""Rows that are read together: 20 commands of one request."""
_SIDE_BY_SIDE = 8
_PER_REQUEST = 50
_PATIENCE = 30
"""Seconds for which a card is asked for again that a robot is working on."""
_PORTAL_PATIENCE = 1800
"""Seconds for which an import waits while the portal is busy or down and nothing gets done."""
_LONGEST_PAUSE = 30

type Cells = Mapping[str, str]


class Outcome(msgspec.Struct):
    """What became of the rows so far."""

    rows: int = 0
    imported: int = 0
    refused: list[Refusal] = []


class Importing:
    """One file. Rows that cannot be fulfilled are skipped and told."""

    def __init__(
        self,
        window: Window,
        today: date,
        now: int,
        sleep: Callable[[float], None] = time.sleep,
        *,
        dry_run: bool = False,
        language: str = "en",
    ) -> None:
        """`language`: of the reasons for which rows are refused."""
        self._window = window
        self._dry_run = dry_run
        self._language = language
        self._today = today
        self._cause = Cause("import", "", now, run=f"import-{now}")
        self._sleep = sleep
        self._seen = Seen()
        self.outcome = Outcome()

    @property
    def run_name(self) -> str:
        """Under which name the journal keeps it."""
        return self._cause.run

    def run(self, rows: Iterable[tuple[int, Cells]], progress: Callable[[int], None]) -> Outcome:
        """Takes rows as they come, however many. Run again after a crash, it does what is missing."""
        for chunk in batched(rows, _CHUNK, strict=False):
            self._take(chunk)
            self.outcome.rows += len(chunk)
            progress(self.outcome.rows)
        self.outcome.refused.sort(key=lambda one: one.row)
        return self.outcome

    def _take(self, rows: Sequence[tuple[int, Cells]]) -> None:
        wishes: dict[str, Wish] = {}
        for row, cells in rows:
            wanted = wish(row, cells, self._window.rules, self._today, self._language)
            if isinstance(wanted, Wish) and not self._seen.add(wanted.card):
                wanted = self._refusal(wanted, "twice")
            if isinstance(wanted, Refusal):
                self.outcome.refused.append(wanted)
            else:
                wishes[str(wanted.card)] = wanted
        cards = self._cards(one.card for one in wishes.values())
        for item, wanted in list(wishes.items()):
            if wanted.card not in cards:
                self._refuse(wishes.pop(item), "none")
        if self._dry_run:
            self.outcome.imported += len(wishes)
        else:
            self._fulfil(wishes, cards)

    def _cards(self, refs: Iterable[ItemRef]) -> dict[ItemRef, Item]:
        ids: dict[str, list[int]] = {}
        for ref in refs:
            ids.setdefault(ref.kind, []).append(int(ref.id))
        found: dict[ItemRef, Item] = {}
        for kind, numbers in ids.items():
            rows = self._read(kind, numbers)
            found |= {card.ref: card for card in (to_item(kind, row) for row in rows.values())}
        return found

    def _read(self, kind: str, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
        """A busy portal is asked again until it answers, or for half an hour."""
        attempts = Retrying(
            retry=retry_if_exception_type(Busy),
            wait=wait_exponential(multiplier=2, max=_LONGEST_PAUSE),
            stop=stop_after_attempt(_PORTAL_PATIENCE // _LONGEST_PAUSE),
            sleep=self._sleep,
            reraise=True,
        )
        number, fields = ENTITY_TYPE_IDS[kind], self._window.rules.fields_of(kind)
        return attempts(self._window.portal.items, number, numbers, fields)

    def _fulfil(self, wishes: dict[str, Wish], cards: Mapping[ItemRef, Item]) -> None:
        waited = 0
        while wishes:
            records, failures = self._window.load(wishes)
            there = {item: record for item, record in records.items() if wishes[item].card in cards}
            failures |= self._perform([self._decided(record, wishes[item], cards) for item, record in there.items()])
            for item, record in there.items():
                if item not in failures:
                    self._settle(wishes.pop(item), record)
                    waited = 0
            busy = next((error for error in failures.values() if isinstance(error, Busy)), None)
            for error in failures.values():
                if not isinstance(error, Contended | Busy):
                    raise error
            if busy and waited >= _PORTAL_PATIENCE:
                raise busy
            if wishes and not busy and waited >= _PATIENCE:
                for wanted in wishes.values():
                    self._refuse(wanted, "busy")
                return
            if wishes:
                pause = min(2 + waited, _LONGEST_PAUSE) if busy else 2
                waited += pause
                self._sleep(pause)
                cards = self._cards(one.card for one in wishes.values())

    def _decided(self, record: Record, wanted: Wish, cards: Mapping[ItemRef, Item]) -> tuple[Record, Decision, Cause]:
        timer, card = record.remembered(Timer), cards[wanted.card]
        decision = fulfilled(wanted, card, timer, self._window.calendar, self._today)
        return record, decision, msgspec.structs.replace(self._cause, item=record.item)

    def _perform(self, decided: Sequence[tuple[Record, Decision, Cause]]) -> Failures:
        """One request for each fifty, several at a time."""
        failures: Failures = {}
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            for outcome in pool.map(self._window.perform, batched(decided, _PER_REQUEST, strict=False)):
                failures |= outcome
        return failures

    def _settle(self, wanted: Wish, record: Record) -> None:
        if record.remembered(Timer).status == wanted.status:
            self.outcome.imported += 1
        else:
            self._refuse(wanted, "refused")

    def _refuse(self, wanted: Wish, why: str) -> None:
        self.outcome.refused.append(self._refusal(wanted, why))

    def _refusal(self, wanted: Wish, why: str) -> Refusal:
        return Refusal(wanted.row, refused_row(self._language, why, kind=wanted.card.kind, id=wanted.card.id))
