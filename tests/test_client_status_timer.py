from datetime import UTC, date, datetime, timedelta

import pytest
from crm_robots.robots.client_status.days import Days, counted, day_of
from crm_robots.robots.client_status.rules import CallRules, Status, WarningRules
from crm_robots.robots.client_status.timer import Term, Timer

from tests.support.client_status import A_DAY, DAY, NOON, RULES, calendar

HOT = Timer(status="hot", since=DAY)


def test_s1_a_status_is_due_after_its_days():
    assert calendar().term(HOT) == Term(DAY, date(2026, 4, 1))


@pytest.mark.parametrize("status", ["in_work", "lost", "", "item:91"])
def test_s1_a_status_without_days_is_never_due(status):
    assert calendar().term(Timer(status=status, since=DAY)) is None
    assert calendar().look_on(Timer(status=status, since=DAY)) is None


def test_s1_working_days_leave_out_weekends_and_holidays():
    # Monday, May 9th, 2022 was a holiday in Russia; so was Tuesday, the 10th.
    days = counted("working", "RU")

    assert days.later(date(2022, 5, 6), 1) == date(2022, 5, 11)
    assert days.earlier(date(2022, 5, 11), 1) == date(2022, 5, 6)


@pytest.mark.parametrize("days", [Days(), Days(holidays={DAY + timedelta(days=2)})])
def test_a_day_and_back_never_comes_out_late(days):
    for number in range(1, 30):
        assert days.earlier(days.later(DAY, number), number) >= DAY


def test_s1_days_are_those_of_the_portals_zone():
    late = datetime(2026, 3, 1, 22, tzinfo=UTC).timestamp()

    assert day_of(late, "Europe/Moscow") == date(2026, 3, 2)
    assert day_of(late, "Europe/London") == date(2026, 3, 1)


def test_s6_a_call_starts_the_days_anew():
    assert calendar().term(Timer(status="hot", since=DAY, last_call=NOON + 5 * A_DAY)) == Term(
        date(2026, 3, 7), date(2026, 4, 6)
    )


def test_s6_a_call_never_shortens_the_days():
    assert calendar().term(Timer(status="hot", since=DAY, last_call=NOON - 5 * A_DAY)) == calendar().term(HOT)


def test_s6_a_call_moves_nothing_without_reset_timer():
    stubborn = calendar(calls=CallRules(reset_timer=False))

    assert stubborn.term(Timer(status="hot", since=DAY, last_call=NOON + A_DAY)) == calendar().term(HOT)


def test_s5_an_open_deal_stops_the_days_even_if_in_work_has_some():
    statuses = (RULES.statuses[0], Status("in_work", "В работе", 5), *RULES.statuses[2:])

    assert calendar(statuses=statuses).term(Timer(status="in_work", since=DAY, in_deal=True)) is None
    assert calendar(statuses=statuses).term(Timer(status="in_work", since=DAY)) is not None


def test_d3_the_day_looks_when_the_warning_is_near_and_after_it_when_the_status_is_due():
    assert calendar().look_on(HOT) == date(2026, 3, 29)
    assert calendar().look_on(Timer(status="hot", since=DAY, warned_for=DAY)) == date(2026, 4, 1)


def test_d3_without_warnings_the_day_looks_when_the_status_is_due():
    assert calendar(warning=WarningRules("", None)).look_on(HOT) == date(2026, 4, 1)


def test_d3_a_term_shorter_than_the_warning_is_looked_at_from_its_start():
    assert calendar(warning=WarningRules("", 60)).look_on(HOT) == DAY


def test_d3_a_warning_counts_for_its_own_term_only():
    called = Timer(status="hot", since=DAY, warned_for=DAY, last_call=NOON + 28 * A_DAY)

    assert calendar().look_on(called) == date(2026, 4, 26)


def test_an_item_that_people_added_to_the_dropdown_is_a_status_of_its_own():
    assert RULES.code_of("company", "91") == "item:91"
    assert RULES.value_of("company", "item:91") == 91


@pytest.mark.parametrize("value", [None, "", 0, "0", [], False])
def test_s2_an_empty_field_is_no_status(value):
    assert RULES.code_of("company", value) == ""


@pytest.mark.parametrize("value", [102, "102", [102], ["102"]])
def test_a_status_is_read_in_every_spelling(value):
    assert RULES.code_of("company", value) == "hot"


def test_s12_a_working_saturday_counts_and_a_transferred_holiday_does_not():
    # In Russia 1 November 2025 was a working Saturday, and 3 November a day off for it.
    days = counted("working", "RU")

    assert days.later(date(2025, 10, 31), 1) == date(2025, 11, 1)
    assert days.later(date(2025, 11, 1), 1) == date(2025, 11, 5)
    assert days.between(date(2025, 10, 31), date(2025, 11, 5)) == 2
    assert days.earlier(date(2025, 11, 5), 1) == date(2025, 11, 1)
