"""The limiter's conditional writes against a DynamoDB that checks their grammar."""

import pytest
from crm_robots.engine.shared_limiter import SharedLimiter
from crm_robots.portal.errors import Busy

from tests.support.clock import NOW, Clock, most_at_once

WEBHOOK = "https://acme.bitrix24.example/rest/7/s3cr3tc0de/"


def limiter(dynamodb, clock, **kwargs):
    return SharedLimiter(dynamodb, "LimiterTable", WEBHOOK, clock=clock, sleep=clock.sleep, **kwargs)


def test_d8_two_functions_share_one_bucket(dynamodb):
    clocks, sent = [Clock(), Clock()], []
    limiters = [limiter(dynamodb, clock) for clock in clocks]
    for number in range(80):
        clock = clocks[number % 2]
        clock.now = NOW
        limiters[number % 2].wait({"crm.item.get"})
        sent.append(clock.now)
    assert most_at_once(sent) <= 0
    assert max(sent) - NOW < 17


def test_d8_background_work_waits_until_half_of_the_burst_is_free(dynamodb):
    clock = Clock()
    webhooks, day = limiter(dynamodb, clock), limiter(dynamodb, clock)
    for _ in range(40):
        webhooks.wait({"crm.item.get"})
    day.wait({"crm.item.update"}, background=True)
    assert 8 < clock.now - NOW < 10


def test_a_bucket_that_was_idle_starts_anew(dynamodb):
    clock = Clock()
    one, other = limiter(dynamodb, clock), limiter(dynamodb, clock)
    one.wait({"m"})
    other.wait({"m"})
    clock.now += 1000
    began = clock.now
    one.wait({"m"})
    other.wait({"m"})
    assert clock.now == began


def test_pauses_and_parks_reach_the_others(dynamodb):
    clock = Clock()
    one, other = limiter(dynamodb, clock), limiter(dynamodb, clock)
    one.park("crm.item.list", NOW + 90)
    one.park("crm.item.list", NOW + 30)
    with pytest.raises(Busy) as caught:
        other.wait({"crm.item.list"})
    assert caught.value.retry_after == 90
    one.pause(200)
    with pytest.raises(Busy):
        other.wait({"crm.item.get"})


def test_p6_the_item_is_named_by_the_host_not_by_the_secret(dynamodb):
    limiter(dynamodb, Clock()).wait({"m"})
    (item,) = dynamodb.scan(TableName="LimiterTable")["Items"]
    assert item["key"] == {"S": "portal acme.bitrix24.example"}


def test_d8_a_bucket_is_crowded_once_half_of_its_burst_is_spent(dynamodb):
    clock = Clock()
    one = limiter(dynamodb, clock)
    for _ in range(20):
        one.wait({"m"})
    assert not one.is_crowded()
    for _ in range(10):
        one.wait({"m"})
    assert one.is_crowded()
    clock.now += 10
    assert not one.is_crowded()


def test_section_9_a_second_webhook_shares_the_requests_and_not_the_run_time(dynamodb):
    """Bitrix24 counts requests per portal, and the run time of methods per webhook."""
    clock = Clock()
    one, scans = limiter(dynamodb, clock), limiter(dynamodb, clock, apart="scan ")
    one.park("crm.item.list", NOW + 90)
    scans.wait({"crm.item.list"})
    scans.park("crm.item.list", NOW + 500)
    with pytest.raises(Busy) as caught:
        one.wait({"crm.item.list"})
    assert caught.value.retry_after == 90
    for _ in range(49):
        scans.wait({"profile"})
    one.wait({"profile"})
    assert clock.now > NOW
