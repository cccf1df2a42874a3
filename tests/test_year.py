"""A company's year, day by day through the real decisions, with what must always hold checked daily."""

import pytest
from crm_robots.robots.client_status.rules import LostRules, Transfer

from tests.support.client_status import RULES, calendar
from tests.support.year import HEAD, Year


@pytest.mark.parametrize("count_days", ["calendar", "working"])
def test_d1_to_d5_s1_to_s6_a_year_of_a_company(count_days):
    lost = LostRules(RULES.lost.text, RULES.lost.supervisor_text, transfer=Transfer("department", 1))
    year = Year(calendar(count_days=count_days, lost=lost), seed=5)
    year.play(365)

    seen = year.seen
    for what in ("dropped", "lost", "warned", "messages", "deal won", "deal lost", "change bound without a call"):
        assert seen[what] > 20, (what, seen)
    assert any(client.responsible == HEAD for client in year.clients)


@pytest.mark.parametrize("seed", range(5))
def test_d7_a_month_of_many_companies(seed):
    Year(calendar(), seed, clients=40).play(60)
