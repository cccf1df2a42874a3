"""F1, F2: how long work waits, and when a robot gives up on it."""

from crm_robots.aws.memory import Contended
from crm_robots.bitrix24.errors import AccessLost, Busy
from crm_robots.robots.patience import gives_up, wait
from hypothesis import given
from hypothesis import strategies as st

HOUR = 3600
BUSY = Busy("crm.item.list", "QUERY_LIMIT_EXCEEDED", applied=False)
LOST = AccessLost("tasks.task.add", "insufficient_scope", right="task")


def test_f1_waits_double_from_seconds_to_a_quarter_of_an_hour():
    assert [wait(BUSY, receives, chance=0) for receives in (1, 2, 3, 9, 50)] == [4, 7, 13, 769, 901]


@given(chance=st.floats(0, 1), receives=st.integers(1, 1000))
def test_f1_a_wait_never_exceeds_what_sqs_and_people_bear(chance, receives):
    assert 1 <= wait(BUSY, receives, chance) <= 900 * 1.25 + 1


def test_f1_the_portals_own_word_goes_first():
    assert wait(Busy("x", "OPERATION_TIME_LIMIT", retry_after=300), 1, chance=0) == 301


def test_f1_six_hours_of_outage_are_borne_without_a_person():
    waited, receives = 0.0, 0
    while not gives_up(BUSY, receives := receives + 1, waited):
        waited += wait(BUSY, receives, chance=0)
    assert waited >= 6 * HOUR
    assert receives < 1000  # SQS's own limit must never be the one that ends it


def test_f2_a_lost_right_never_burns_tries():
    assert not gives_up(LOST, receives=900, waited=200 * HOUR)


def test_f2_a_lost_right_is_asked_about_once_a_minute_at_most():
    assert all(wait(LOST, receives, chance=0) >= 60 for receives in range(1, 20))


def test_a_record_that_somebody_else_wrote_is_taken_up_again_at_once():
    assert wait(Contended(), receives=5, chance=1) <= 3


def test_a_robots_own_fault_ends_in_the_dead_letters_after_the_same_patience():
    assert gives_up(KeyError("x"), receives=40, waited=9 * HOUR)
    assert not gives_up(KeyError("x"), receives=40, waited=5 * HOUR)
