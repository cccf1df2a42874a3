"""S9, T2: pauses as plain values, and why a timer stands still."""

from datetime import date, timedelta

import msgspec
import pytest
from crm_robots.robots.client_status.pauses import judged, taken
from crm_robots.robots.client_status.rules import Snooze
from crm_robots.robots.client_status.standing import Paused, Snoozed, paused, snoozed
from crm_robots.robots.client_status.timer import Pause, Timer
from crm_robots.shared.items import Item, ItemRef

from tests.support.client_status import DAY, PORTAL, ROBOT_USER, calendar

UNTIL, WHY = "UF_CRM_UNTIL", "UF_CRM_WHY"
CALENDAR = calendar(snooze=Snooze(UNTIL, WHY, 90))
HOT = Timer(status="hot", since=DAY)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def card(until: date | None, why: str = "В отпуске", author: int = 5) -> Item:
    fields = {UNTIL: until.isoformat() if until else "", WHY: why, "UPDATED_BY": author, "ASSIGNED_BY_ID": 6}
    return Item(ItemRef("company", 42), {**fields, "TITLE": "Ромашка"})


def paused_on(number: int, until: int) -> Timer:
    timer, _ = judged(card(day(until)), HOT, CALENDAR, PORTAL, day(number))
    return timer


def test_s9_the_days_that_were_left_go_on_after_the_pause():
    timer = paused_on(20, until=50)

    assert timer.pause == Pause(day(50), "В отпуске", day(50), 10, day(20))
    assert CALENDAR.due(timer) == day(60)
    assert CALENDAR.look_on(timer) == day(57)


def test_s9_s6_a_call_in_the_pause_never_shortens_it():
    timer = msgspec.structs.replace(paused_on(20, until=80), last_call=int(_noon(22)))

    assert CALENDAR.due(timer) == day(90)


def _noon(number: int) -> float:
    from tests.support.client_status import A_DAY, NOON

    return NOON + number * A_DAY


def test_s9_a_new_status_in_a_pause_has_all_its_days_after_it():
    timer = paused_on(20, until=50).renewed("warm", day(30))

    assert CALENDAR.due(timer) == day(80)


def test_s9_a_new_status_after_the_pause_has_nothing_to_do_with_it():
    timer = paused_on(20, until=50).renewed("warm", day(60))

    assert CALENDAR.due(timer) == day(90)
    assert judged(card(day(50)), timer, CALENDAR, PORTAL, day(61)) == (timer, [])


@pytest.mark.parametrize("until", [None, DAY, day(5)], ids=["none", "past", "today"])
def test_s9_a_date_that_is_over_is_no_pause_and_no_fault(until):
    timer, actions = judged(card(until, "Позвонить"), HOT, CALENDAR, PORTAL, day(5))

    assert actions == []
    assert CALENDAR.due(timer) == day(30)


def test_s9_a_call_begins_a_new_term_for_the_first_pause():
    called = msgspec.structs.replace(paused_on(0, until=60), last_call=int(_noon(70)))

    timer, actions = judged(card(day(150)), called, CALENDAR, PORTAL, day(75))
    assert actions == []
    assert timer.pause is not None
    assert timer.pause.first == day(75)


def test_s9_a_reason_that_is_taken_away_comes_back():
    timer = paused_on(20, until=50)

    after, (back, told) = judged(card(day(50), ""), timer, CALENDAR, PORTAL, day(25))
    assert after == timer
    assert back.fields == {UNTIL: day(50).isoformat(), WHY: "В отпуске"}
    assert told.user_id == 6


def test_s7_s9_the_webhooks_own_user_is_never_sent_back_but_without_a_reason_there_is_no_pause():
    timer, actions = judged(card(day(50), "", ROBOT_USER), HOT, CALENDAR, PORTAL, day(20))

    assert actions == []
    assert CALENDAR.due(timer) == day(30)


def test_s9_a_reindex_takes_a_good_pause_and_no_other():
    assert CALENDAR.due(taken(card(day(50)), HOT, CALENDAR, day(20))) == day(60)
    assert CALENDAR.due(taken(card(day(500)), HOT, CALENDAR, day(20))) == day(30)


def test_s9_with_working_days_the_pause_leaves_working_days():
    working = calendar(snooze=Snooze(UNTIL, WHY), count_days="working")
    timer = Timer(status="hot", since=date(2026, 3, 16))
    due = working.due(timer)
    after, _ = judged(card(date(2026, 5, 18)), timer, working, PORTAL, date(2026, 4, 20))
    assert due is not None
    assert working.due(after) == working.days.later(date(2026, 5, 18), working.days.between(date(2026, 4, 20), due))


@pytest.mark.parametrize(
    ("timer", "why"),
    [
        (msgspec.structs.replace(HOT, stopped="Целевой клиент — НЕТ"), "Клиент в стоп-листе: Целевой клиент — НЕТ."),
        (Timer(status="in_work", since=DAY, in_deal=True), "Открыта сделка."),
    ],
    ids=["stop-list", "deal"],
)
def test_t2_a_timer_that_stands_still_has_no_due_day_and_says_why(timer, why):
    assert CALENDAR.due(timer) is None
    assert paused(timer, DAY, "ru") == Paused(why)


def test_t2_a_pause_says_until_when_and_is_over_on_its_day():
    timer = paused_on(20, until=50)

    assert paused(timer, day(49), "ru") == Paused("В отпуске", day(50))
    assert paused(timer, day(50), "ru") is None
    assert paused(HOT, DAY, "ru") is None


def test_s9_the_heads_letter_counts_who_is_paused_and_nobody_else():
    busy = msgspec.structs.replace(paused_on(20, until=50), in_deal=True)
    stopped = msgspec.structs.replace(paused_on(20, until=50), stopped="Целевой клиент — НЕТ")
    timers = [("company:1", paused_on(20, until=50)), ("company:2", HOT), ("company:3", busy), ("company:4", stopped)]

    assert list(snoozed(timers, day(49))) == [Snoozed("company:1", day(50), "В отпуске")]
    assert list(snoozed(timers, day(50))) == []
