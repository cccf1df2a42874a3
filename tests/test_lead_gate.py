"""The gate: Q2, Q3 and Q4, which C4 shares."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from crm_robots.robots.conversion.gate import at_gate
from crm_robots.shared.actions import AddComment, AddTodo, CompleteActivity, UpdateItem
from crm_robots.shared.gate.gaps import Field, Gap, is_empty, missing
from crm_robots.shared.gate.hold import goes_back
from crm_robots.shared.gate.memory import GateMemory
from crm_robots.shared.gate.rules import Gate
from crm_robots.shared.gate.stages import Order, Stage
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.markup import REFUSAL
from crm_robots.shared.portal import PortalRules

LEAD = ItemRef("lead", 17)
PORTAL = PortalRules("https://acme.bitrix24.example", "Europe/Moscow", "ru", (1,), 1)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = {"NEW": "Новый", "TALK": "Разговор", "OFFER": "КП", "SIGN": "Договор", "CONVERTED": "Готово"}
STAGES = tuple(Stage(code, name) for code, name in NAMES.items())
GATE = Gate("OFFER", STAGES)
INN = Gap("UF_INN", "ИНН")
PHONE = Gap("PHONE|EMAIL", "Телефон / E-mail")


def make_lead(stage_id="OFFER", semantics="P", **fields):
    common = {"TITLE": "Шторы", "STAGE_ID": stage_id, "STAGE_SEMANTIC_ID": semantics, "ASSIGNED_BY_ID": 7}
    return Item(LEAD, common | fields)


def held(lead, gaps, memory=GateMemory(), gate=GATE, history=("OFFER", "TALK", "NEW"), live=()):  # noqa: B008 - frozen
    return at_gate(lead, gaps, history, memory, gate, gate.order(live), NINE, PORTAL)


@pytest.mark.parametrize(
    ("value", "field_type", "empty"),
    [
        (None, "string", True),
        ("  ", "string", True),
        ([], "enumeration", True),
        ([""], "string", True),
        (False, "enumeration", True),
        (False, "boolean", False),
        ("N", "boolean", False),
        (0, "enumeration", True),
        ("0", "file", True),
        (0, "integer", False),
        (0.0, "double", False),
        ("|RUB", "money", True),
        ("0|RUB", "money", False),
        (("+7916",), "string", False),
    ],
)
def test_q2_what_counts_as_empty(value, field_type, empty):
    assert is_empty(value, field_type) is empty


def test_c4_either_of_two_fields_will_do():
    fields = {"PHONE": Field("Телефон"), "EMAIL": Field("E-mail")}
    wanted = [("PHONE", "EMAIL")]

    assert list(missing(make_lead(EMAIL=("a@b.c",)), wanted, fields, "ru")) == []
    assert list(missing(make_lead(PHONE=()), wanted, fields, "ru")) == [PHONE]


def test_q3_a_lead_with_gaps_goes_back_to_where_it_last_stood_before_the_gate():
    decision = held(make_lead("SIGN"), [INN], history=("SIGN", "OFFER", "NEW", "TALK"))

    move, comment, todo = decision.actions
    assert move == UpdateItem(LEAD, {"STAGE_ID": "NEW"}, {"STAGE_ID": "SIGN"}, rule="Q3")
    assert "ИНН" in comment.text
    assert "Новый" in comment.text
    assert todo.deadline == NINE + timedelta(hours=24)
    assert todo.responsible_id == 7
    assert decision.memory == GateMemory("", ("UF_INN",), todo.made, is_told=True)


def test_q3_without_history_it_goes_where_we_saw_it_last_else_to_the_stage_before_the_gate():
    remembered = held(make_lead(), [INN], GateMemory("NEW"), history=())
    unknown = held(make_lead(), [INN], history=("OFFER", "JUNK"))

    assert remembered.actions[0].fields == {"STAGE_ID": "NEW"}
    assert unknown.actions[0].fields == {"STAGE_ID": "TALK"}


@pytest.mark.parametrize(
    ("lead", "gate"),
    [
        (make_lead("CONVERTED", "S"), GATE),
        (make_lead(), Gate("OFFER", STAGES, returns=False)),
        (make_lead("NEW"), Gate("NEW", STAGES)),
    ],
    ids=["a converted lead", "on_gap: remind", "the gate is the first stage"],
)
def test_q3_some_leads_only_get_the_reminder(lead, gate):
    comment, todo = held(lead, [INN], gate=gate).actions

    assert isinstance(comment, AddComment)
    assert isinstance(todo, AddTodo)


@pytest.mark.parametrize("lead", [make_lead("TALK"), make_lead("JUNK", "F"), make_lead("UNKNOWN")])
def test_q3_before_the_gate_and_at_failed_stages_nothing_happens(lead):
    assert held(lead, [INN]).actions == ()


def test_q3_a_refused_move_is_told_and_tried_again_at_the_next_change():
    first = held(make_lead(), [INN])
    (step,) = first.steps
    assert REFUSAL in step.otherwise[0].text

    again = held(make_lead(), [INN], first.memory)
    assert again.actions == (UpdateItem(LEAD, {"STAGE_ID": "TALK"}, {"STAGE_ID": "OFFER"}, rule="Q3"),)


def test_q3_a_refused_move_waits_until_the_lead_has_changed():
    (step,) = held(make_lead(), [INN]).steps
    refused = step.memory_otherwise

    assert held(make_lead(MOVED_TIME="later"), [INN], refused).actions == ()
    assert not goes_back(make_lead(), [INN], refused, GATE, GATE.order())
    (move,) = held(make_lead(COMMENTS="звонил"), [INN], refused).actions
    assert move.fields == {"STAGE_ID": "TALK"}


def test_q3_c4_stages_count_as_they_stand_on_the_portal_today():
    added = (*STAGES[:2], Stage("VISIT", "Выезд"), *STAGES[2:])
    deleted = (STAGES[0], *STAGES[2:])
    moved = (STAGES[0], STAGES[2], STAGES[1], *STAGES[3:])

    assert held(make_lead(), [INN], history=("OFFER", "VISIT"), live=added).actions[0].fields == {"STAGE_ID": "VISIT"}
    assert held(make_lead(), [INN], live=deleted).actions[0].fields == {"STAGE_ID": "NEW"}
    assert held(make_lead("TALK"), [INN], history=("TALK",), live=moved).actions[0].fields == {"STAGE_ID": "NEW"}


def test_f3_c4_a_gate_that_was_deleted_is_looked_up_among_the_published_stages():
    live = tuple(stage for stage in STAGES if stage.id != "OFFER")

    assert held(make_lead("SIGN"), [INN], live=live).actions[0].fields == {"STAGE_ID": "TALK"}


def test_q4_the_same_gaps_are_not_announced_twice_and_new_ones_are():
    told = GateMemory("TALK", ("UF_INN", "PHONE|EMAIL"), 5)

    (move,) = held(make_lead(), [INN], told).actions
    assert isinstance(move, UpdateItem)

    refilled = GateMemory("TALK", ("UF_INN",), 5)
    move, comment, close, todo = held(make_lead(), [INN, PHONE], refilled).actions
    assert "E-mail" in comment.text
    assert close == CompleteActivity(5, rule="Q4", optional=True)
    assert isinstance(todo, AddTodo)


def test_q4_a_gap_that_was_filled_and_emptied_again_is_new():
    seen = held(make_lead("TALK"), [INN], GateMemory("TALK", ("UF_INN", "PHONE|EMAIL"), 5)).memory

    assert seen.announced == ("UF_INN",)
    assert "E-mail" in held(make_lead(), [INN, PHONE], seen).actions[1].text


def test_q4_the_last_gap_filled_is_told_once_and_the_todo_closed():
    decision = held(make_lead("TALK"), [], GateMemory("TALK", ("UF_INN",), 5))

    close, comment = decision.actions
    assert close == CompleteActivity(5, rule="Q4", optional=True)
    assert "заполнены" in comment.text
    assert held(make_lead("TALK"), [], decision.memory).actions == ()


def test_q4_a_wrong_number_that_gave_way_to_another_and_then_to_a_right_one_is_told_and_the_todo_closed():
    told = held(make_lead("TALK"), [Gap("UF_INN=2", "ИНН")], GateMemory("TALK", ("UF_INN=1",), 5)).memory

    decision = held(make_lead("TALK"), [], told)

    assert decision.steps[0].actions[0] == CompleteActivity(5, rule="Q4", optional=True)
    assert held(make_lead("TALK"), [], decision.memory).steps == ()


def test_q4_without_a_deadline_there_is_no_todo():
    move, comment = held(make_lead(), [INN], gate=Gate("OFFER", STAGES, todo_hours=None)).actions

    assert isinstance(move, UpdateItem)
    assert isinstance(comment, AddComment)


def test_history_matters_only_for_a_lead_that_goes_back():
    assert goes_back(make_lead(), [INN], GateMemory(), GATE, GATE.order())
    assert not goes_back(make_lead(), [], GateMemory(), GATE, GATE.order())
    assert not goes_back(make_lead("CONVERTED", "S"), [INN], GateMemory(), GATE, GATE.order())


def test_q3_c1_a_lead_is_put_back_to_where_it_stays_not_to_where_conversion_moves_it_on_from():
    stages = (Stage("NEW", "Новый лид"), Stage("ASSIGNED", "Менеджер назначен"), Stage("GATE", "КП отправлено"))
    alone = Order(stages, "GATE")
    beside_conversion = replace(alone, onward=("NEW", "ASSIGNED"))

    assert alone.return_to("NEW") == stages[0]
    assert beside_conversion.return_to("NEW") == stages[1]
    assert replace(alone, onward=("NEW", "GATE")).return_to("NEW") == stages[0]
