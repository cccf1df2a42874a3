"""Timers that carry the day's news: a row holds what is to be told from the moment its plan is written down."""

from collections.abc import Iterable
from typing import Any

import msgspec

from crm_robots.engine.executor import Executor
from crm_robots.engine.holding import Holding
from crm_robots.engine.tools import Tools
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.client_status.timer_records import Row, TimerRecords
from crm_robots.robots.client_status.window import Window
from crm_robots.robots.daily.news import News
from crm_robots.shared.markup import from_wire
from crm_robots.shared.plan import Record, to_json

HOLDER = "daily-run"


class DayTimers(TimerRecords):
    """`news`: by card, as the row has it or as it will be written with the next save."""

    def __init__(self, tools: Tools, calendar: Calendar) -> None:
        super().__init__(tools.timers, calendar, HOLDER)
        self.news: dict[str, News] = {}

    def record(self, row: Row) -> Record:
        """See TimerRecords; notes the row's news."""
        record = super().record(row)
        if "news" in row:
            self.news[record.item] = msgspec.json.decode(row["news"]["S"], type=News, dec_hook=from_wire)
        return record

    def told(self, items: Iterable[str]) -> list[News]:
        """The news of these cards, as far as they came true."""
        rows = self._table.rows(items)
        records = [self.record(row) for row in rows.values()]
        return [news for record in records if (news := self.news_of(record))]

    def news_of(self, record: Record) -> News | None:
        """The news of a record, unless its plan is open, turned out otherwise, or the client was stopped since (L5)."""
        news, timer = self.news.get(record.item), record.remembered(Timer)
        if news is None or record.plan is not None or timer.stopped or not news.still_true(timer.status):
            return None
        return news

    def _values(self, record: Record, timer: Timer) -> Row:
        values: dict[str, Any] = super()._values(record, timer)
        if record.item in self.news:
            values["news"] = {"S": to_json(self.news[record.item])}
        return values


class DayWindow(Window):
    """The client-status robot's window, on behalf of the day's run."""

    timers: DayTimers

    def __init__(self, tools: Tools, rules: Any, portal_rules: Any) -> None:
        super().__init__(tools, rules, portal_rules, HOLDER)
        self.timers = DayTimers(tools, self.calendar)
        executor = Executor(
            tools.portal, self.timers, tools.journal, in_flight=tools.in_flight, hands_off=tools.hands_off
        )
        self.holding = Holding(self.timers, executor)
