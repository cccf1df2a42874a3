"""Whose turn it is to make a client that several leads name."""

import pytest
from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.robots.conversion.claims import Claims
from crm_robots.shared.actions import AddItem
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.plan import Cause, Plan

PHONE = "+79161234567"
MAKES = Decision(None, step(AddItem("contact", "contact", {"PHONE": [PHONE]}, "lead:1:contact")))


@pytest.fixture
def table(dynamodb):
    return MemoryTable(dynamodb, "MemoryTable")


def claims(table, at=1000.0):
    """As they stand now, before the client is looked up."""
    leads = [Item(ItemRef("lead", 1), {"PHONE": ("8 916 123-45-67",)})]
    return Claims(table, leads, "UF_CRM_INN", "RU", clock=lambda: at)


def record(table, lead):
    return table.load("conversion", [lead])[lead]


def test_c3_whoever_looked_before_another_took_the_turn_looks_again(table):
    first, second = claims(table), claims(table)
    first.take(record(table, "lead:1"), MAKES)

    with pytest.raises(Contended):
        second.take(record(table, "lead:2"), MAKES)


def test_c3_two_leads_of_one_window_do_not_both_go_on(table):
    window = claims(table)
    window.take(record(table, "lead:1"), MAKES)

    with pytest.raises(Contended):
        window.take(record(table, "lead:2"), MAKES)


def test_c3_a_turn_whose_plan_is_open_or_not_yet_written_down_is_waited_for(table):
    lead = record(table, "lead:1")
    claims(table).take(lead, MAKES)
    with pytest.raises(Contended):
        claims(table).take(record(table, "lead:2"), MAKES)

    lead.plan = Plan(1, Cause("ONCRMLEADADD", "lead:1", 1), MAKES)
    table.save(lead)
    with pytest.raises(Contended):
        claims(table, at=1e6).take(record(table, "lead:2"), MAKES)


def test_c3_after_the_plan_it_is_the_next_ones_turn_and_only_one_of_them_takes_it(table):
    lead = record(table, "lead:1")
    claims(table).take(lead, MAKES)
    table.save(lead)

    second, third = claims(table), claims(table)
    second.take(record(table, "lead:2"), MAKES)
    with pytest.raises(Contended):
        third.take(record(table, "lead:3"), MAKES)


def test_f4_a_function_that_died_with_its_turn_holds_nobody_up_for_long(table):
    claims(table).take(record(table, "lead:1"), MAKES)

    claims(table, at=1151.0).take(record(table, "lead:2"), MAKES)


def test_c3_the_same_lead_takes_its_turn_again(table):
    claims(table).take(record(table, "lead:1"), MAKES)

    claims(table).take(record(table, "lead:1"), MAKES)
