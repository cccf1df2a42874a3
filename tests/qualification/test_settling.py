"""W7, Q1: whatever people do, the robot comes to rest, and what it leaves behind obeys the rules."""

from dataclasses import replace

from crm_robots.robots.qualification.decide import decide
from crm_robots.robots.qualification.gaps import gaps
from crm_robots.robots.qualification.memory import LeadMemory
from crm_robots.robots.qualification.values import values_of
from crm_robots.shared.items import Item
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.qualification import (
    AREA,
    DIRECTION,
    NINE,
    ORDER_SIZE,
    PRODUCTS,
    RULES,
    STAGES,
    STORES,
    VOLUME,
    answer,
    applied,
    make_case,
    make_lead,
    make_team,
    remembered,
    todos,
)

EDITS = st.one_of(
    st.tuples(st.just("STAGE_ID"), st.sampled_from([stage.id for stage in STAGES])),
    st.tuples(st.just(DIRECTION), st.sampled_from([None, 11, "12", 13, 14])),
    st.tuples(st.just(ORDER_SIZE), st.sampled_from([None, 21, "22"])),
    st.tuples(st.just(VOLUME), st.sampled_from([None, False, 31, 32])),
    st.tuples(st.just(PRODUCTS), st.sampled_from([[], [41], ["42", 41]])),
    st.tuples(st.just(STORES), st.sampled_from([None, 0, 5])),
    st.tuples(st.just(AREA), st.sampled_from(["", 12.5])),
    st.tuples(st.just("ASSIGNED_BY_ID"), st.sampled_from([5, 8, 9])),
)
DAYS = st.lists(
    st.tuples(st.lists(EDITS, min_size=1, max_size=3), st.sampled_from([None, True, False]), st.booleans()),
    min_size=1,
    max_size=8,
)


def rest(lead: Item, memory: LeadMemory, case) -> tuple[Item, LeadMemory]:
    """Events of our own writes, until there are none; the second one may not write any more."""
    for echo in range(3):
        decision = decide(lead, memory, case)
        lead, memory = applied(lead, decision), remembered(decision, todo=100 + len(todos(decision)))
        if not decision.actions:
            return lead, memory
        assert echo < 2, decision.actions
        case = replace(case, answers=(), token=f"{case.token}x")
    raise AssertionError("no rest")


@settings(max_examples=150, deadline=None)
@given(DAYS)
def test_w7_people_edit_and_answer_at_random_and_the_robot_settles(days):
    lead, memory, team = make_lead(), LeadMemory(), make_team()
    for number, (edits, answered, coalesced) in enumerate(days):
        case = make_case(token=f"17-{number}", ts=NINE + number, teams={5: team})
        if answered is not None and memory.question:
            case = replace(case, **answer(memory, confirms=answered))
        for field, value in edits:
            lead = Item(lead.ref, {**lead.fields, field: value})
            if not coalesced:
                lead, memory = rest(lead, memory, case)
        lead, memory = rest(lead, memory, case)

        missing = gaps(values_of(lead, RULES), RULES)
        assert not (missing and lead.stage_id in ("GATE", "OFFER"))
        assert bool(missing) or not memory.reminded
        assert memory.values == values_of(lead, RULES)
