"""A company's year, day by day through the real decisions, with what must always hold checked daily."""

import pytest
from crm_robots.robots.client_status.rules import LostRules, Snooze, Transfer
from crm_robots.shared.stop_list import Mark, StopList

from tests.support.client_status import RULES, calendar
from tests.support.year import HEAD, MANAGERS, Year


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


@pytest.mark.parametrize("count_days", ["calendar", "working"])
def test_l5_s8_s9_s11_a_year_with_a_stop_list_pauses_and_people_who_leave(count_days):
    marks = StopList({"contact": (Mark("UF_CRM_TARGET_CLIENT", "Целевой клиент", (52,), {"52": "НЕТ"}),)})
    snooze = Snooze("UF_CRM_SNOOZE_UNTIL", "UF_CRM_SNOOZE_WHY", 90)
    cared = calendar(count_days=count_days, skip_when=marks, snooze=snooze, due_field="UF_CRM_DUE")
    year = Year(cared, seed=7, clients=120)
    year.play(100)
    year.dismiss(*MANAGERS[:4])
    year.play(150)

    for what in ("dropped", "lost", "warned", "stopped", "paused"):
        assert year.seen[what] > 20, (what, year.seen)
