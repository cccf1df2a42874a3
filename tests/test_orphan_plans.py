"""Plans on timers that a dead function left open, and several who find them at one moment."""

from types import SimpleNamespace
from typing import Any

from crm_robots.portal.errors import Busy
from crm_robots.records.memory import Contended
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import TimerRecords
from crm_robots.robots.client_status.window import Window
from crm_robots.shared.decision import Decision
from crm_robots.shared.plan import Cause, Plan, Record, to_json

from tests.support.client_status import PORTAL, RULES, calendar

ITEM = "contact:1"


def _window(table: TimersTable, resumed: list[str]) -> Window:
    tools: Any = SimpleNamespace(timers=table, portal=None, journal=None, has_time=lambda: True)
    window = Window(tools, RULES, PORTAL)
    window.executor = SimpleNamespace(resume=lambda records: resumed.extend(one.item for one in records) or {})  # type: ignore[assignment]
    return window


def test_of_two_who_find_a_dead_functions_plan_one_goes_on(dynamodb: Any) -> None:
    """F4; found by simulation, seed 657: two deals of one client both wrote that a third one was closed."""
    table = TimersTable(dynamodb, "TimersTable")
    dead = TimerRecords(table, calendar(), "deal:1", clock=lambda: 0.0)
    dead.save(Record(ITEM, "client-status", memory=to_json(Timer()), plan=Plan(1, Cause("", "", 0), Decision({}))))
    resumed: list[str] = []
    first, second = _window(table, resumed), _window(table, resumed)

    seen = first.timers.load([ITEM], {ITEM: "deal:2"})
    _, failures = second.load([ITEM], {ITEM: "deal:3"})
    first.timers.load = lambda *_: seen  # type: ignore[method-assign]
    _, late = first.load([ITEM], {ITEM: "deal:2"})

    assert failures == {}
    assert isinstance(late[ITEM], Contended)
    assert resumed == [ITEM]


def test_f4_a_plan_that_had_no_answer_stays_held_and_any_other_is_let_go(dynamodb: Any) -> None:
    """F4: another event of the client would look for it while the portal is still at it."""
    table = TimersTable(dynamodb, "TimersTable")
    kept = {}
    for unanswered in (False, True):
        window = _window(table, [])
        plan = Plan(1, Cause("", "", 0), Decision({}), unanswered=unanswered)
        record = Record(f"contact:{int(unanswered)}", "client-status", memory=to_json(Timer()), plan=plan)
        window.timers.save(record)
        window.executor = SimpleNamespace(perform=lambda _, item=record.item: {item: Busy("batch")})  # type: ignore[assignment]

        window.perform([(record, Decision({}), Cause("", "", 0))])

        kept[unanswered] = "held_by" in table.rows([record.item])[record.item]
    assert kept == {False: False, True: True}
