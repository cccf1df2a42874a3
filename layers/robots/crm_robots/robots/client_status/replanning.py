"""P5: when a status has other days, every timer that this concerns is planned anew."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from crm_robots.engine.tools import Tools
from crm_robots.portal.calls import portal_time
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.due_days import DueDays
from crm_robots.robots.client_status.reindexing import Reindexing
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar
from crm_robots.robots.client_status.timer_records import timer_of
from crm_robots.shared.plan import Cause

_SIDE_BY_SIDE = 8


def replan(table: TimersTable, calendar: Calendar) -> int:
    """Moves the days on which timers are looked at; returns how many. Going on after a crash is starting over."""
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        return sum(sum(pool.map(partial(_move, table), _wrong(rows, calendar))) for rows in table.all())


def take_over(tools: Tools, rules: ClientStatusRules, zone: str) -> None:
    """Timers under new rules, and the cards with them: their day (S8), the stop-list's marks (L5), pauses (S9)."""
    calendar, now = Calendar(rules, zone), portal_time(tools.portal, zone) or 0
    days = DueDays(tools.portal, tools.journal, in_flight=tools.in_flight)
    cause = Cause("settings", "", now, f"publish-{now}")
    table, today = tools.timers, calendar.today(now)
    Reindexing(tools.portal, table, calendar, today, lambda updates: days.write(updates, cause), known_only=True).run(
        lambda done, total: None
    )


def moving(table: TimersTable, calendar: Calendar) -> int:
    """How many timers `replan` would move; writes nothing."""
    return sum(1 for rows in table.all() for _ in _wrong(rows, calendar))


def _wrong(rows: list[dict[str, Any]], calendar: Calendar) -> Iterator[tuple[dict[str, Any], str]]:
    """Rows whose day is not that of the rules, with the right one; empty for none."""
    for row in rows:
        day = calendar.look_on(timer_of(row))
        wanted = day.isoformat() if day else ""
        if wanted != row.get("look_on", {}).get("S", ""):
            yield row, wanted


def _move(table: TimersTable, wrong: tuple[dict[str, Any], str]) -> bool:
    row, day = wrong
    item = row["item"]["S"]
    # Who wrote the row meanwhile planned it as well; the version stays, for nobody else's work is touched.
    return table.plan(item, row["version"], day)
