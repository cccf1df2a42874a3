"""Q1, Q3, Q4: a lead with gaps at the gate."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from crm_robots.robots.qualification.decide import decide
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.gate.stages import Stage, order_of
from crm_robots.shared.markup import REFUSAL

from tests.support.qualification import (
    DIRECTION,
    INDIVIDUAL,
    NINE,
    PRODUCTS,
    SEWING,
    STAGES,
    VOLUME,
    applied,
    closed,
    comments,
    make_case,
    make_lead,
    make_rules,
    remembered,
    seen,
    todos,
    written,
)

GAPS = {DIRECTION: SEWING}
FULL = {DIRECTION: SEWING, VOLUME: "31", PRODUCTS: [41]}


def test_q3_a_lead_with_gaps_goes_back_to_where_it_last_stood():
    memory = seen(make_lead("NEW", **GAPS), make_lead("IN_PROCESS", **GAPS), make_lead("NEW", **GAPS))
    assert written(decide(make_lead("GATE", **GAPS), memory, make_case())) == {"STAGE_ID": "NEW"}


@pytest.mark.parametrize("stage", ["GATE", "OFFER"])
def test_q3_the_gate_and_everything_past_it_is_closed_to_gaps(stage):
    decision = decide(make_lead(stage, **GAPS), seen(make_lead("NEW", **GAPS)), make_case())
    assert written(decision) == {"STAGE_ID": "NEW"}


@pytest.mark.parametrize("stage", ["NEW", "IN_PROCESS", "JUNK"])
def test_q3_before_the_gate_and_at_failed_stages_gaps_are_nobodys_business(stage):
    decision = decide(make_lead(stage, **GAPS), LeadMemory(), make_case())
    assert [text for text in comments(decision) if "Для направления" not in text] == []
    assert (written(decision), todos(decision)) == ({}, [])


def test_q3_without_a_memory_the_portals_history_tells():
    case = make_case(history=("GATE", "JUNK", "NEW", "IN_PROCESS"))
    assert written(decide(make_lead("GATE", **GAPS), LeadMemory(), case)) == {"STAGE_ID": "NEW"}


def test_q3_history_knows_of_a_stop_that_no_event_told_us_of():
    memory = seen(make_lead("NEW", **GAPS))
    case = make_case(history=("GATE", "IN_PROCESS", "NEW"))
    assert written(decide(make_lead("GATE", **GAPS), memory, case)) == {"STAGE_ID": "IN_PROCESS"}


def test_q3_a_history_that_lags_behind_is_not_believed():
    memory = seen(make_lead("IN_PROCESS", **GAPS))
    assert written(decide(make_lead("GATE", **GAPS), memory, make_case(history=("NEW",)))) == {"STAGE_ID": "IN_PROCESS"}


def test_q3_nobody_knows_where_it_stood_so_it_goes_just_before_the_gate():
    case = make_case(history=("GATE",))
    assert written(decide(make_lead("GATE", **GAPS), LeadMemory(), case)) == {"STAGE_ID": "IN_PROCESS"}


def test_q3_a_stage_that_was_deleted_meanwhile_gives_way_to_the_one_before_the_gate():
    memory = seen(make_lead("NEW", **GAPS))
    case = make_case(stages=STAGES[1:], history=("GATE", "NEW"))
    assert written(decide(make_lead("GATE", **GAPS), memory, case)) == {"STAGE_ID": "IN_PROCESS"}


def test_q3_stages_that_were_moved_since_publishing_count_as_they_stand_now():
    moved = (STAGES[0], STAGES[2], STAGES[1], *STAGES[3:])
    decision = decide(make_lead("IN_PROCESS", **GAPS), seen(make_lead("NEW", **GAPS)), make_case(stages=moved))
    assert written(decision) == {"STAGE_ID": "NEW"}


def test_q3_nothing_lies_before_the_gate():
    decision = decide(make_lead("GATE", **GAPS), LeadMemory(), make_case(stages=STAGES[2:]))
    assert written(decision) == {}
    assert "не заполнены" in comments(decision)[0]


def test_q3_a_converted_lead_is_reminded_of_and_not_moved():
    decision = decide(make_lead("CONVERTED", **GAPS), seen(make_lead("NEW", **GAPS)), make_case())
    assert written(decision) == {}
    assert comments(decision) == ["Лид уже сконвертирован, а обязательные поля не заполнены:\n• Объёмы\n• Что шьют"]
    assert todos(decision)


def test_q3_on_gap_remind_moves_nothing():
    case = make_case(rules=make_rules(returns=False))
    decision = decide(make_lead("GATE", **GAPS), seen(make_lead("NEW", **GAPS), case=case), case)
    assert written(decision) == {}
    assert "Лид на стадии «Квалификация пройдена»" in comments(decision)[0]
    assert todos(decision)


def test_q3_a_refused_move_is_told_in_the_portals_words_and_tried_again_at_the_next_change():
    case, lead = make_case(), make_lead("GATE", **GAPS)
    decision = decide(lead, seen(make_lead("NEW", **GAPS)), case)
    (step,) = decision.steps
    (told, *rest) = step.otherwise
    assert REFUSAL in told.text
    assert "• Объёмы\n• Что шьют" in told.text
    assert [type(one).__name__ for one in rest] == ["AddTodo"]

    refused = step.memory_otherwise
    assert [type(one) for one in step.actions if not one.optional] == [UpdateItem]
    assert decide(lead, refused, case).actions == ()
    again = decide(make_lead("GATE", **GAPS, COMMENTS="звонил"), refused, case)
    assert written(again) == {"STAGE_ID": "NEW"}
    assert comments(again) == []
    assert [step.otherwise for step in again.steps] == [()]


def test_q3_a_lead_that_comes_again_with_the_same_gaps_is_moved_again_without_a_word():
    case = make_case()
    memory = seen(make_lead("NEW", **GAPS), make_lead("GATE", **GAPS), make_lead("NEW", **GAPS))
    decision = decide(make_lead("OFFER", **GAPS), memory, case)
    assert [type(one) for one in decision.actions] == [UpdateItem]
    assert [type(one).__name__ for one in decision.steps[0].otherwise] == ["AddComment"]


def test_q4_the_comment_lists_what_is_missing_and_the_todo_is_due_a_day_later():
    decision = decide(make_lead("GATE", **GAPS), seen(make_lead("NEW", **GAPS)), make_case())
    assert comments(decision) == [
        "Лид возвращён на стадию «Новый»: не заполнены обязательные поля.\n• Объёмы\n• Что шьют"
    ]
    (todo,) = todos(decision)
    nine = datetime.fromtimestamp(NINE, ZoneInfo("Europe/Moscow"))
    assert (todo.responsible_id, todo.deadline) == (8, nine + timedelta(hours=24))
    assert todo.deadline.isoformat() == "2026-01-13T09:00:00+03:00"
    assert todo.title == "Заполнить: Объёмы, Что шьют"


def test_q4_no_todo_where_none_is_wanted():
    case = make_case(rules=make_rules(todo_hours=None))
    decision = decide(make_lead("GATE", **GAPS), LeadMemory(), case)
    assert todos(decision) == []
    assert len(comments(decision)) == 1


def test_q4_either_of_two_is_one_line():
    case = make_case(rules=make_rules(required_always=(("PHONE", "EMAIL"),)))
    decision = decide(make_lead("GATE", **{DIRECTION: INDIVIDUAL}), LeadMemory(), case)
    assert comments(decision)[0].endswith("• Телефон или E-mail")


def test_q4_new_gaps_are_announced_and_replace_the_todo():
    memory = seen(make_lead("NEW"), make_lead("GATE"), make_lead("NEW", **GAPS))
    decision = decide(make_lead("GATE", **GAPS), memory, make_case())
    assert "• Объёмы" in comments(decision)[-1]
    assert closed(decision) == [99]
    assert len(todos(decision)) == 1


def test_q4_a_gap_that_was_filled_and_emptied_again_is_new():
    case = make_case(rules=make_rules(directions={}, required_always=((VOLUME,), (PRODUCTS,))))
    half = {**GAPS, VOLUME: 31}
    memory = seen(make_lead("GATE", **GAPS), make_lead("NEW", **half), case=case)
    assert len(todos(decide(make_lead("GATE", **GAPS), memory, case))) == 1


def test_q4_fewer_gaps_are_no_news():
    memory = seen(make_lead("GATE", **GAPS), make_lead("NEW", **GAPS, **{VOLUME: 31}))
    assert comments(decide(make_lead("GATE", **GAPS, **{VOLUME: 31}), memory, make_case())) == []


def test_q4_the_last_gap_filled_is_told_once_and_closes_the_todo():
    memory = seen(make_lead("GATE", **GAPS), make_lead("NEW", **GAPS))
    decision = decide(make_lead("NEW", **FULL), memory, make_case())
    assert comments(decision)[0].endswith("Все обязательные поля заполнены.")
    assert closed(decision) == [99]
    assert decide(make_lead("GATE", **FULL), remembered(decision), make_case()).actions == ()


def test_q4_filling_before_anybody_was_reminded_is_no_news():
    assert comments(decide(make_lead("NEW", **FULL), seen(make_lead("NEW", **GAPS)), make_case()))[0].count("\n\n") == 0


def test_q1_deciding_again_on_what_was_done_decides_nothing():
    lead, case = make_lead("GATE", **GAPS), make_case()
    decision = decide(lead, LeadMemory(), case)
    assert decide(applied(lead, decision), remembered(decision), case).actions == ()


def test_q1_the_same_event_twice_acts_once():
    case = make_case(rules=make_rules(returns=False))
    lead = make_lead("GATE", **GAPS)
    assert decide(lead, seen(lead, case=case), case).actions == ()


def test_q3_in_english():
    decision = decide(make_lead("GATE", **GAPS), LeadMemory(), make_case("en"))
    assert comments(decision)[0].startswith("The lead was put back to the stage “В работе”")
    assert todos(decision)[0].title == "Fill in: Объёмы, Что шьют"


def test_q3_a_stage_that_is_new_on_the_portal_counts():
    stages = (*STAGES[:2], Stage("TALK", "Переговоры"), *STAGES[2:])
    memory = seen(make_lead("TALK", **GAPS), case=make_case(stages=stages))
    assert written(decide(make_lead("GATE", **GAPS), memory, make_case(stages=stages))) == {"STAGE_ID": "TALK"}


def test_f3_a_gate_that_was_deleted_is_looked_up_among_the_published_stages():
    order = order_of([stage for stage in STAGES if stage.id != "GATE"], STAGES, "GATE")
    assert order.is_past("OFFER")
    assert not order.is_past("IN_PROCESS")
