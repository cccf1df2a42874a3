"""D14: who gives which clients to whom, as a pure decision."""

from typing import Any

import pytest
from crm_robots.robots.daily import rebalance
from crm_robots.robots.daily.rebalance import Client, Kept, Terms, propose, still_holding, teams
from crm_robots.shared.people import Department, Directory, User
from hypothesis import given
from hypothesis import strategies as st

ANNA, BORIS, CLARA, DIMA, GONE, FAR = 1, 2, 3, 4, 5, 6
SALES, BELOW, ELSEWHERE = 10, 11, 20
DIRECTORY = Directory(
    users={
        ANNA: User(ANNA, "Анна", departments=(SALES,)),
        BORIS: User(BORIS, "Борис", departments=(SALES,)),
        CLARA: User(CLARA, "Клара", departments=(SALES,)),
        DIMA: User(DIMA, "Дима", departments=(BELOW,)),
        GONE: User(GONE, "Ушедший", active=False, departments=(SALES,)),
        FAR: User(FAR, "Дальний", departments=(ELSEWHERE,)),
    },
    departments={
        SALES: Department(SALES, "Продажи"),
        BELOW: Department(BELOW, "Группа", SALES),
        ELSEWHERE: Department(ELSEWHERE, "Сервис"),
    },
)


def clients(manager: int, count: int, first: int = 1, **more: Any) -> list[Client]:
    fields = {"status": "cold", **more}
    return [Client(f"company:{first + one}", f"Клиент {first + one}", manager, **fields) for one in range(count)]


def proposed(found: list[Client], most: int, away: tuple[int, ...] = (), **terms: Any) -> rebalance.Proposal:
    asked = Terms(most, **terms)
    return propose(found, asked, teams(rebalance.above(found, asked), DIRECTORY, away))


def pairs(proposal: rebalance.Proposal) -> list[tuple[str, int]]:
    return [(move.client.item, move.to) for move in proposal.moves]


def whys(proposal: rebalance.Proposal) -> list[tuple[str, str]]:
    return [(stay.client.item, stay.why) for stay in proposal.stays]


def test_d14_nobody_above_the_number_gives_nothing():
    assert proposed(clients(ANNA, 3), 3).moves == ()


def test_d14_what_is_above_goes_to_those_with_the_fewest_and_ties_by_id():
    found = proposed([*clients(ANNA, 6), *clients(CLARA, 1, 100)], 3)

    assert pairs(found) == [("company:1", BORIS), ("company:2", BORIS), ("company:3", CLARA)]
    assert (found.before[ANNA], found.after[ANNA], found.after[BORIS], found.after[CLARA]) == (6, 3, 2, 2)


def test_d14_never_called_go_first_then_those_without_a_call_for_longest():
    called = [
        Client(f"company:{number}", "x", ANNA, "hot", at) for number, at in ((1, 300), (2, 100), (3, 0), (4, 200))
    ]

    found = proposed(called, 1)

    assert [item for item, _ in pairs(found)] == ["company:3", "company:2"]
    assert whys(found) == [("company:4", rebalance.NO_ROOM)]


def test_d14_lost_clients_do_not_count_and_stay_unless_they_are_asked_for():
    found = [*clients(ANNA, 3), *clients(ANNA, 5, 50, status="lost"), *clients(BORIS, 9, 70, status="lost")]

    assert proposed(found, 3).moves == ()
    assert pairs(proposed(found, 2)) == [("company:1", BORIS)]


def test_d14_lost_ones_that_are_asked_for_go_along_and_are_shared_out():
    found = [*clients(ANNA, 2, 10), *clients(ANNA, 2, 1, status="lost")]

    moved = proposed(found, 1, statuses=frozenset({"cold", "lost"}))

    assert pairs(moved) == [("company:1", BORIS), ("company:2", CLARA), ("company:10", BORIS)]
    assert moved.after == {ANNA: 1, BORIS: 1}


@pytest.mark.parametrize("why", [rebalance.OPEN_DEAL, rebalance.PAUSED, rebalance.CALLED, rebalance.STOPPED])
def test_d14_kept_clients_never_move_and_are_listed_where_the_rest_does_not_do(why):
    found = [*clients(ANNA, 2, kept=why), *clients(ANNA, 1, 10)]

    assert pairs(proposed(found, 2)) == [("company:10", BORIS)]
    assert proposed(found, 2).stays == ()
    assert whys(proposed(found, 1)) == [("company:1", why)]


def test_d14_only_named_statuses_move():
    found = [*clients(ANNA, 2, status="hot"), *clients(ANNA, 1, 10)]
    only_cold = proposed(found, 1, statuses=frozenset({"cold"}))

    assert pairs(only_cold) == [("company:10", BORIS)]
    assert whys(only_cold) == [("company:1", rebalance.OTHER_STATUS)]


def test_d14_other_departments_absent_and_dismissed_people_get_nothing():
    assert teams([ANNA, DIMA, FAR, 99], DIRECTORY, away=(BORIS,)) == {ANNA: (CLARA,), DIMA: (), FAR: (), 99: ()}
    assert {to for _, to in pairs(proposed(clients(ANNA, 5), 1, away=(BORIS,)))} == {CLARA}


def test_d14_somebody_dismissed_gives_too():
    assert pairs(proposed(clients(GONE, 2), 1)) == [("company:1", ANNA)]


def test_d14_what_does_not_fit_is_listed():
    found = proposed([*clients(ANNA, 5), *clients(BORIS, 2, 50), *clients(CLARA, 1, 60)], 2)

    assert pairs(found) == [("company:1", CLARA)]
    assert whys(found) == [("company:2", rebalance.NO_ROOM), ("company:3", rebalance.NO_ROOM)]


def test_d14_of_a_department_only_its_own_people_give():
    found = [*clients(ANNA, 3), *clients(BORIS, 3, 50)]

    assert {move.client.manager for move in proposed(found, 2, givers=frozenset({BORIS})).moves} == {BORIS}


KEPT = [Kept("company:1", "x", ANNA, BORIS), Kept("company:2", "x", ANNA, CLARA)]


def holding(found: list[Client], most: int = 1, away: tuple[int, ...] = (), **terms: Any) -> rebalance.Proposal:
    asked = Terms(most, **terms)
    return still_holding(KEPT, found, asked, teams(rebalance.above(found, asked), DIRECTORY, away))


def test_d14_a_kept_proposal_is_carried_out_as_it_was_made():
    found = holding(clients(ANNA, 3))

    assert (pairs(found), found.stays) == ([("company:1", BORIS), ("company:2", CLARA)], ())


@pytest.mark.parametrize(
    ("found", "terms", "why"),
    [
        (clients(ANNA, 2, 2), {}, rebalance.GONE),
        ([*clients(BORIS, 1), *clients(ANNA, 3, 2)], {}, rebalance.DONE),
        ([*clients(FAR, 1), *clients(ANNA, 3, 2)], {}, rebalance.OTHER_MANAGER),
        ([*clients(ANNA, 1, kept=rebalance.PAUSED), *clients(ANNA, 3, 2)], {}, rebalance.PAUSED),
        ([*clients(ANNA, 1, status="hot"), *clients(ANNA, 3, 2)], {"statuses": {"cold"}}, rebalance.OTHER_STATUS),
        (clients(ANNA, 3), {"away": (BORIS,)}, rebalance.NOT_IN_TEAM),
        ([*clients(ANNA, 3), *clients(BORIS, 1, 50)], {}, rebalance.FULL),
    ],
)
def test_d14_of_a_kept_proposal_it_is_said_what_no_longer_holds(found, terms, why):
    left = holding(found, **terms)

    assert pairs(left) == [("company:2", CLARA)]
    assert whys(left) == [("company:1", why)]


def test_d14_a_manager_who_is_no_longer_above_the_number_keeps_the_rest():
    assert whys(holding(clients(ANNA, 2))) == [("company:2", rebalance.NOT_ABOVE)]


def test_d14_a_client_that_stands_twice_in_a_file_moves_once():
    found = clients(ANNA, 4)
    asked = Terms(1)
    twice = still_holding([KEPT[0], KEPT[0]], found, asked, teams([ANNA], DIRECTORY, ()))

    assert (len(twice.moves), whys(twice)) == (1, [("company:1", rebalance.DONE)])


PEOPLE = st.sampled_from([ANNA, BORIS, CLARA, DIMA, GONE, FAR])
CLIENTS = st.lists(
    st.builds(
        Client,
        item=st.integers(1, 500).map(lambda number: f"company:{number}"),
        title=st.just("x"),
        manager=PEOPLE,
        status=st.sampled_from(["hot", "cold", "lost"]),
        last_call=st.integers(0, 5),
        kept=st.sampled_from(["", "", rebalance.OPEN_DEAL, rebalance.CALLED]),
    ),
    max_size=60,
    unique_by=lambda client: client.item,
)


@given(CLIENTS, st.integers(1, 8), st.sets(PEOPLE), st.sampled_from([None, frozenset({"cold", "lost"})]))
def test_d14_whatever_the_clients_the_proposal_keeps_its_promises(found, most, away, statuses):
    asked = Terms(most, statuses)
    left_out = tuple(away)
    plan = proposed(found, most, left_out, statuses=statuses)

    assert len({move.client.item for move in plan.moves}) == len(plan.moves)
    for move in plan.moves:
        giver, getter = DIRECTORY.users[move.client.manager], DIRECTORY.users[move.to]
        assert not move.client.kept
        assert asked.takes(move.client)
        assert set(giver.departments) & set(getter.departments)
        assert giver != getter
        assert DIRECTORY.is_active(move.to)
        assert move.to not in away
        assert plan.before[move.client.manager] > most
        assert plan.after[move.client.manager] >= most
        assert plan.after.get(move.to, 0) <= most
    assert sum(plan.after.values()) == sum(plan.before.values())
    for person, count in plan.before.items():
        stays = sum(stay.client.manager == person for stay in plan.stays)
        assert max(plan.after[person] - most, 0) == stays or count <= most
    again = still_holding(
        [Kept(move.client.item, "x", move.client.manager, move.to) for move in plan.moves],
        found,
        asked,
        teams(plan.before, DIRECTORY, left_out),
    )
    assert pairs(again) == pairs(plan)
