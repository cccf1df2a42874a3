"""Q7: changes that wait for consent."""

import pytest
from crm_robots.robots.qualification.decide import decide
from crm_robots.shared.actions import Notify
from crm_robots.shared.items import Item
from crm_robots.shared.markup import REFUSAL
from crm_robots.shared.tokens import digest_of

from tests.support.qualification import (
    DIRECTION,
    HOUR,
    INDIVIDUAL,
    NINE,
    PRODUCTS,
    RULES,
    SEWING,
    STORES,
    VOLUME,
    WHOLESALE,
    answer,
    applied,
    comments,
    make_case,
    make_lead,
    make_rules,
    of,
    remembered,
    seen,
    written,
)

FULL = {DIRECTION: SEWING, VOLUME: 31, PRODUCTS: [41, 42]}
CHANGED = FULL | {VOLUME: 32}


def asked(changed=CHANGED, memory=None, **case):
    """A person changes the field; the decision, the lead as it then is, and what is remembered."""
    lead = make_lead(**changed)
    decision = decide(lead, memory or seen(make_lead(**FULL)), make_case(**case))
    return decision, applied(lead, decision), remembered(decision)


def test_q7_a_change_of_a_filled_field_is_put_back_and_asked_about():
    decision, _, memory = asked()
    assert written(decision) == {VOLUME: 31}
    link = "[URL=https://api.example/prod/confirm/17-token]Подтвердить или отклонить[/URL]"
    (comment,), (notice,) = comments(decision), of(decision, Notify)
    assert comment == (
        "Изменение ждёт подтверждения, пока возвращено прежнее значение:\n"
        f"• Объёмы: до 500 → 500 – 5 000\n{link}. Ссылка действует 24 ч."
    )
    assert notice.user_id == 8
    assert link in notice.text
    assert "[URL=https://acme.bitrix24.example/crm/lead/details/17/]Нитки[/URL]" in notice.text
    assert memory.question.new == {VOLUME: "32"}


def test_q7_only_the_hash_of_the_link_is_kept():
    _, _, memory = asked()
    assert memory.question.digest == digest_of("17-token")
    assert "17-token" not in repr(memory)


def test_q7_the_notice_stands_behind_what_a_retry_can_look_up():
    decision, _, _ = asked()
    assert [type(action).__name__ for action in decision.actions] == ["UpdateItem", "AddComment", "Notify"]
    assert [action.optional for action in decision.actions] == [False, True, True]


def test_q7_our_own_writing_back_asks_nothing():
    _, lead, memory = asked()
    assert decide(lead, memory, make_case(token="17-other")).actions == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FULL | {VOLUME: None}, FULL),
        ({DIRECTION: INDIVIDUAL, VOLUME: 31}, {DIRECTION: INDIVIDUAL, VOLUME: 32}),
        (FULL | {STORES: 2}, FULL | {STORES: 3}),
    ],
)
def test_q7_filling_an_empty_field_or_one_of_another_direction_needs_nobody(before, after):
    decision = decide(make_lead(**after), seen(make_lead(**before)), make_case())
    assert written(decision) == {}
    assert "Изменено" in comments(decision)[0]


def test_q7_clearing_a_filled_field_needs_consent_and_makes_no_gap():
    decision, _, _ = asked(FULL | {PRODUCTS: False, "STAGE_ID": "GATE"})
    assert written(decision) == {PRODUCTS: [41, 42]}
    assert "Трикотаж, Спецодежда → не заполнено" in comments(decision)[0]


def test_q7_confirm_writes_the_value():
    _, lead, memory = asked()
    decision = decide(lead, memory, make_case(**answer(memory, confirms=True)))
    assert written(decision) == {VOLUME: 32}
    assert comments(decision) == ["Изменение подтверждено по ссылке:\n• Объёмы: до 500 → 500 – 5 000"]
    after = remembered(decision)
    assert after.answered[memory.question.digest] == "confirmed"
    assert decide(applied(lead, decision), after, make_case()).actions == ()


def test_q7_confirming_an_emptied_field_empties_it_and_opens_the_gap():
    _, lead, memory = asked(FULL | {PRODUCTS: [], "STAGE_ID": "OFFER"})
    decision = decide(lead, memory, make_case(**answer(memory, confirms=True)))
    assert written(decision)[PRODUCTS] is None
    assert written(decision)["STAGE_ID"] == "NEW"
    assert "• Что шьют" in comments(decision)[-1]


def test_q7_decline_keeps_the_old_value():
    _, lead, memory = asked()
    decision = decide(lead, memory, make_case(**answer(memory, confirms=False)))
    assert written(decision) == {}
    assert comments(decision) == [
        "Изменение отклонено по ссылке, остаётся прежнее значение:\n• Объёмы: до 500 (предлагалось: 500 – 5 000)"
    ]
    assert remembered(decision).question is None


def test_q7_a_link_works_once():
    _, lead, memory = asked()
    case = make_case(**answer(memory, confirms=False))
    after = remembered(decide(lead, memory, case))
    again = make_case(**answer(memory, confirms=True))
    assert decide(lead, after, again).actions == ()


def test_q7_a_late_answer_is_no_answer():
    _, lead, memory = asked()
    late = answer(memory, confirms=True, received=1000.0 + 24 * HOUR + 1)
    decision = decide(lead, memory, make_case(**late))
    assert written(decision) == {}
    assert comments(decision)[0].startswith("Изменение не подтвердили вовремя")


def test_q7_an_event_after_the_term_ends_the_question():
    _, lead, memory = asked()
    assert decide(lead, memory, make_case(ts=NINE + 24 * HOUR)).actions == ()
    decision = decide(lead, memory, make_case(ts=NINE + 24 * HOUR + 1))
    assert comments(decision)[0].startswith("Изменение не подтвердили вовремя")
    assert remembered(decision).answered[memory.question.digest] == "lapsed"


def test_q7_an_answer_in_time_counts_however_late_the_event_beside_it_is():
    _, lead, memory = asked()
    case = make_case(ts=NINE + 48 * HOUR, **answer(memory, confirms=True))
    assert written(decide(lead, memory, case)) == {VOLUME: 32}


def test_q7_a_second_change_replaces_the_waiting_one():
    _, _, memory = asked()
    decision, _, after = asked(FULL | {VOLUME: None}, memory, token="17-second")
    assert written(decision) == {VOLUME: 31}
    assert "Прежняя ссылка больше не действует." in comments(decision)[0]
    assert after.answered == {memory.question.digest: "replaced"}
    assert after.question.new == {VOLUME: None}


def test_q7_a_second_change_of_another_field_is_asked_together_with_the_first():
    _, _, memory = asked()
    _, _, after = asked(FULL | {PRODUCTS: [41]}, memory, token="17-second")
    assert after.question.new == {VOLUME: "32", PRODUCTS: ("41",)}
    decision = decide(make_lead(**FULL), after, make_case(**answer(after, confirms=True)))
    assert written(decision) == {VOLUME: 32, PRODUCTS: [41]}


def test_q7_two_fields_at_once_are_one_question():
    decision, _, memory = asked(FULL | {VOLUME: 32, PRODUCTS: [41]})
    assert written(decision) == {VOLUME: 31, PRODUCTS: [41, 42]}
    assert len(memory.question.lines) == 2


def test_q7_other_changes_of_the_same_save_are_told_along():
    decision, _, _ = asked(CHANGED | {STORES: 3})
    assert comments(decision)[0].endswith("Изменено:\n• Магазинов: не заполнено → 3")
    assert len(comments(decision)) == 1


def test_q7_a_new_direction_that_asks_no_consent_sets_the_field_free():
    decision, _, _ = asked(CHANGED | {DIRECTION: INDIVIDUAL})
    assert written(decision) == {}


def test_q7_a_direction_may_need_consent_itself():
    sewing = RULES.directions[SEWING]
    strict = make_rules(
        directions=RULES.directions | {SEWING: type(sewing)(sewing.label, sewing.required, (DIRECTION, VOLUME))}
    )
    case = make_case(rules=strict)
    decision = decide(make_lead(**CHANGED | {DIRECTION: WHOLESALE}), seen(make_lead(**FULL), case=case), case)
    assert written(decision) == {DIRECTION: 13, VOLUME: 31}


def test_q7_the_portal_refuses_to_restore_the_value():
    decision, _, _ = asked()
    (step,) = decision.steps
    (told,) = step.otherwise
    assert REFUSAL in told.text
    assert "Объёмы: до 500 → 500 – 5 000" in told.text
    assert decide(make_lead(**CHANGED), step.memory_otherwise, make_case()).actions == ()


def test_q7_the_portal_refuses_the_confirmed_value():
    _, lead, memory = asked()
    (step,) = decide(lead, memory, make_case(**answer(memory, confirms=True))).steps
    assert REFUSAL in step.otherwise[0].text
    assert step.memory_otherwise.answered[memory.question.digest] == "refused"
    assert decide(lead, step.memory_otherwise, make_case()).actions == ()


def test_q7_an_answer_meets_a_value_that_was_changed_otherwise():
    _, lead, memory = asked()
    free = Item(lead.ref, {**lead.fields, DIRECTION: INDIVIDUAL, VOLUME: None})
    decision = decide(free, memory, make_case(**answer(memory, confirms=True)))
    assert written(decision) == {}
    assert remembered(decision).answered[memory.question.digest] == "overtaken"


def test_q7_without_the_address_of_the_api_nothing_is_put_back():
    memory = seen(make_lead(**FULL), case=make_case(base=""))
    assert written(asked(memory=memory, base="")[0]) == {}


def test_q7_the_address_of_the_api_is_remembered():
    assert "https://api.example/prod/confirm/" in comments(asked(base="")[0])[0]


def test_q7_in_english():
    decision, _, _ = asked(language="en")
    assert comments(decision)[0].startswith("A change waits for consent; for now the old value is back:")
    assert "Confirm or decline" in of(decision, Notify)[0].text
