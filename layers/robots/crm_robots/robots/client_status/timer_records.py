"""Timers as the executor's records: a row is written only over the version that was read, its plan in the same write.

Events of the card, its calls and its deals, the day's run and the administrator's commands all meet here. Their queues
do not separate them, so a function with an open plan holds the row for a while; the others come back later.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from crm_robots.engine.holding import HELD_SECONDS, contended, patience
from crm_robots.records.look_on import shard_of
from crm_robots.records.memory import Contended, to_plan
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.past import Past
from crm_robots.robots.client_status.timer import Calendar, Pause, Timer
from crm_robots.shared.plan import Record, to_json

ROBOT = "client-status"

type Row = dict[str, Any]


class TimerRecords:
    """Records of the timers table for one piece of work, under one version of the settings.

    `holder`: on whose behalf cards are worked on; empty: each on its own, as by its own events.
    """

    def __init__(
        self, table: TimersTable, calendar: Calendar, holder: str = "", clock: Callable[[], float] = time.time
    ) -> None:
        self._table = table
        self._calendar = calendar
        self._usual_holder = holder
        self._clock = clock
        self._holders: dict[str, str] = {}
        self._held: dict[str, float] = {}

    def load(self, items: Iterable[str], holders: Mapping[str, str] | None = None) -> dict[str, Record]:
        """Records of these cards; an empty one where there is no timer.

        `holders`: on whose behalf single cards are worked on: `deal:12`. Work of one holder never runs twice at a
        time, so an open plan of the same holder is a crashed try's.
        """
        wanted = list(dict.fromkeys(items))
        rows = self._table.rows(wanted)
        self._holders |= holders or {}
        return {item: self.record(rows[item]) if item in rows else Record(item, ROBOT) for item in wanted}

    def record(self, row: Row) -> Record:
        """One row as a record; its memory is a `Timer`."""
        record = _record(row)
        self._held.pop(record.item, None)
        if record.plan is not None and self._is_held(row):
            self._held[record.item] = patience(_held_until(row) - self._clock())
        return record

    def held(self, items: Iterable[str]) -> dict[str, Contended]:
        """Cards on which another function has an open plan: come back when it has finished."""
        return contended(self._held, items)

    def save(self, record: Record) -> None:
        """Writes the row and raises its version; raises `Contended` if it changed since it was read."""
        timer = record.remembered(Timer)
        values = self._values(record, timer)
        if record.version == 0 and timer.last_call:
            values["last_call"] = {"N": str(timer.last_call)}
        if not self._table.write(record.item, values, absent=_OPTIONAL - values.keys(), version=record.version):
            raise Contended(f"the timer of {record.item} was written by another function")
        record.version += 1

    def release(self, record: Record) -> None:
        """Releases the hold of a plan that could not be finished, so that the next function may continue it."""
        if record.plan is None or not record.version:
            return
        self._table.release(record.item, record.version, self._holder(record.item))

    def _holder(self, item: str) -> str:
        return self._holders.get(item) or self._usual_holder or item

    def _is_held(self, row: Row) -> bool:
        by = row.get("held_by", {}).get("S", "")
        return by not in ("", self._holder(row["item"]["S"])) and _held_until(row) > self._clock()

    def _values(self, record: Record, timer: Timer) -> Row:
        values: Row = {"version": {"N": str(record.version + 1)}, "status": {"S": timer.status}}
        days = {
            "since": timer.since,
            "warned_for": timer.warned_for,
            "anew": timer.anew,
            "look_on": self._calendar.look_on(timer),
        }
        values |= {name: {"S": day.isoformat()} for name, day in days.items() if day}
        if "look_on" in values:
            values["shard"] = {"S": shard_of(record.item)}
        if timer.in_deal:
            values["in_deal"] = {"BOOL": True}
        if timer.deal_ended:
            values["deal_ended"] = {"N": str(timer.deal_ended)}
        if timer.owed:
            values["owed"] = {"BOOL": True}
        texts = {
            "stopped": timer.stopped,
            "pause": to_json(timer.pause) if timer.pause else "",
            "past": to_json(timer.past) if timer.past != Past() else "",
        }
        values |= {name: {"S": text} for name, text in texts.items() if text}
        if record.plan is not None:
            values["plan"] = {"S": to_json(record.plan)}
            values["held_by"] = {"S": self._holder(record.item)}
            values["held_until"] = {"N": str(int(self._clock()) + HELD_SECONDS)}
        if record.last_ids:
            values["last_ids"] = {"S": to_json(record.last_ids)}
        if record.refusal:
            values["refusal"] = {"S": record.refusal}
        return values


def _held_until(row: Row) -> float:
    return float(row.get("held_until", {}).get("N", 0))


_OPTIONAL = {
    *("since", "warned_for", "look_on", "shard", "in_deal", "deal_ended", "owed"),
    *("stopped", "anew", "pause", "past"),
    *("plan", "held_by", "held_until", "last_ids", "refusal"),
}


def _record(row: Row) -> Record:
    timer = timer_of(row)
    return Record(
        item=row["item"]["S"],
        robot=ROBOT,
        version=int(row["version"]["N"]),
        memory=to_json(timer),
        plan=to_plan(row),
        last_ids=msgspec.json.decode(row["last_ids"]["S"]) if "last_ids" in row else {},
        refusal=row.get("refusal", {"S": ""})["S"],
    )


def timer_of(row: Row) -> Timer:
    """The timer that a row holds."""
    return Timer(
        status=row["status"]["S"],
        since=_day(row, "since"),
        last_call=int(row.get("last_call", {}).get("N", 0)),
        warned_for=_day(row, "warned_for"),
        in_deal=row.get("in_deal", {}).get("BOOL", False),
        deal_ended=int(row.get("deal_ended", {}).get("N", 0)),
        owed=row.get("owed", {}).get("BOOL", False),
        stopped=row.get("stopped", {}).get("S", ""),
        anew=_day(row, "anew"),
        pause=msgspec.json.decode(row["pause"]["S"], type=Pause) if "pause" in row else None,
        past=msgspec.json.decode(row["past"]["S"], type=Past) if "past" in row else Past(),
    )


def _day(row: Row, name: str) -> date | None:
    return date.fromisoformat(row[name]["S"]) if name in row else None
