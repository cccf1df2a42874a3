from datetime import date, timedelta

import pytest
from crm_robots.records.memory import Contended
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import TimerRecords, timer_of
from crm_robots.shared.actions import AddComment
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Cause, Plan, to_json
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.client_status import A_DAY, DAY, NOON, calendar

CARD = "company:42"
HOT = Timer(status="hot", since=DAY)


@pytest.fixture
def table(dynamodb):
    return TimersTable(dynamodb, "TimersTable")


@pytest.fixture
def records(table):
    return TimerRecords(table, calendar(), clock=lambda: 0.0)


def put(records, timer, item=CARD):
    record = records.load([item])[item]
    record.memory = to_json(timer)
    records.save(record)
    return record


def kept(table, item=CARD):
    return timer_of(table.rows([item])[item])


def plan(timer):
    comment = AddComment(item=ItemRef.parse(CARD), text="hello")
    return Plan(1, Cause("ONCRMCOMPANYUPDATE", CARD, NOON), Decision(timer, step(comment)))


def opened(records):
    """A record whose plan is written down and not yet done."""
    record = put(records, HOT)
    record.plan = plan(HOT)
    records.save(record)
    return record


def test_s1_a_timer_is_kept_whole(table, records):
    timer = Timer(status="hot", since=DAY, last_call=NOON, warned_for=DAY, in_deal=True, deal_ended=NOON)

    put(records, timer)

    assert kept(table) == timer


def test_a_timer_that_loses_a_part_loses_it_in_the_table(table, records):
    put(records, Timer(status="hot", since=DAY, warned_for=DAY))
    put(records, Timer())

    assert kept(table) == Timer()
    assert "look_on" not in table.rows([CARD])[CARD]


def test_the_index_names_what_is_due(table, records):
    put(records, HOT, "company:1")
    put(records, Timer(status="lost", since=DAY), "company:2")
    put(records, Timer(status="hot", since=DAY - timedelta(days=90)), "contact:3")

    def due(day):
        return sorted(item for page in table.due(day) for item in page)

    assert due(date(2026, 3, 28)) == ["contact:3"]
    assert due(date(2026, 3, 29)) == ["company:1", "contact:3"]


def test_s6_a_call_is_noted_only_forwards_and_only_on_a_timer(table, records):
    assert not table.note_call(CARD, NOON)
    put(records, HOT)

    assert table.note_call(CARD, NOON)
    assert not table.note_call(CARD, NOON - A_DAY)
    assert kept(table).last_call == NOON


def test_a_call_and_a_change_at_once_are_both_kept(table, records):
    put(records, HOT)
    change = records.load([CARD])[CARD]

    table.note_call(CARD, NOON)
    change.memory = to_json(Timer(status="warm", since=DAY))
    records.save(change)

    assert kept(table) == Timer(status="warm", since=DAY, last_call=NOON)


def test_of_two_changes_at_once_the_second_must_read_anew(table, records):
    put(records, HOT)
    one, other = records.load([CARD])[CARD], records.load([CARD])[CARD]
    one.memory = to_json(Timer(status="warm", since=DAY))
    records.save(one)

    with pytest.raises(Contended):
        records.save(other)


def test_two_first_sights_at_once_leave_one_timer(table, records):
    one, other = records.load([CARD])[CARD], records.load([CARD])[CARD]
    one.memory = other.memory = to_json(HOT)
    records.save(one)

    with pytest.raises(Contended):
        records.save(other)


@given(turns=st.lists(st.integers(0, 2), min_size=4, max_size=20))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_writers_in_any_order_lose_nothing(table, records, turns):
    """Each turn a writer reads, or writes what it read a day later; only what `save` took may count."""
    table.remove(CARD)
    put(records, HOT)
    read, taken = {}, 0
    for writer in turns:
        if writer not in read:
            read[writer] = records.load([CARD])[CARD]
            continue
        record = read.pop(writer)
        record.memory = to_json(Timer(status="hot", since=record.remembered(Timer).since + timedelta(days=1)))
        try:
            records.save(record)
        except Contended:
            continue
        taken += 1

    assert kept(table).since == DAY + timedelta(days=taken)


def test_an_open_plan_holds_the_row_against_others_until_it_is_an_orphan(table):
    now = [0.0]
    mine = TimerRecords(table, calendar(), clock=lambda: now[0])
    others = TimerRecords(table, calendar(), clock=lambda: now[0])
    opened(mine)

    def held():
        others.load([CARD], {CARD: "deal:12"})
        return others.held([CARD])

    assert held()
    now[0] = 1000
    assert not held()


def test_f4_the_longer_a_plan_has_stood_the_longer_others_leave_it_alone(table):
    """F4: its maker is slow, or dead; nobody waits longer than the row is held."""
    now = [0.0]
    mine = TimerRecords(table, calendar(), clock=lambda: now[0])
    others = TimerRecords(table, calendar(), clock=lambda: now[0])
    opened(mine)
    waits = []
    for now[0] in (0.0, 10.0, 60.0, 140.0):
        others.load([CARD], {CARD: "deal:12"})
        waits.append(others.held([CARD])[CARD].retry_after)

    assert waits == [0, 5, 30, 10]


def test_a_retry_on_the_same_behalf_may_go_on_at_once(table, records):
    opened(records)

    again = TimerRecords(table, calendar(), clock=lambda: 0.0)
    assert again.load([CARD])[CARD].plan is not None
    assert not again.held([CARD])


def test_whoever_cannot_finish_lets_go(table, records):
    record = opened(records)
    records.release(record)

    others = TimerRecords(table, calendar(), clock=lambda: 0.0)
    assert others.load([CARD], {CARD: "daily"})[CARD].plan is not None
    assert not others.held([CARD])


def test_f3_a_removed_card_takes_its_timer_along(table, records):
    put(records, HOT)
    table.remove(CARD)

    assert table.rows([CARD]) == {}
