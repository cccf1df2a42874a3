"""The bucket's arithmetic, for one process and for many that share a table."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from crm_robots.engine.shared_limiter import SharedLimiter
from crm_robots.portal.errors import Busy
from crm_robots.portal.limiter import LONGEST_PAUSE, Bucket, LocalLimiter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.clock import NOW, Clock, most_at_once

WEBHOOK = "https://acme.bitrix24.example/rest/7/s3cr3tc0de/"


class Item:
    """The limiter's item with the three updates that are ever made to it; test_aws_limiter_state uses moto."""

    def __init__(self):
        self.values, self.writes, self.down = {}, 0, False

    def update_item(self, **ask):
        if self.down:
            raise EndpointConnectionError(endpoint_url="x")
        self.writes += 1
        given = {name: int(value["N"]) for name, value in ask["ExpressionAttributeValues"].items()}
        name = ask.get("ExpressionAttributeNames", {}).get("#name", "full_until")
        old = self.values.get(name)
        if ":until" in given:
            holds, new = old is None or old < given[":until"], given[":until"]
        elif ":next" in given:
            holds = old is None or old <= given[":now"] or old > given[":most"]
            new = given[":next"]
        else:
            holds = old is not None and given[":now"] <= old <= given[":horizon"]
            new = (old or 0) + given[":spacing"]
        if not holds:
            error = {"Error": {"Code": "ConditionalCheckFailedException"}, "Item": self.item()}
            raise ClientError(error, "UpdateItem")
        self.values[name] = new
        return {"Attributes": self.item()}

    def item(self):
        return {"key": {"S": "x"}} | {name: {"N": str(value)} for name, value in self.values.items()}


def shared(item, clock, **kwargs):
    return SharedLimiter(item, "Limiter", WEBHOOK, clock=clock, sleep=clock.sleep, **kwargs)


def local(_item, clock, **kwargs):
    return LocalLimiter(clock=clock, sleep=clock.sleep, **kwargs)


arrivals = st.lists(
    st.tuples(st.sampled_from([0, 0, 0, 0.01, 0.3, 0.6, 5, 40]), st.integers(0, 3), st.booleans()),
    min_size=60,
    max_size=160,
)


@given(arrivals)
@settings(max_examples=40, deadline=None)
def test_d8_functions_together_never_fill_the_portals_bucket(requests):
    """D8: any number of limiters, webhooks and background work mixed: never more than 50 + 2 t in any window."""
    item, moment, sent = Item(), NOW, []
    clocks = [Clock() for _ in range(4)]
    limiters = [shared(item, clock, patience=300, background_patience=300) for clock in clocks]
    for pause, who, background in requests:
        moment += pause
        clocks[who].now = moment
        limiters[who].wait({"crm.item.get"}, background=background)
        sent.append(clocks[who].now)
    assert most_at_once(sent) <= 0


@pytest.mark.parametrize("make", [local, shared])
def test_a_lone_request_leaves_at_once(make):
    clock = Clock()
    make(Item(), clock).wait({"crm.item.get"})
    assert clock.now == NOW


@pytest.mark.parametrize("make", [local, shared])
def test_a_bulk_gets_the_burst_and_then_two_a_second(make):
    clock = Clock()
    limiter = make(Item(), clock)
    for _ in range(148):
        limiter.wait({"crm.item.update"})
    assert 49 < clock.now - NOW < 52


def test_a_lone_event_costs_one_write():
    item, clock = Item(), Clock()
    limiter = shared(item, clock)
    for seconds in (0, 0.1, 0.7, 60, 3600):
        clock.now += seconds
        limiter.wait({"crm.item.get"})
    assert item.writes == 5


@pytest.mark.parametrize("make", [local, shared])
def test_d8_background_work_leaves_half_of_the_burst_to_webhooks(make):
    item, clock = Item(), Clock()
    limiter = make(item, clock)
    for _ in range(40):
        limiter.wait({"crm.item.update"}, background=True)
    began = clock.now
    for _ in range(24):
        limiter.wait({"crm.item.get"})
    assert clock.now == pytest.approx(began, abs=0.01)


@pytest.mark.parametrize("make", [local, shared])
def test_f1_a_full_bucket_is_raised_when_the_turn_is_far_away(make):
    clock = Clock()
    limiter = make(Item(), clock, patience=5)
    limiter.pause(100)
    with pytest.raises(Busy) as caught:
        limiter.wait({"crm.item.get"})
    assert caught.value.applied is False
    assert 100 <= caught.value.retry_after < 102


@pytest.mark.parametrize("make", [local, shared])
def test_after_a_503_everybody_goes_on_slowly(make):
    item, clock = Item(), Clock()
    first, second = make(item, clock), make(item, clock)
    second = first if make is local else second
    first.wait({"m"})
    first.pause(1)
    second.wait({"m"})
    assert 1.0 < clock.now - NOW < 2.0
    second.wait({"m"})
    assert 1.5 < clock.now - NOW < 2.5


@pytest.mark.parametrize("make", [local, shared])
def test_a_parked_method_is_refused_until_its_time(make):
    clock = Clock()
    limiter = make(Item(), clock)
    limiter.park("crm.item.list", NOW + 90)
    limiter.wait({"crm.item.get"})
    with pytest.raises(Busy, match="OPERATION_TIME_LIMIT") as caught:
        limiter.wait({"crm.item.get", "crm.item.list"})
    assert caught.value.retry_after == 90
    clock.now += 91
    limiter.wait({"crm.item.list"})


def test_one_function_parks_a_method_for_all():
    item, clock = Item(), Clock()
    shared(item, clock).park("crm.item.list", NOW + 90)
    with pytest.raises(Busy):
        shared(item, clock).wait({"crm.item.list"})


@pytest.mark.parametrize("make", [local, shared])
def test_d8_a_method_whose_time_runs_short_is_left_to_webhooks(make):
    clock = Clock()
    limiter = make(Item(), clock)
    limiter.learn("crm.item.update", 100, NOW + 300)
    limiter.wait({"crm.item.update"}, background=True)
    limiter.learn("crm.item.update", 400, NOW + 300)
    limiter.wait({"crm.item.update"})
    with pytest.raises(Busy):
        limiter.wait({"crm.item.update"}, background=True)


@pytest.mark.parametrize("make", [local, shared])
def test_a_clock_that_jumps_back_does_not_close_the_portal(make):
    clock = Clock()
    limiter = make(Item(), clock)
    limiter.wait({"m"})
    clock.now -= 10 * LONGEST_PAUSE
    began = clock.now
    limiter.wait({"m"})
    assert clock.now == pytest.approx(began, abs=0.01)


def test_work_goes_on_at_its_own_pace_without_the_table():
    item, clock = Item(), Clock()
    item.down = True
    limiter = shared(item, clock)
    for _ in range(58):
        limiter.wait({"m"})
    limiter.park("m2", NOW + 90)
    assert 4 < clock.now - NOW < 5.5


def test_a_table_that_failed_is_not_asked_again_at_once():
    item, clock = Item(), Clock()
    item.down = True
    limiter = shared(item, clock)
    limiter.wait({"m"})
    item.down = False
    limiter.wait({"m"})
    assert item.writes == 0
    clock.now += 31
    limiter.wait({"m"})
    assert item.writes == 1


def test_an_enterprise_portal_has_a_larger_bucket():
    clock = Clock()
    limiter = LocalLimiter(Bucket(248, 4.95), clock=clock, sleep=clock.sleep)
    for _ in range(248):
        limiter.wait({"m"})
    assert clock.now == NOW
