"""The arithmetic behind the dollars; what is measured is made up here."""

import pytest
from crm_robots.robots.registry import ROBOTS

from bench.costs import SIZES, Portal, bill, day_of, floor, free
from bench.events import CASES

EVENTS = {
    f"{case.robot} {kind} {unit}": {"requests": 1.0, "stored": 2.0, "reads": 3.0}[unit]
    for case in CASES
    for kind in ("idle", "change", "idle flood", "flood")
    for unit in ("requests", "stored", "reads")
}
WORK = {"received": 2.0, "idle": 6.0, "change": 15.0}


def test_every_robot_is_on_the_bill():
    assert set(ROBOTS) == {case.robot for case in CASES}


def test_a_webhook_is_an_event_for_each_robot_that_wants_it():
    day = day_of(Portal(0, 1000, 1, 0.0), EVENTS, WORK)
    assert day.events == pytest.approx(1000 * (0.3 * 3 + 0.3 * 3 + 0.4 * 2))
    assert day.requests == pytest.approx(day.events * 1.05)
    assert day.reads == pytest.approx(3 * day.events)
    assert day.writes == pytest.approx(2 * day.events + day.requests)


def test_windows_save_requests_and_functions():
    lone, many = (day_of(Portal(0, 1000, window, 0.0), EVENTS, WORK) for window in (1, 10))
    assert many.windows == lone.windows / 10
    assert many.requests < lone.requests / 5
    assert many.gb_seconds < lone.gb_seconds


def test_a_portal_without_webhooks_pays_for_alarms_polls_and_storage_alone():
    portal = Portal(0, 0, 1, 0.0)
    paid = {what for what, dollars in bill(portal, day_of(portal, EVENTS, WORK)) if dollars > 0.01}
    assert paid == {"SQS: Lambda's polls of the empty queues", "Alarms and metrics"}


def test_bills_grow_with_the_portal():
    small, large = (sum(dict(bill(size, day_of(size, EVENTS, WORK))).values()) for size in SIZES)
    assert 0 < small < large < 100 * small


def test_the_floor_lies_below_the_bill_and_the_free_tier_within_it():
    for size in SIZES:
        day = day_of(size, EVENTS, WORK)
        total = sum(dict(bill(size, day)).values())
        assert 0 < sum(dict(floor(size, day)).values()) < total
        assert 0 < free(size, day) < total
