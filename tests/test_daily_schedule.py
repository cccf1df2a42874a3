"""D1: which firing runs which day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from crm_robots.robots.daily.schedule import Run, RunLog, due_run, may_tell
from crm_robots.shared.firing import Firing
from hypothesis import given
from hypothesis import strategies as st

ZONE = "Europe/Moscow"
MARCH_2, MARCH_5 = date(2026, 3, 2), date(2026, 3, 5)


def ts(day: int, at: str) -> int:
    """A moment of March in Moscow."""
    hour, minute = map(int, at.split(":"))
    return int(datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp()) - 3 * 3600


def due(log: RunLog, day: int, at: str, **more: bool) -> date | None:
    run = due_run(log, Firing(ts(day, at), **more), "09:00", ZONE)
    return run.day if run else None


@pytest.mark.parametrize(
    ("log", "day", "at", "expected"),
    [
        (RunLog(), 2, "08:45", None),
        (RunLog(), 2, "09:00", MARCH_2),
        (RunLog(), 2, "23:45", MARCH_2),
        (RunLog((MARCH_2,)), 2, "09:15", None),
        (RunLog((MARCH_2,)), 3, "08:45", None),
        (RunLog((MARCH_2,)), 3, "09:00", date(2026, 3, 3)),
        (RunLog((MARCH_2,)), 6, "08:45", MARCH_5),  # missed days are made up at the next firing, as one
        (RunLog((MARCH_2,)), 6, "09:00", date(2026, 3, 6)),
        (RunLog((MARCH_5,)), 6, "08:45", None),
    ],
)
def test_d1_a_firing_and_its_day(log, day, at, expected):
    assert due(log, day, at) == expected


@pytest.mark.parametrize(
    ("firing", "at", "may"),
    [
        (Firing(ts(2, "08:45")), "09:00", False),
        (Firing(ts(2, "09:00")), "09:00", True),
        (Firing(ts(2, "07:00"), now=True), "09:00", True),
        (Firing(ts(2, "00:00")), "23:50", True),
        (Firing(ts(2, "00:00")), "23:45", False),
    ],
)
def test_d5_people_are_told_not_earlier_than_the_time_unless_it_never_comes(firing, at, may):
    """D5: a time after the day's last firing at 23:45 is told at midnight."""
    assert may_tell(firing, at, ZONE) is may


def test_d1_the_portals_day_counts_not_utcs():
    run = due_run(RunLog(), Firing(ts(2, "23:30")), "00:15", "Asia/Vladivostok")
    assert run.day == date(2026, 3, 3)


def test_d1_an_administrator_need_not_wait_for_the_time():
    assert due(RunLog(), 2, "07:00", now=True, by_hand=True) == MARCH_2
    assert due(RunLog((MARCH_2,)), 2, "09:00") is None


def test_d1_the_schedule_never_goes_back_and_an_administrator_may():
    assert due(RunLog((MARCH_5,)), 3, "09:00") is None
    assert due(RunLog((MARCH_5,)), 3, "09:00", by_hand=True) == date(2026, 3, 3)


def test_d7_a_cut_off_run_goes_on_the_same_day_with_its_own_time():
    log = RunLog().begun(Run(MARCH_2, ts(2, "09:00")))
    run = due_run(log, Firing(ts(2, "15:00")), "09:00", ZONE)
    assert run == Run(MARCH_2, ts(2, "09:00"))


def test_d7_and_the_next_day_it_becomes_part_of_that_days_run():
    log = RunLog().begun(Run(MARCH_2, ts(2, "09:00")))
    run = due_run(log, Firing(ts(3, "09:00")), "09:00", ZONE)
    assert run.day == date(2026, 3, 3)
    assert log.begun(run).news_since == MARCH_2


@given(st.lists(st.tuples(st.integers(0, 20_000), st.booleans()), max_size=60))
def test_d1_any_firings_give_each_day_at_most_one_run_in_order(steps):
    """Steps: minutes until the next firing, and whether its run was cut off."""
    log, now, done = RunLog(), ts(1, "00:00"), []
    for minutes, cut_off in steps:
        now += minutes * 60
        run = due_run(log, Firing(now), "09:00", ZONE)
        if run is None:
            continue
        log = log.begun(run)
        today = datetime.fromtimestamp(now, UTC) + timedelta(hours=3)
        assert run.day == (today.date() if today.hour >= 9 else today.date() - timedelta(days=1)) or log.current == run
        if not cut_off:
            done.append(run.day)
            log = log.finished()
    assert done == sorted(set(done))
