"""F1–F4, W5–W7: whole lives of a company, with every fault, from seeds. `make soak SEEDS=10000` lives more of them."""

import pytest

from tests.simulation.run import live
from tests.simulation.shrinking import shortened, told
from tests.simulation.story import Act, story

LIVES, TOGETHER = 240, 15


@pytest.mark.parametrize("first", range(0, LIVES, TOGETHER))
def test_nothing_is_lost_and_nothing_happens_twice_whatever_fails(first: int) -> None:
    """F1–F4, W5–W7, C8, R7, Q3, S1: see tests/simulation/checks.py for what is promised."""
    for seed in range(first, first + TOGETHER):
        acts = story(seed)
        if live(seed, acts).broken:
            shortest, outcome = shortened(seed, acts)
            pytest.fail(told(seed, shortest, outcome), pytrace=False)


def test_a_seed_replays_exactly() -> None:
    once, again = live(12, story(12)), live(12, story(12))
    assert once == again
    assert once.requests > 20


CONVERTED_WITHOUT_PHONE = (
    Act(1.0, "create_lead", how={"title": "Шторы", "name": "Бонифаций", "UF_CRM_DIRECTION": "Физические лица"}),
    Act(300.0, "edit_lead", how={"UF_CRM_CLIENT_TYPE": "Физическое лицо"}),
    Act(600.0, "convert_by_hand", how={"company": False, "deal": False}),
)
SETTINGS_HALF_READ = (
    Act(1.0, "create_client", how={"kind": "contact", "status": "Новый"}),
    Act(300.0, "unprocessed", how={"service": "dynamodb", "skip": 0}),
    Act(300.5, "set_status", how={"kind": "contact", "status": "Тёплый"}),
)


@pytest.mark.parametrize(
    "acts",
    [
        pytest.param(SETTINGS_HALF_READ, id="a robot that gets half of its settings is not switched off (seed 57)"),
        pytest.param(CONVERTED_WITHOUT_PHONE, id="C4: a converted lead is not told that it lacks a phone (seed 242)"),
    ],
)
def test_what_a_simulation_found_once_stays_mended(acts: tuple[Act, ...]) -> None:
    outcome = live(1, acts)
    assert not outcome.broken, told(1, acts, outcome)
