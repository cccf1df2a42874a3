"""R3: who is away, in every spelling that the portal has for it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from crm_robots.portal.absence import absence_questions, absences
from crm_robots.portal.commands import Reply
from crm_robots.portal.errors import AccessLost, Busy, Refused

NOON = datetime(2026, 1, 12, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))


def by_messenger(absent: Any, **more: Any) -> frozenset[int]:
    return absences({"away_im5": Reply([{"id": 5, "absent": absent, **more}])}, NOON).away


def by_calendar(**event: Any) -> frozenset[int]:
    entry = {"ACCESSIBILITY": "absent", "DT_SKIP_TIME": "N"} | event
    return absences({"away_calendar5": Reply({"5": [entry], "6": []})}, NOON).away


def moments(start: datetime, end: datetime) -> dict[str, str]:
    return {"DATE_FROM_TS_UTC": str(int(start.timestamp())), "DATE_TO_TS_UTC": str(int(end.timestamp()))}


@pytest.mark.parametrize(
    ("absent", "is_away"),
    [
        (False, False),
        ("", False),
        ("2026-01-20T00:00:00+03:00", True),
        ("2026-01-12T09:00:00+03:00", False),
        ("2026-01-12", False),
        ("до понедельника", True),
    ],
)
def test_r3_the_messenger_tells_until_when(absent, is_away):
    assert bool(by_messenger(absent)) is is_away


def test_r3_an_account_that_was_closed_a_minute_ago_is_away():
    assert by_messenger(False, active=False) == {5}


def test_r3_the_messenger_may_answer_with_a_map():
    assert absences({"away_im5": Reply({"5": {"id": "5", "absent": "2026-02-01"}})}, NOON).away == {5}


@pytest.mark.parametrize(
    ("first", "last", "is_away"),
    [("12.01.2026", "12.01.2026", True), ("05.01.2026", "11.01.2026", False), ("01.01.2026", "31.01.2026", True)],
)
def test_r3_whole_days_include_the_last(first, last, is_away):
    days = {"DT_SKIP_TIME": "Y", "DATE_FROM": f"{first} 00:00:00", "DATE_TO": f"{last} 00:00:00"}
    noise = moments(datetime(2026, 1, 1, tzinfo=NOON.tzinfo), datetime(2026, 1, 2, tzinfo=NOON.tzinfo))
    assert bool(by_calendar(**days, **noise)) is is_away


@pytest.mark.parametrize(("day", "is_away"), [(11, False), (12, True), (13, False)])
def test_r3_an_absence_of_some_hours_counts_on_its_day_in_the_portals_zone(day, is_away):
    start = datetime(2026, 1, day, 0, 30, tzinfo=NOON.tzinfo)
    assert bool(by_calendar(**moments(start, start.replace(hour=3)))) is is_away


def test_r3_an_absence_until_midnight_does_not_reach_the_next_day():
    start = datetime(2026, 1, 11, 9, 0, tzinfo=NOON.tzinfo)
    assert by_calendar(**moments(start, datetime(2026, 1, 12, 0, 0, tzinfo=NOON.tzinfo))) == frozenset()


def test_r3_busy_is_not_absent():
    day = NOON.replace(hour=0)
    assert by_calendar(ACCESSIBILITY="busy", **moments(day, NOON)) == frozenset()


def test_r3_a_missing_scope_says_nothing_and_that_is_known():
    lost = AccessLost("calendar.accessibility.get", right='scope "calendar"')
    refused = {"away_calendar5": Reply(error=lost), "away_im5": Reply(error=Refused("im.user.list.get"))}

    assert not absences(refused, NOON).known
    assert absences({**refused, "away_im5": Reply([])}, NOON).known
    assert absences({}, NOON).known


def test_r3_a_busy_portal_is_asked_again_rather_than_drawn_blindly():
    with pytest.raises(Busy):
        absences({"away_im5": Reply(error=Busy("im.user.list.get"))}, NOON)


def test_many_people_are_asked_about_in_hundreds():
    questions = absence_questions(list(range(1, 151)), NOON)
    assert [len(one.params.get("users", one.params.get("ID"))) for one in questions.values()] == [100, 100, 50, 50]
    assert questions["away_calendar1"].params["from"] == "2026-01-12"


@pytest.mark.parametrize(
    ("first", "last", "is_away"), [(10, 12, True), (12, 12, True), (12, 14, True), (9, 11, False), (13, 14, False)]
)
@pytest.mark.parametrize("named", [True, False])
def test_r3_rows_of_the_absence_chart_count_with_their_last_day(first, last, is_away, named):
    start, end = (datetime(2026, 1, day, tzinfo=NOON.tzinfo) for day in (first, last))
    row = {"FROM_HR": True, "ACCESSIBILITY": "absent", "FROM": int(start.timestamp()), "TO": int(end.timestamp())}
    row |= {"DT_FROM": f"{start:%d.%m.%Y}", "DT_TO": f"{end:%d.%m.%Y}"} if named else {}
    assert bool(absences({"away_calendar5": Reply({"5": [row]})}, NOON).away) is is_away
