"""Bulk work: every command applied exactly once or left undone, whatever happens in the middle."""

import itertools
import threading

import pytest
from crm_robots.portal import bulk
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import AccessLost, Busy, Refused
from hypothesis import given, settings
from hypothesis import strategies as st

FULL = Busy("batch", "QUERY_LIMIT_EXCEEDED", status=503, applied=False)
SILENT = Busy("batch", "NO_ANSWER")


class Portal:
    """Applies commands and counts it; `plan` says what goes wrong with the n-th request."""

    def __init__(self, plan=(), seconds=0.15):
        self.plan, self.seconds = dict(plan), seconds
        self.numbers = itertools.count()
        self.applied: dict[int, int] = {}
        self.sizes, self.slept = [], []
        self.lock = threading.Lock()
        self.refusal = None

    def wait(self, commands):
        if self.refusal:
            raise self.refusal

    def batch_at_once(self, commands):
        with self.lock:
            trouble = self.plan.get(next(self.numbers))
            self.sizes.append(len(commands))
            if isinstance(trouble, Busy | AccessLost) and trouble.applied is False:
                raise trouble
            upto = trouble if isinstance(trouble, int) else len(commands)
            for command in list(commands.values())[:upto]:
                key = command.params["id"]
                self.applied[key] = self.applied.get(key, 0) + 1
            if isinstance(trouble, int):
                raise SILENT
            return {name: Reply(result=True, seconds=self.seconds) for name in commands}

    def look(self, keys):
        return {key for key in keys if key in self.applied}


def updates(count):
    return [(n, Command("crm.item.update", {"id": n})) for n in range(count)]


def write(portal, count, **kwargs):
    return dict(bulk.write(portal, updates(count), look=portal.look, sleep=portal.slept.append, **kwargs))


def keys(portal, count):
    done = bulk.write(portal, updates(count), look=portal.look, sleep=portal.slept.append, in_flight=1)
    return (key for key, _ in done)


def test_updates_are_packed_by_fifty():
    portal = Portal()
    assert write(portal, 120).keys() == set(range(120))
    assert sorted(portal.sizes) == [20, 50, 50]


@given(
    st.integers(1, 700),
    st.dictionaries(st.integers(0, 12), st.one_of(st.just(FULL), st.integers(0, 50)), max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_d8_f4_whatever_fails_in_the_middle_all_is_applied_and_nothing_twice(count, plan):
    portal = Portal(plan)
    done = write(portal, count)
    assert done.keys() == set(range(count))
    assert portal.applied == dict.fromkeys(range(count), 1)


def test_d8_a_portal_that_stays_down_ends_it_and_the_rest_resumes():
    portal = Portal(dict.fromkeys(range(2, 100), FULL))
    settled = []
    with pytest.raises(Busy):
        settled.extend(keys(portal, 200))
    assert sorted(settled) == sorted(portal.applied) == list(range(100))
    portal.plan = {}
    rest = [(key, command) for key, command in updates(200) if key not in settled]
    assert len(dict(bulk.write(portal, rest, look=portal.look))) == 100
    assert set(portal.applied.values()) == {1}


def test_slow_updates_go_in_smaller_batches():
    portal = Portal(seconds=1.35)
    write(portal, 700, in_flight=1)
    assert portal.sizes[0] == 1
    assert max(portal.sizes) * 1.35 < 30


def test_a_method_over_its_time_stops_the_bulk_with_everything_known():
    portal = Portal()
    blocked = Busy("crm.item.update", "OPERATION_TIME_LIMIT", applied=False)

    def half(commands):
        portal.refusal = blocked
        names = list(commands)
        return {n: Reply(result=True) if i < 30 else Reply(error=blocked) for i, n in enumerate(names)}

    portal.batch_at_once = half
    settled = []
    with pytest.raises(Busy, match="OPERATION_TIME_LIMIT"):
        settled.extend(keys(portal, 50))
    assert settled == list(range(30))


def test_a_refusal_by_the_portals_rules_is_an_outcome():
    portal = Portal()
    portal.batch_at_once = lambda commands: {name: Reply(error=Refused("m", "X")) for name in commands}
    assert write(portal, 3)[0].error.code == "X"


def test_f2_a_lost_right_ends_the_bulk():
    portal = Portal()
    lost = AccessLost("crm.item.update", "INSUFFICIENT_SCOPE", right='scope "crm"')
    portal.batch_at_once = lambda commands: {name: Reply(error=lost) for name in commands}
    with pytest.raises(AccessLost):
        write(portal, 200, in_flight=1)


def test_it_ends_early_when_there_is_no_time_left():
    portal = Portal()
    done = write(portal, 500, in_flight=1, enough=lambda: len(portal.sizes) >= 3)
    assert len(done) == len(portal.applied) == 150


def test_commands_missing_from_a_reply_are_looked_for_and_repeated():
    portal = Portal()
    whole = portal.batch_at_once

    def partly(commands):
        portal.batch_at_once = whole
        some = dict(list(commands.items())[:20])
        return {name: Reply(executed=False) for name in commands} | whole(some)

    portal.batch_at_once = partly
    assert write(portal, 50).keys() == set(range(50))
    assert set(portal.applied.values()) == {1}


def test_reading_repeats_without_looking():
    portal = Portal({0: 10})
    commands = {f"n{n}": command for n, command in updates(60)}
    assert list(bulk.read(portal, commands, sleep=portal.slept.append)) == list(commands)


def test_reading_a_portal_that_is_down_gives_up_within_seconds():
    portal = Portal(dict.fromkeys(range(100), FULL))
    with pytest.raises(Busy):
        bulk.read(portal, dict(updates(3)), sleep=portal.slept.append)
    assert sum(portal.slept) <= 30


def test_d8_commands_that_a_fault_of_the_portal_answered_are_looked_for_and_repeated():
    """D8: it may have applied them; nobody knows, and an answer is not an outcome."""
    portal = Portal()
    whole = portal.batch_at_once

    def shaky(commands):
        portal.batch_at_once = whole
        replies = whole(dict(list(commands.items())[:20]))
        fault = Busy("crm.item.update", "INTERNAL_SERVER_ERROR", status=500)
        return {name: Reply(error=fault) for name in commands} | dict(list(replies.items())[:10])

    portal.batch_at_once = shaky
    done = write(portal, 50)
    assert [reply.error for reply in done.values()] == [None] * 50
    assert portal.applied == dict.fromkeys(range(50), 1)


def test_d8_what_was_refused_for_the_rate_is_in_no_doubt():
    """D8: nobody needs to look."""
    portal = Portal({0: FULL})
    portal.look = None
    assert len(dict(bulk.write(portal, updates(50), look=portal.look, sleep=portal.slept.append))) == 50


def test_f1_each_failure_in_a_row_is_waited_for_twice_as_long():
    portal = Portal({0: FULL, 1: FULL, 2: FULL})
    write(portal, 10, in_flight=1)
    assert portal.slept == [1.0, 2.0, 4.0]
