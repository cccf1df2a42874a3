"""Q8: who gets a lead without gaps."""

import pytest
from crm_robots.robots.qualification.complete import heir_of, heirs_wanted
from crm_robots.robots.qualification.decide import decide
from crm_robots.robots.qualification.handover import Pick, Team, Turns
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.rules import Direction
from crm_robots.shared.markup import REFUSAL

from tests.support.qualification import (
    AREA,
    CHAIN,
    DIRECTION,
    INDIVIDUAL,
    NINE,
    ORDER_SIZE,
    RULES,
    STORES,
    WHOLESALE,
    applied,
    comments,
    make_case,
    make_lead,
    make_rules,
    make_team,
    remembered,
    seen,
    written,
)

READY = {DIRECTION: WHOLESALE, ORDER_SIZE: 21}


def heir(lead=None, memory=None, **team):
    case = make_case(teams={5: make_team(**team)})
    return heir_of(decide(lead or make_lead(**READY), memory or LeadMemory(), case))


@pytest.mark.parametrize("stage", ["NEW", "GATE", "OFFER", "CONVERTED"])
def test_q8_a_lead_without_gaps_is_handed_over_whatever_the_stage(stage):
    assert heir(make_lead(stage, **READY)) == 5


def test_q8_a_lost_lead_and_a_lead_with_gaps_stay():
    assert heir(make_lead("JUNK", **READY)) is None
    assert heir(make_lead(**{DIRECTION: WHOLESALE})) is None


def test_q8_the_one_with_the_fewest_open_leads_gets_it():
    assert heir(counts={5: 3, 6: 2}) == 6
    assert heir(counts={5: 1, 6: 2}) == 5


def test_q8_ties_go_to_whoever_has_waited_longest():
    assert heir(counts={5: 2, 6: 2}, turns=Turns(turn=4, last={5: 4, 6: 3})) == 6
    assert heir(counts={5: 2, 6: 2}, turns=Turns(turn=4, last={5: 4})) == 6


def test_q8_whoever_just_got_a_lead_waits_longest_no_more():
    """Q8: also once the portal counts it: with as many open leads the other one is next."""
    team, hour = Team((5, 6, 8), {}), 3600
    got = []
    for lead in range(6):
        got.append(team.choose(lead, NINE + lead * hour))
        team.take(lead, got[-1], NINE + lead * hour)
    assert got == [5, 6, 8, 5, 6, 8]


def test_q8_leads_of_the_same_minute_are_counted_although_the_portal_has_not_seen_them():
    recent = Turns(turn=2, last={5: 2}, recent={3: Pick(5, NINE - 10), 4: Pick(5, NINE - 5)})
    assert heir(counts={5: 0, 6: 1}, turns=recent) == 6
    old = Turns(turn=2, last={5: 2}, recent={3: Pick(5, NINE - 1000), 4: Pick(5, NINE - 1000)})
    assert heir(counts={5: 0, 6: 1}, turns=old) == 5


def test_q8_a_try_that_was_cut_off_draws_the_same_person_again():
    team = make_team({5: 0, 6: 0})
    team.take(17, 6, NINE)
    assert team.choose(17, NINE + 2) == 6
    team.take(17, 6, NINE + 2)
    assert team.turns.turn == 1


def test_q8_thirty_leads_are_shared_out_evenly():
    team = make_team({5: 4, 6: 0})
    got = {5: 4, 6: 0}
    for lead in range(30):
        user = team.choose(lead, NINE + lead)
        team.take(lead, user, NINE + lead)
        got[user] += 1
    assert got == {5: 17, 6: 17}


def test_q8_people_who_have_left_get_nothing():
    assert 7 not in make_team().members


def test_q8_a_member_keeps_the_lead_sub_departments_included():
    lead = make_lead(**READY, ASSIGNED_BY_ID=6)
    decision = decide(lead, LeadMemory(), make_case())
    assert decision.actions == ()
    assert remembered(decision).handed == (WHOLESALE,)


def test_q8_a_user_gets_it():
    decision = decide(make_lead(**{DIRECTION: CHAIN, STORES: 2, AREA: 40}), LeadMemory(), make_case())
    assert written(decision) == {"ASSIGNED_BY_ID": 9}
    assert comments(decision) == [
        "Ответственный теперь Анна Орлова: лид заполнен, такие лиды («Сеть») ведёт этот сотрудник."
    ]


def test_q8_the_timeline_says_who_and_why():
    decision = decide(make_lead(**READY), LeadMemory(), make_case(teams={5: make_team({5: 3, 6: 8})}))
    assert comments(decision) == [
        "Ответственный теперь Игорь Петров: лид заполнен, такие лиды («Оптовик») ведёт отдел «Опт», "
        "и открытых лидов у этого сотрудника меньше всех: 3."
    ]


def test_q8_once_per_direction():
    lead = make_lead(**READY)
    decision = decide(lead, LeadMemory(), make_case())
    memory = remembered(decision)
    taken_away = make_lead(**READY, ASSIGNED_BY_ID=8)
    assert decide(taken_away, memory, make_case()).actions == ()
    chain = make_lead(**{DIRECTION: CHAIN, STORES: 2, AREA: 40})
    assert heir_of(decide(chain, memory, make_case())) == 9


def test_q8_filling_the_last_gap_and_the_hand_over_are_one_comment():
    memory = seen(make_lead("GATE", **{DIRECTION: WHOLESALE}), make_lead("NEW", **{DIRECTION: WHOLESALE}))
    decision = decide(make_lead("NEW", **READY), memory, make_case())
    (text,) = comments(decision)
    assert text.count("\n\n") == 2
    assert [type(action).__name__ for action in decision.actions] == ["UpdateItem", "AddComment", "CompleteActivity"]


def test_q8_nobody_works_there_any_more():
    empty = {**RULES.directions, WHOLESALE: Direction("Оптовик", ((ORDER_SIZE,),), user=7)}
    case = make_case(rules=make_rules(directions=empty))
    decision = decide(make_lead(**READY), LeadMemory(), case)
    assert written(decision) == {}
    assert comments(decision) == [
        "Передать лид некому: сотрудник, который ведёт «Оптовик», больше не работает. Ответственный прежний."
    ]
    memory = remembered(decision)
    assert decide(make_lead(**READY), memory, case).actions == ()
    assert heir(memory=memory) == 5


def test_s11_nobody_who_is_away_gets_a_lead():
    """S11, Q8: one of a department is passed over; where all are away, or the one who is named, it stays."""
    team = {"teams": {5: make_team({5: 0, 6: 3})}}
    assert heir_of(decide(make_lead(**READY), LeadMemory(), make_case(**team, away=frozenset({5})))) == 6

    decision = decide(make_lead(**READY), LeadMemory(), make_case(**team, away=frozenset({5, 6})))
    assert comments(decision) == ["Передать лид некому: в отделе «Опт» сегодня все отсутствуют. Ответственный прежний."]
    assert heir(make_lead(**READY, COMMENTS="звонил"), remembered(decision)) == 5

    chain = make_lead(**{DIRECTION: CHAIN, STORES: 2, AREA: 40})
    decision = decide(chain, LeadMemory(), make_case(away=frozenset({9})))
    assert written(decision) == {}
    assert comments(decision) == [
        "Передать лид некому: сотрудник, который ведёт «Сеть», сегодня отсутствует. Ответственный прежний."
    ]


def test_q8_a_refused_change_is_told_and_tried_again_at_the_next_change():
    (step,) = decide(make_lead(**READY), LeadMemory(), make_case()).steps
    assert REFUSAL in step.otherwise[0].text
    assert decide(make_lead(**READY), step.memory_otherwise, make_case()).actions == ()
    assert heir(make_lead(**READY, COMMENTS="звонил"), step.memory_otherwise) == 5


def test_q8_people_are_counted_only_when_the_lead_can_be_handed_over():
    case = make_case()
    assert heirs_wanted(make_lead(**READY), LeadMemory(), case).department == 5
    assert heirs_wanted(make_lead(**{DIRECTION: WHOLESALE}), LeadMemory(), case) == Direction("")
    assert heirs_wanted(make_lead(**READY), LeadMemory(handed=(WHOLESALE,)), case) == Direction("")
    assert heirs_wanted(make_lead(**{DIRECTION: INDIVIDUAL}), LeadMemory(), case).department == 0


def test_q8_our_own_writing_settles():
    lead = make_lead(**READY)
    decision = decide(lead, LeadMemory(), make_case())
    assert decide(applied(lead, decision), remembered(decision), make_case()).actions == ()


CREATED_BY_HAND = {**READY, "CREATED_BY": 8, "ASSIGNED_BY_ID": 9}


@pytest.mark.parametrize(("first", "kept"), [(9, 5), (6, 6)])
def test_q8_goes_before_c1_where_the_creator_was_written_by_a_robot_that_had_not_seen_the_hand_over(first, kept):
    memory = seen(make_lead(**CREATED_BY_HAND | {"ASSIGNED_BY_ID": first}))
    lead = make_lead(**CREATED_BY_HAND | {"ASSIGNED_BY_ID": 8, "UPDATED_BY": 1})

    decision = decide(lead, memory, make_case(teams={}))

    assert written(decision) == {"ASSIGNED_BY_ID": kept}
    assert comments(decision) == []
    assert heir_of(decision) is None  # nobody's turn is taken
    assert not decide(lead, remembered(decision), make_case()).steps  # once


@pytest.mark.parametrize(("changes", "minutes"), [({"UPDATED_BY": 8}, 0), ({"ASSIGNED_BY_ID": 9}, 0), ({}, 60)])
def test_q8_what_a_person_changes_afterwards_stays(changes, minutes):
    memory = seen(make_lead(**CREATED_BY_HAND))
    lead = make_lead(**CREATED_BY_HAND | {"ASSIGNED_BY_ID": 8, "UPDATED_BY": 1} | changes)

    assert not decide(lead, memory, make_case(ts=NINE + minutes * 60)).steps
