"""F1, F2: how long work waits, and when a robot gives up on it."""

from itertools import pairwise

import pytest
from crm_robots.engine.patience import gives_up, wait
from crm_robots.portal.errors import AccessLost, Busy
from crm_robots.records.memory import Contended
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tables import template

HOUR = 3600
BUSY = Busy("crm.item.list", "QUERY_LIMIT_EXCEEDED", applied=False)
LOST = AccessLost("tasks.task.add", "insufficient_scope", right="task")


def tries(error, hours=8):
    """When work is tried during an outage, in seconds."""
    at, receives, moments = 0.0, 1, []
    while at < hours * HOUR:
        moments.append(at)
        at += wait(error, receives, waited=at, chance=1)
        receives += 1
    return moments


def test_f1_waits_double_from_seconds_to_a_quarter_of_an_hour():
    assert [wait(BUSY, receives, waited=4 * HOUR, chance=0) for receives in (1, 2, 3, 9, 50)] == [4, 7, 13, 769, 901]


@pytest.mark.parametrize("error", [BUSY, LOST])
@pytest.mark.parametrize("minutes", [1, 5, 30])
def test_f1_f2_an_outage_is_over_for_everybody_soon_after_it_ended(error, minutes):
    ended = minutes * 60
    assert next(at for at in tries(error) if at >= ended) - ended <= max(30, ended / 3)


@given(chance=st.floats(0, 1), receives=st.integers(1, 1000), waited=st.floats(0, 9 * HOUR))
def test_f1_a_wait_never_exceeds_what_sqs_and_people_bear(chance, receives, waited):
    assert 1 <= wait(BUSY, receives, waited, chance) <= 900 * 1.25 + 1


def test_f1_the_portals_own_word_goes_first():
    assert wait(Busy("x", "OPERATION_TIME_LIMIT", retry_after=300), 1, waited=0, chance=0) == 301


def test_f1_six_hours_of_outage_are_borne_without_a_person():
    waited, receives = 0.0, 0
    while not gives_up(BUSY, receives := receives + 1, waited):
        waited += wait(BUSY, receives, waited, chance=0)
    assert waited >= 6 * HOUR
    assert receives < 1000  # SQS's own limit must never be the one that ends it


def test_f2_a_lost_right_never_burns_tries():
    assert not gives_up(LOST, receives=900, waited=200 * HOUR)


def test_f1_f2_what_waits_for_a_right_is_among_the_dead_letters_before_sqs_deletes_it():
    """Else nobody would hear of it: SQS moves a message after its last try, and keeps it for so long."""
    queue = next(one["Properties"] for one in template()["Resources"].values() if "maxReceiveCount" in str(one))
    most, kept = queue["RedrivePolicy"]["maxReceiveCount"], queue["MessageRetentionPeriod"]

    waited = 0.0
    for receives in range(1, most + 1):
        waited += wait(LOST, receives, waited, chance=1)

    assert waited < kept


def test_f2_a_lost_right_is_not_hammered():
    """The shared pause keeps others from asking meanwhile; over a night it is asked about every quarter of an hour."""
    assert all(wait(LOST, receives, waited=0, chance=0) >= 20 for receives in range(1, 20))
    assert len(tries(LOST)) < 60


def test_a_record_that_somebody_else_wrote_is_taken_up_again_at_once():
    assert wait(Contended(), receives=5, waited=9, chance=1) <= 3


def test_f4_a_plan_that_is_held_for_minutes_is_not_asked_about_every_two_seconds():
    """F4: the first tries find out whether somebody was just busy; a dead function's plan stands for two minutes."""
    at, receives, moments = 0.0, 1, []
    while at < 150:
        moments.append(at)
        at += wait(Contended(retry_after=min(at / 2, 150 - at)), receives, waited=at, chance=0)
        receives += 1

    assert moments[:4] == [0, 2, 4, 6]
    assert len(moments) <= 15
    assert at <= 152


def test_f1_whoever_waits_for_somebody_unknown_comes_back_less_and_less_often():
    """F1, F2: another lead's plan may stand for as long as the portal is down."""
    moments = tries(Contended(), hours=1)

    assert moments[:3] == [0, 2, 4]
    assert len(moments) < 150
    assert max(later - earlier for earlier, later in pairwise(moments)) <= 30


def test_f1_what_nobody_gives_free_ends_in_the_dead_letters_too():
    """F1: before SQS loses patience, at 1,000 tries."""
    assert gives_up(Contended(), receives=900, waited=9 * HOUR)
    assert len(tries(Contended(), hours=8)) < 1000


def test_a_robots_own_fault_ends_in_the_dead_letters_after_the_same_patience():
    assert gives_up(KeyError("x"), receives=40, waited=9 * HOUR)
    assert not gives_up(KeyError("x"), receives=40, waited=5 * HOUR)


def test_f1_waits_are_spread_so_that_not_all_come_back_at_once():
    assert [wait(BUSY, 9, waited=4 * HOUR, chance=chance) for chance in (0, 0.5, 1)] == [769, 865, 961]


@pytest.mark.parametrize(
    ("receives", "waited", "gone"), [(12, 8 * HOUR, True), (11, 80 * HOUR, False), (900, 8 * HOUR - 1, False)]
)
def test_f1_work_is_given_up_after_hours_and_many_tries_only(receives, waited, gone):
    assert gives_up(BUSY, receives, waited) is gone
    assert not gives_up(LOST, receives, waited)
