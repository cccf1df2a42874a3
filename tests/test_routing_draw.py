"""R3, R4: who may be drawn, who is, and why."""

import random
from collections import Counter

import pytest
from crm_robots.robots.routing import draw
from crm_robots.robots.routing.ballot import Company, ballot
from crm_robots.robots.routing.memory import LeftOut

from tests.support.routing import (
    BORIS,
    CLARA,
    DIMA,
    DIRECTORY,
    EVA,
    FEDOR,
    NOON,
    SERVICES,
    make_deal,
    make_lead,
)

MOUNTING, DESIGN, REPAIR = SERVICES
ALL_IN = Company(DIRECTORY, admins=(FEDOR,))


def away(*users: int) -> Company:
    return Company(DIRECTORY, frozenset(users), admins=(FEDOR,))


def test_r2_sub_departments_take_part():
    assert ballot(MOUNTING, make_lead(), ALL_IN, []).eligible == (BORIS, CLARA, DIMA)


def test_r3_absent_people_are_left_out_and_the_record_says_why():
    one = ballot(MOUNTING, make_lead(), away(CLARA), [])

    assert one.eligible == (BORIS, DIMA)
    assert one.left_out == (LeftOut(CLARA, "absent"), LeftOut(7, "dismissed"))


def test_r3_a_department_without_anybody_in_goes_to_its_head():
    settled = draw.kept(ballot(MOUNTING, make_lead(), away(BORIS, CLARA, DIMA), []), NOON)

    assert settled is not None
    assert (settled.manager, settled.way, settled.lack) == (BORIS, "head", "all_absent")


def test_r3_without_a_head_the_nearest_above_takes_it():
    settled = draw.kept(ballot(DESIGN, make_lead(), away(EVA), []), NOON)

    assert settled is not None
    assert (settled.manager, settled.way) == (FEDOR, "head")


def test_r3_a_department_that_is_gone_goes_to_the_leads_responsible():
    nowhere = SERVICES[0].__class__(504, "Мойка", 99, "Мойка", 2, "C2:NEW")
    settled = draw.kept(ballot(nowhere, make_lead(ASSIGNED_BY_ID=EVA), ALL_IN, []), NOON)

    assert settled is not None
    assert (settled.manager, settled.way, settled.lack) == (EVA, "responsible", "no_department")


def test_r3_and_to_an_administrator_when_the_responsible_is_gone_too():
    nowhere = SERVICES[0].__class__(504, "Мойка", 99, "Мойка", 2, "C2:NEW")
    settled = draw.kept(ballot(nowhere, make_lead(ASSIGNED_BY_ID=7), ALL_IN, []), NOON)

    assert settled is not None
    assert (settled.manager, settled.way) == (FEDOR, "admin")


def test_r4_an_open_deal_with_somebody_of_the_department_decides():
    deals = [make_deal(8, DIMA), make_deal(9, CLARA), make_deal(10, EVA), make_deal(11, BORIS, STAGE_SEMANTIC_ID="S")]
    settled = draw.kept(ballot(MOUNTING, make_lead(), ALL_IN, deals), NOON)

    assert settled is not None
    assert (settled.manager, settled.way, settled.client_deal) == (CLARA, "client", 9)


def test_r4_an_absent_manager_keeps_the_client():
    settled = draw.kept(ballot(MOUNTING, make_lead(), away(CLARA), [make_deal(9, CLARA)]), NOON)
    assert settled is not None
    assert settled.manager == CLARA


def test_r4_a_dismissed_manager_keeps_nobody():
    assert ballot(MOUNTING, make_lead(), ALL_IN, [make_deal(9, 7)]).is_open


def test_r3_random_is_uniform():
    """Chi-square with 2 degrees of freedom over 6,000 draws: 13.8 is passed by chance once in a thousand."""
    one, chance = ballot(MOUNTING, make_lead(), ALL_IN, []), random.Random(7)
    counts = Counter(draw.at_random(one, chance.random(), NOON).manager for _ in range(6000))
    assert sum((counts[user] - 2000) ** 2 / 2000 for user in (BORIS, CLARA, DIMA)) < 13.8


@pytest.mark.parametrize(("chance", "manager"), [(0.0, BORIS), (0.34, CLARA), (0.999999, DIMA)])
def test_r7_the_recorded_chance_names_the_manager(chance, manager):
    settled = draw.at_random(ballot(MOUNTING, make_lead(), ALL_IN, []), chance, NOON)
    assert (settled.manager, settled.chance, settled.eligible) == (manager, chance, (BORIS, CLARA, DIMA))


def test_r3_least_loaded_includes_people_with_no_deal_at_all():
    settled = draw.least_loaded(ballot(MOUNTING, make_lead(), ALL_IN, []), {BORIS: 4, CLARA: 1}, 0.5, NOON)
    assert (settled.manager, settled.numbers, settled.chance) == (DIMA, {BORIS: 4, CLARA: 1, DIMA: 0}, None)


def test_r3_least_loaded_breaks_ties_at_random():
    one = ballot(MOUNTING, make_lead(), ALL_IN, [])
    drawn = {draw.least_loaded(one, {BORIS: 2}, chance, NOON).manager for chance in (0.1, 0.9)}
    assert drawn == {CLARA, DIMA}


def test_r2_the_main_manager_is_one_of_those_drawn():
    draws = [draw.at_random(ballot(one, make_lead(), ALL_IN, []), 0.0, NOON) for one in (MOUNTING, DESIGN)]

    assert draw.main_manager(draws, "first", 0.9).manager == BORIS
    assert [draw.main_manager(draws, "random", chance).manager for chance in (0.2, 0.7)] == [BORIS, EVA]
