"""Plans that a dead or a busy function left open, and several who find them at one moment."""

from types import SimpleNamespace
from typing import Any

from crm_robots.engine.holding import Holding
from crm_robots.portal.errors import Busy
from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import TimerRecords
from crm_robots.robots.client_status.window import Window
from crm_robots.robots.conversion.company_records import CompanyRecords
from crm_robots.shared.decision import Decision
from crm_robots.shared.plan import Cause, Plan, Record, to_json

from tests.support.client_status import PORTAL, RULES, calendar

ITEM = "contact:1"


def _window(table: TimersTable, resumed: list[str]) -> Window:
    tools: Any = SimpleNamespace(
        timers=table, portal=None, journal=None, has_time=lambda: True, stand_ins=lambda one: one, hands_off=None
    )
    window = Window(tools, RULES, PORTAL)
    executor: Any = SimpleNamespace(resume=lambda records: resumed.extend(one.item for one in records) or {})
    window.holding = Holding(window.timers, executor)
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
        failing: Any = SimpleNamespace(perform=lambda _, item=record.item: {item: Busy("batch")})
        window.holding = Holding(window.timers, failing)

        window.perform([(record, Decision({}), Cause("", "", 0))])

        kept[unanswered] = "held_by" in table.rows([record.item])[record.item]
    assert kept == {False: False, True: True}


def test_f4_a_companys_plan_is_its_functions_until_it_lets_go_or_is_dead(dynamodb: Any) -> None:
    """C11, F4; found by simulation, seed 156: requisite and account of one company both told what it lacks."""
    memory, item = MemoryTable(dynamodb, "MemoryTable"), "company:1"
    working = CompanyRecords(memory, "conversion", clock=lambda: 0.0)
    record = working.load({item: "requisite:1"})[item]
    record.plan = Plan(1, Cause("", "", 0), Decision({}))
    working.save(record)

    def is_held(holder: str, at: float) -> bool:
        other = CompanyRecords(memory, "conversion", clock=lambda: at)
        other.load({item: holder})
        return item in other.held([item])

    assert is_held("bankdetail:2", 5.0)
    assert not is_held("requisite:1", 5.0)
    assert not is_held("bankdetail:2", 151.0)
    working.release(record)
    assert not is_held("bankdetail:2", 5.0)
