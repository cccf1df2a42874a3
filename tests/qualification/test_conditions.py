"""Q12 and Q13: lists that depend on each other, and fields that are asked for under conditions."""

import pytest
from crm_robots.robots.qualification.decide import decide
from crm_robots.robots.qualification.gaps import gaps
from crm_robots.robots.qualification.rules import Condition, Conditional, Direction, LeadField
from crm_robots.robots.qualification.values import values_of

from tests.support.qualification import (
    AREA,
    DIRECTION,
    FIELDS,
    FITTINGS,
    INTERESTS,
    LISTS,
    MACHINES,
    MATERIAL,
    ORDER_SIZE,
    STORES,
    THREADS,
    WHOLESALE,
    comments,
    make_case,
    make_lead,
    make_rules,
    seen,
    todos,
)

YES = LeadField("UF_CRM_VIP", "VIP", "boolean")


def rules_for(*required, **changes):
    directions = {WHOLESALE: Direction("Оптовик", required)}
    return make_rules(directions=directions, looked_at=(*FIELDS, *LISTS, YES), **changes)


def missing(rules, **fields):
    return gaps(values_of(make_lead(**{DIRECTION: WHOLESALE} | fields), rules), rules)


DEPENDENT = rules_for((MATERIAL,))


@pytest.mark.parametrize(
    ("interests", "material", "fits"),
    [
        ([THREADS], "61", True),
        ([THREADS, FITTINGS], "62", True),
        ([THREADS], "62", False),
        ([THREADS, FITTINGS], "63", False),
        ([MACHINES], "61", False),
    ],
)
def test_q12_a_value_fits_if_it_goes_with_any_chosen_item(interests, material, fits):
    found = missing(DEPENDENT, **{INTERESTS: interests, MATERIAL: material})

    assert found == (() if fits else ((MATERIAL,),))


def test_q12_an_empty_parent_is_a_gap_of_its_own_and_no_mismatch():
    assert missing(DEPENDENT, **{MATERIAL: "63"}) == ((INTERESTS,),)
    assert missing(DEPENDENT) == ((INTERESTS,), (MATERIAL,))


def test_q12_where_nothing_goes_with_the_parent_there_is_nothing_to_fill():
    assert missing(DEPENDENT, **{INTERESTS: [MACHINES]}) == ()
    assert missing(DEPENDENT, **{INTERESTS: [MACHINES, THREADS]}) == ((MATERIAL,),)


def test_q12_a_mismatch_where_the_field_is_not_required_is_nobodys_business():
    assert missing(rules_for((STORES,)), **{INTERESTS: [THREADS], MATERIAL: "63", STORES: 2}) == ()


def test_q12_of_two_fields_one_that_fits_is_enough():
    rules = rules_for((MATERIAL, STORES))

    assert missing(rules, **{INTERESTS: [THREADS], MATERIAL: "63"}) == ((MATERIAL, STORES),)
    assert missing(rules, **{INTERESTS: [THREADS], MATERIAL: "63", STORES: 1}) == ()


def at_gate(**fields):
    return make_lead("GATE", **{DIRECTION: WHOLESALE} | fields)


def test_q12_the_comment_says_what_does_not_fit():
    lead = at_gate(**{INTERESTS: [THREADS, FITTINGS], MATERIAL: "63"})

    told = comments(decide(lead, seen(case=make_case(rules=DEPENDENT)), make_case(rules=DEPENDENT)))[-1]

    assert "• Материал («Шторы» не относится к «Нитки», «Фурнитура»)" in told


def test_q12_every_value_that_does_not_fit_is_named():
    several = LeadField(MATERIAL, "Материал", "enumeration", True, LISTS[1].items, "", INTERESTS, LISTS[1].groups)
    rules = make_rules(
        directions={WHOLESALE: Direction("Оптовик", ((MATERIAL,),))}, looked_at=(*FIELDS, LISTS[0], several)
    )
    lead = at_gate(**{INTERESTS: [THREADS], MATERIAL: ["61", "62", "63"]})

    told = comments(decide(lead, seen(), make_case(rules=rules)))[-1]

    assert "(«Пуговицы» не относится к «Нитки»; «Шторы» не относится к «Нитки»)" in told


def test_q12_another_wrong_value_is_news_and_the_same_is_not():
    case = make_case(rules=DEPENDENT)
    wrong = at_gate(**{INTERESTS: [THREADS], MATERIAL: "63"})
    memory = seen(wrong, case=case)

    assert todos(decide(wrong, memory, case)) == []
    other = decide(at_gate(**{INTERESTS: [THREADS], MATERIAL: "62"}), memory, case)
    assert "«Пуговицы» не относится к «Нитки»" in comments(other)[-1]


def test_q13_all_conditions_must_hold_and_any_value_of_a_list_does():
    rules = rules_for(
        Conditional((AREA,), (Condition(INTERESTS, (THREADS, MACHINES)), Condition(STORES))),
    )

    assert missing(rules) == ()
    assert missing(rules, **{INTERESTS: [MACHINES]}) == ()
    assert missing(rules, **{INTERESTS: [FITTINGS], STORES: 2}) == ()
    assert missing(rules, **{INTERESTS: [FITTINGS, MACHINES], STORES: 2}) == ((AREA,),)
    assert missing(rules, **{INTERESTS: [FITTINGS, MACHINES], STORES: 2, AREA: 1}) == ()


def test_q13_filled_is_what_q2_calls_filled():
    """Q13, Q2: 0 of a number is a value, an emptied dropdown is not."""
    number = rules_for(Conditional((AREA,), (Condition(STORES),)))
    dropdown = rules_for(Conditional((AREA,), (Condition(ORDER_SIZE),)))

    assert missing(number, **{STORES: 0}) == ((AREA,),)
    assert missing(dropdown, **{ORDER_SIZE: 0}) == ()


def test_q13_yes_and_no_can_be_conditions():
    rules = rules_for(Conditional((AREA,), (Condition(YES.code, ("Y",)),)))

    assert missing(rules, **{YES.code: "N"}) == ()
    assert missing(rules, **{YES.code: "1"}) == ((AREA,),)


def test_q13_a_condition_may_ask_for_either_of_two():
    rules = rules_for(Conditional((AREA, ORDER_SIZE), (Condition(STORES, ("2",)),)))

    assert missing(rules, **{STORES: "2.0"}) == ((AREA, ORDER_SIZE),)
    assert missing(rules, **{STORES: 2, ORDER_SIZE: "21"}) == ()


def test_q13_required_always_may_have_conditions_too():
    rules = rules_for(required_always=(Conditional((AREA,), (Condition(STORES),)),))

    assert missing(rules, **{STORES: 5}) == ((AREA,),)


def test_q13_people_read_labels_never_ids():
    case = make_case(rules=rules_for(Conditional((AREA,), (Condition(STORES),))))

    assert "• Площадь" in comments(decide(at_gate(**{STORES: 5}), seen(), case))[-1]
