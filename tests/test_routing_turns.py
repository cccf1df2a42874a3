"""R3: round robin is exact: whose turn it is, with people who come, go and return."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest
from crm_robots.records.memory import MemoryTable
from crm_robots.robots.routing.turn_table import TurnTable
from crm_robots.robots.routing.turns import Turns, take
from hypothesis import given
from hypothesis import strategies as st

A, B, C = 11, 12, 13


def deal_out(turns: Turns, eligible: list[int], times: int, name: str = "draw") -> tuple[Turns, Counter[int]]:
    counts: Counter[int] = Counter()
    for number in range(times):
        turns, turn = take(turns, f"{name}{number}", eligible)
        counts[turn.user] += 1
    return turns, counts


def test_r3_thirty_leads_over_two_people_are_fifteen_and_fifteen():
    assert deal_out(Turns(), [A, B], 30)[1] == {A: 15, B: 15}


def test_r3_a_newcomer_starts_level():
    turns, _ = deal_out(Turns(), [B, C], 30)
    assert deal_out(turns, [A, B, C], 30, "later")[1] == {A: 10, B: 10, C: 10}


def test_r3_somebody_back_from_leave_is_not_flooded():
    turns, _ = deal_out(Turns(), [A, B, C], 9)
    turns, _ = deal_out(turns, [B, C], 40, "leave")
    assert deal_out(turns, [A, B, C], 30, "back")[1] == {A: 10, B: 10, C: 10}


def test_r3_somebody_who_left_leaves_no_hole():
    turns, _ = deal_out(Turns(), [A, B, C], 10)
    _, counts = deal_out(turns, [A, C], 20, "without B")
    assert counts[A] + counts[C] == 20
    assert abs(counts[A] - counts[C]) <= 1


def test_r3_a_team_that_is_all_new_starts_from_scratch():
    turns, _ = deal_out(Turns(), [A], 50)
    assert deal_out(turns, [B, C], 10, "new")[1] == {B: 5, C: 5}


def test_r7_the_same_draw_again_takes_no_second_turn():
    turns, first = take(Turns(), "lead:17:501", [A, B])
    again, second = take(turns, "lead:17:501", [A, B])
    assert (first.user, second.user) == (A, A)
    assert again is turns


def test_r3_a_repeated_draw_whose_person_is_away_by_now_takes_the_next_turn():
    turns, _ = take(Turns(), "lead:17:501", [A, B])
    assert take(turns, "lead:17:501", [B])[1].user == B


@given(st.lists(st.sets(st.sampled_from([A, B, C, 14]), min_size=1), max_size=80))
def test_r3_whoever_comes_and_goes_those_who_stay_are_never_two_turns_apart(days):
    turns, counts = Turns(), Counter({A: 0, B: 0})
    for number, guests in enumerate(days):
        turns, turn = take(turns, str(number), sorted({A, B} | guests))
        counts[turn.user] += 1
    assert abs(counts[A] - counts[B]) <= 1


@given(st.lists(st.booleans(), min_size=1, max_size=80))
def test_r3_nobody_gets_more_than_one_turn_ahead_of_those_who_are_always_there(is_there):
    turns, since_back = Turns(), Counter()
    for number, there in enumerate(is_there):
        turns, turn = take(turns, str(number), [A, B, C] if there else [A, B])
        since_back = since_back + Counter([turn.user]) if there else Counter()
        assert since_back[C] <= min(since_back[A], since_back[B]) + 1


class OneWriteAtATime:
    """As DynamoDB does it: the local stand-in checks a write's condition and writes in two moments."""

    def __init__(self, client):
        self._client, self._lock = client, Lock()

    def __getattr__(self, name):
        return getattr(self._client, name)

    def put_item(self, **asked):
        with self._lock:
            return self._client.put_item(**asked)


@pytest.mark.parametrize(("workers", "draws"), [(4, 30)])
def test_r3_four_workers_at_once_share_the_pointer_exactly(dynamodb, workers, draws):
    client = OneWriteAtATime(dynamodb)

    def work(number: int) -> int:
        table = TurnTable(MemoryTable(client, "MemoryTable"), "routing")
        return table.take(20, f"lead:{number}:501", [A, B]).user

    with ThreadPoolExecutor(workers) as pool:
        assert Counter(pool.map(work, range(draws))) == {A: 15, B: 15}


def test_r7_a_draw_repeated_after_a_crash_keeps_its_turn_in_the_table(dynamodb):
    table = TurnTable(MemoryTable(dynamodb, "MemoryTable"), "routing")
    before = table.take(20, "lead:17:501", [A, B])
    assert table.take(20, "lead:17:501", [A, B]).user == before.user
    assert table.take(20, "lead:18:501", [A, B]).user != before.user
