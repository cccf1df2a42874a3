"""What alarms count: events that are late, webhooks that stopped coming."""

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from crm_robots.engine.silence import is_silent, working_hours
from crm_robots.records import batches
from crm_robots.records.queue import Message, oldest

MOSCOW = "Europe/Moscow"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(MOSCOW))


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2026-01-12T09:00", "2026-01-12T18:00", 9),
        ("2026-01-12T17:30", "2026-01-13T09:30", 1),
        ("2026-01-16T18:00", "2026-01-19T09:00", 0),
        ("2026-01-16T12:00", "2026-01-19T12:00", 9),
    ],
)
def test_working_hours_leave_out_nights_and_weekends(since, until, hours):
    assert working_hours(at(since), at(until), ZoneInfo(MOSCOW)) == hours


def test_section_10_a_working_day_without_an_event_is_trouble_and_a_weekend_is_none():
    """Section 10: an alarm asks for it."""
    assert is_silent(at("2026-01-12T09:00"), at("2026-01-12T18:00"), MOSCOW)
    assert is_silent(at("2024-01-12T09:00"), at("2026-01-12T18:00"), MOSCOW)
    assert not is_silent(at("2026-01-16T17:00"), at("2026-01-19T09:00"), MOSCOW)
    assert not is_silent(None, datetime(2026, 1, 12, tzinfo=UTC), MOSCOW)


def test_section_10_the_oldest_event_of_an_invocation_counts():
    sent = [Message("m", "r", "{}", "lead:1", 1, sent) for sent in (1000.0, 400.0, 0.0)]

    assert oldest(sent, 2000.0) == 1600.0
    assert oldest([], 2000.0) == 0.0


def test_what_dynamodb_had_no_time_for_is_asked_for_later_and_ever_later(monkeypatch):
    slept = []
    monkeypatch.setattr(batches, "time", SimpleNamespace(sleep=slept.append))
    left = [5]

    def reply(**asked):
        left[0] -= 1
        rows = asked["RequestItems"]
        return {"Responses": {}} | ({"UnprocessedKeys": rows, "UnprocessedItems": rows} if left[0] else {})

    client = SimpleNamespace(batch_get_item=reply, batch_write_item=reply)
    list(batches.read_rows(client, "t", [{"item": {"S": "lead:1"}}]))
    left[0] = 5
    batches.write_rows(client, "t", [{"item": {"S": "lead:1"}}])

    assert len(slept) == 8
    for waits in (slept[:4], slept[4:]):
        assert waits == sorted(waits)
        assert 0.02 < waits[0] < waits[-1] < 2
