"""R1–R8 as decisions: plain values in, actions out."""

import msgspec
import pytest
from crm_robots.engine.references import resolve_memory
from crm_robots.robots.routing import draw
from crm_robots.robots.routing.ballot import Company, ballot
from crm_robots.robots.routing.decide import decide
from crm_robots.robots.routing.facts import ControlTask, Facts
from crm_robots.robots.routing.memory import Draw, MainDraw, RoutingMemory
from crm_robots.robots.routing.reasons import why
from crm_robots.robots.routing.report import to_draw
from crm_robots.robots.routing.rules import RoutingRules
from crm_robots.shared.actions import AddComment, AddItem, AddTask, CompleteTask, Notify, UpdateItem, UpdateTask
from crm_robots.shared.decision import Decision
from crm_robots.shared.items import Item
from crm_robots.shared.people import Directory

from tests.support.routing import (
    BORIS,
    CLARA,
    DESIGN,
    DIMA,
    DIRECTORY,
    EVA,
    FEDOR,
    MOUNTING,
    PORTAL,
    REPAIR,
    RULES,
    make_deal,
    make_facts,
    make_lead,
    make_rules,
)

SEEN = RoutingMemory(seen=True, visit_wanted=True, visit_task=70)
LEADING = MainDraw(BORIS, "first", (BORIS,))


def drawn(service: int, manager: int) -> Draw:
    return Draw(service=service, label=f"Услуга {service}", department=20, department_name="Отдел", manager=manager,
                way="random", at=0, eligible=(manager, 99))  # fmt: skip


def judged(
    lead: Item, memory: RoutingMemory = SEEN, facts: Facts | None = None, rules: RoutingRules = RULES
) -> Decision:
    """A decision after drawing everything by the chance 0."""
    facts = facts or make_facts()
    wanted = to_draw(lead, memory, rules, born=facts.born)
    ballots = [ballot(service, lead, facts.company, []) for service in wanted]
    draws = [draw.kept(one, facts.ts) or draw.at_random(one, 0.0, facts.ts) for one in ballots]
    return decide(lead, memory, draws, facts, rules, PORTAL)


def of[A](decision: Decision, kind: type[A]) -> list[A]:
    return [action for action in decision.actions if isinstance(action, kind)]


def remembered(decision: Decision, **made: int) -> RoutingMemory:
    return msgspec.json.decode(resolve_memory(decision.memory, made), type=RoutingMemory)


def test_r1_the_visit_names_address_and_phone():
    lead = make_lead(PHONE=("+7 916 000",), ADDRESS="Ленина, 5", ADDRESS_CITY="Тверь")
    (task,) = of(judged(lead, RoutingMemory(), make_facts(born=True)), AddTask)

    assert "+7 916 000" in task.description
    assert "Тверь, Ленина, 5" in task.description
    assert (task.responsible_id, task.bindings, task.title) == (FEDOR, (lead.ref,), "Выезд: Ромашка")


def test_r1_a_named_representative_goes_unless_they_left():
    facts = make_facts(born=True)
    for representative, goes in ((EVA, EVA), (7, FEDOR)):
        (task,) = of(judged(make_lead(), RoutingMemory(), facts, make_rules(representative=representative)), AddTask)
        assert task.responsible_id == goes


@pytest.mark.parametrize(
    ("creator", "born", "goes"),
    [(EVA, True, EVA), (1, True, FEDOR), (7, True, FEDOR), (None, True, FEDOR), (EVA, False, FEDOR)],
)
def test_r1_c1_a_new_lead_is_visited_by_whoever_gets_it_at_this_moment(creator, born, goes):
    """R1, C1: its creator, if that is a person who works here and not the robots' own user; once the lead was given
    to somebody, that one."""
    rules, lead = make_rules(creator_leads=True), make_lead(CREATED_BY=creator)
    (task,) = of(judged(lead, RoutingMemory(), make_facts(born=born), rules), AddTask)
    assert task.responsible_id == goes


@pytest.mark.parametrize(
    ("lead", "born"),
    [(make_lead(STAGE_SEMANTIC_ID="F"), True), (make_lead(CREATED_TIME="2025-01-01T00:00:00+03:00"), False)],
)
def test_r1_closed_leads_and_old_ones_are_not_visited(lead, born):
    assert of(judged(lead, RoutingMemory(), make_facts(born=born)), AddTask) == []


def test_r1_the_event_of_birth_may_come_after_others():
    before = judged(make_lead(CREATED_TIME=""), RoutingMemory())
    assert of(before, AddTask) == []
    assert len(of(judged(make_lead(), remembered(before), make_facts(born=True)), AddTask)) == 1


@pytest.mark.parametrize("stage", ["CONVERTED", "JUNK"])
def test_r1_the_visits_task_ends_with_the_lead_once(stage):
    lead = make_lead(STAGE_ID=stage, STAGE_SEMANTIC_ID="S" if stage == "CONVERTED" else "F")

    decision = judged(lead)

    assert of(decision, CompleteTask) == [CompleteTask(70, rule="R1", optional=True)]
    assert of(judged(lead, decision.memory), CompleteTask) == []


def test_r1_the_visits_task_ends_with_the_report():
    assert of(judged(make_lead(MOUNTING)), CompleteTask) == [CompleteTask(70, rule="R1", optional=True)]
    assert of(judged(make_lead()), CompleteTask) == []


@pytest.mark.parametrize(
    ("visitor", "responsible", "goes"),
    [(BORIS, BORIS, [CLARA]), (CLARA, BORIS, []), (0, BORIS, []), (BORIS, CLARA, []), (BORIS, 0, [])],
    ids=["hand-over", "has it already", "of an older version", "nothing changed", "not seen before"],
)
def test_r1_the_visits_task_goes_along_when_the_lead_changes_hands(visitor, responsible, goes):
    memory = msgspec.structs.replace(SEEN, visitor=visitor, responsible=responsible)

    decision = judged(make_lead(ASSIGNED_BY_ID=CLARA), memory)

    assert [task.fields["RESPONSIBLE_ID"] for task in of(decision, UpdateTask)] == goes


def test_r1_a_repeat_lead_shows_its_contacts_phone():
    contact = Item(make_deal(5, 1).ref._replace(kind="contact"), {"NAME": "Анна", "PHONE": ("+7 917",)})
    (task,) = of(judged(make_lead(CONTACT_ID=5), RoutingMemory(), make_facts(born=True, contact=contact)), AddTask)
    assert "+7 917" in task.description
    assert "Контактное лицо: Анна" in task.description


def test_r2_nothing_is_drawn_before_the_report_is_complete():
    rules = make_rules(reported_stages=frozenset({"VISITED", "CONVERTED"}))

    assert judged(make_lead(MOUNTING), rules=rules).actions == ()
    assert len(of(judged(make_lead(MOUNTING, STAGE_ID="VISITED"), rules=rules), AddItem)) == 1


def test_r2_ticks_that_were_set_before_the_report_stage_count_once_it_comes():
    """R2: the report is the ticks and `report_stage`, in whatever order."""
    rules = make_rules(reported_stages=frozenset({"VISITED"}))
    before = judged(make_lead(MOUNTING), RoutingMemory(), make_facts(born=True), rules)

    later = judged(make_lead(MOUNTING, STAGE_ID="VISITED"), remembered(before, visit=70), rules=rules)
    assert [one.key for one in of(later, AddItem)] == [f"deal_{MOUNTING}"]


def test_r2_ticks_on_a_lead_that_was_closed_before_the_robot_saw_it_are_history():
    lead = make_lead(MOUNTING, STAGE_SEMANTIC_ID="S")
    decision = judged(lead, RoutingMemory())

    assert decision.actions == ()
    memory = remembered(decision)
    assert judged(lead, memory).actions == ()
    added = of(judged(make_lead(MOUNTING, DESIGN, STAGE_SEMANTIC_ID="S"), memory), AddItem)
    assert [one.key for one in added] == [f"deal_{DESIGN}"]


def test_r2_w6_a_new_lead_that_was_ticked_and_won_before_its_first_event_was_read_is_drawn_for():
    """R2, W6: updates within one second, the creation among them, are seen as one."""
    decision = judged(make_lead(MOUNTING, STAGE_SEMANTIC_ID="S"), RoutingMemory(), make_facts(born=True))
    assert [one.key for one in of(decision, AddItem)] == [f"deal_{MOUNTING}"]

    lost = judged(make_lead(MOUNTING, STAGE_SEMANTIC_ID="F"), RoutingMemory(), make_facts(born=True))
    assert lost.actions == ()


def test_r2_a_lost_lead_takes_nobodys_turn():
    assert to_draw(make_lead(MOUNTING, STAGE_SEMANTIC_ID="F"), SEEN, RULES, born=False) == ()
    assert [one.item for one in to_draw(make_lead(MOUNTING), SEEN, RULES, born=False)] == [MOUNTING]


def test_r5_a_deal_has_its_service_client_comment_managers_and_observers():
    lead = make_lead(MOUNTING, DESIGN, CONTACT_IDS=[8], COMPANY_ID=9, UF_CRM_COMMENT="Забор", SOURCE_ID="WEB")
    decision = judged(lead)
    mounting, design = of(decision, AddItem)

    assert mounting.mark == f"lead:17:service:{MOUNTING}"
    assert mounting.fields == {
        "TITLE": "Монтаж: Ромашка",
        "CATEGORY_ID": 2,
        "STAGE_ID": "C2:NEW",
        "ASSIGNED_BY_ID": BORIS,
        "LEAD_ID": 17,
        "CONTACT_IDS": [8],
        "COMPANY_ID": 9,
        "SOURCE_ID": "WEB",
        "COMMENTS": "Забор",
        "OBSERVERS": [EVA],
        "UF_CRM_MANAGERS": [BORIS, EVA],
        "UF_CRM_MAIN": BORIS,
    }
    assert design.fields["OBSERVERS"] == [BORIS]
    assert "Монтаж: Ромашка[/URL]" in of(decision, AddComment)[0].text


def test_r7_a_refused_deal_keeps_the_draws_for_later():
    decision = judged(make_lead(MOUNTING, DESIGN))
    half = decision.steps[0].memory_otherwise

    assert half.drawn == {MOUNTING, DESIGN}
    assert half.told == ()
    left = msgspec.json.decode(resolve_memory(half, {f"deal_{MOUNTING}": 31}), type=RoutingMemory)
    again = judged(make_lead(MOUNTING, DESIGN), left, make_facts(deals={31: make_deal(31, BORIS)}))
    assert [one.key for one in of(again, AddItem)] == [f"deal_{DESIGN}"]
    lost = make_lead(MOUNTING, DESIGN, STAGE_SEMANTIC_ID="F")
    assert of(judged(lost, left, make_facts(deals={31: make_deal(31, BORIS)})), AddItem) == []
    told = [comment.item.id for comment in of(again, AddComment)]
    assert (told.count(17), told.count(31)) == (1, 1)


def test_w7_deciding_again_on_what_was_made_gives_nothing():
    lead = make_lead(MOUNTING, DESIGN, UF_CRM_COMMENT="Забор")
    first = judged(lead, RoutingMemory(), make_facts(born=True))
    made = {f"deal_{MOUNTING}": 31, f"deal_{DESIGN}": 32, "visit": 70, "control": 71}
    deals = {
        number: make_deal(number, add.fields["ASSIGNED_BY_ID"], **add.fields)
        for number, add in zip((31, 32), of(first, AddItem), strict=True)
    }

    again = judged(lead, remembered(first, **made), make_facts(born=True, deals=deals))
    assert again.actions == ()


def known(**changes: object) -> RoutingMemory:
    usual = RoutingMemory(
        seen=True, visit_wanted=True, visit_task=70, draws=(drawn(MOUNTING, BORIS),), main=LEADING,
        deals={MOUNTING: 31}, told=(MOUNTING,), control_task=71,
    )  # fmt: skip
    return msgspec.structs.replace(usual, **changes)


def late(lead: Item, memory: RoutingMemory | None = None, **facts: object) -> Decision:
    deals = {31: make_deal(31, BORIS, OBSERVERS=[55], UF_CRM_MANAGERS=[BORIS], UF_CRM_MAIN=BORIS)}
    control = ControlTask(("L_17", "D_31", "CO_4"), is_open=True)
    return judged(lead, memory or known(), make_facts(**({"deals": deals, "control": control} | facts)))


def test_r8_a_late_tick_adds_to_the_older_deal_and_the_task_and_takes_nothing_away():
    decision = late(make_lead(MOUNTING, DESIGN))

    (update,) = of(decision, UpdateItem)
    assert update.fields == {"UF_CRM_MANAGERS": [BORIS, EVA], "OBSERVERS": [55, EVA]}
    assert update.rule == "R8"
    (task,) = of(decision, UpdateTask)
    assert task.bindings == ("L_17", "D_31", "CO_4", of(decision, AddItem)[0].ref)
    assert [notice.user_id for notice in of(decision, Notify)] == [EVA]
    assert of(decision, AddItem)[0].fields["UF_CRM_MAIN"] == BORIS


def test_r8_later_services_keep_the_main_manager_whatever_a_new_draw_would_say():
    """R8: the same main manager, also one who was not drawn for a service."""
    lead, chosen_before = make_lead(MOUNTING, DESIGN), known(main=MainDraw(CLARA, "first", (CLARA,)))
    decision = late(lead, chosen_before)

    assert of(decision, AddItem)[0].fields["UF_CRM_MAIN"] == CLARA
    assert of(decision, AddComment)[1].text.endswith("Главный менеджер прежний: Клара.")


def test_r8_a_deal_that_was_handed_over_makes_its_new_manager_an_observer():
    deals = {31: make_deal(31, CLARA, UF_CRM_MANAGERS=[BORIS], UF_CRM_MAIN=BORIS)}
    (add,) = of(late(make_lead(MOUNTING, DESIGN), deals=deals), AddItem)
    assert add.fields["OBSERVERS"] == [CLARA]


def test_r8_a_deleted_deal_is_not_made_again():
    decision = late(make_lead(MOUNTING, DESIGN), deals={})
    assert [add.key for add in of(decision, AddItem)] == [f"deal_{DESIGN}"]
    assert of(decision, UpdateItem) == []


def test_r8_a_main_manager_who_left_is_followed_by_somebody_who_is_here():
    gone = known(main=MainDraw(7, "first", (7,)))
    decision = late(make_lead(MOUNTING, DESIGN), gone)

    assert of(decision, AddItem)[0].fields["UF_CRM_MAIN"] == BORIS
    assert of(decision, UpdateTask)[0].fields["RESPONSIBLE_ID"] == BORIS
    nobody_else = known(draws=(drawn(MOUNTING, 7),), main=MainDraw(7, "first", (7,)))
    assert of(late(make_lead(MOUNTING, DESIGN), nobody_else), AddItem)[0].fields["UF_CRM_MAIN"] == EVA


def test_r8_unticking_is_noted_once_and_again_after_a_new_tick():
    first = late(make_lead())
    assert len(of(first, AddComment)) == 1
    noted = remembered(first)
    assert late(make_lead(), noted).actions == ()
    assert late(make_lead(MOUNTING), noted).actions == ()
    assert len(of(late(make_lead(), remembered(late(make_lead(MOUNTING), noted))), AddComment)) == 1


def test_r8_a_changed_comment_reaches_deals_that_nobody_has_rewritten():
    deals = {31: make_deal(31, BORIS, COMMENTS="Забор")}
    decision = late(make_lead(MOUNTING, UF_CRM_COMMENT="Два забора"), known(comment="Забор"), deals=deals)

    (update,) = of(decision, UpdateItem)
    assert (update.fields, update.old) == ({"COMMENTS": "Два забора"}, {"COMMENTS": "Забор"})
    assert "изменён: Два забора" in of(decision, AddComment)[0].text


def test_r6_a_task_that_was_refused_is_made_at_the_next_change():
    (task,) = of(late(make_lead(MOUNTING), known(control_task=None)), AddTask)
    assert task.bindings == (make_lead().ref, make_deal(31, BORIS).ref)


def test_texts_come_in_english_too():
    portal = msgspec.structs.replace(PORTAL, language="en")
    lead, facts = make_lead(MOUNTING, DESIGN), make_facts(born=True)
    draws = [
        draw.at_random(ballot(service, lead, facts.company, []), 0.0, facts.ts)
        for service in to_draw(lead, SEEN, RULES, born=True)
    ]
    decision = decide(lead, RoutingMemory(), draws, facts, RULES, portal)

    assert "The services are distributed:" in of(decision, AddComment)[0].text
    assert "by lot, one of 3" in of(decision, AddComment)[0].text
    assert "Phone: not given" in of(decision, AddTask)[0].description


def test_r3_nobody_in_is_told_on_the_lead():
    company = Company(DIRECTORY, frozenset({DIMA}), admins=(FEDOR,))
    decision = judged(make_lead(REPAIR), facts=make_facts(company=company))
    assert "руководитель, так как в отделе «Сервис» сегодня никого нет" in of(decision, AddComment)[0].text
    assert of(decision, AddItem)[0].fields["ASSIGNED_BY_ID"] == FEDOR


def test_r3_a_service_that_nobody_at_all_can_take_still_has_a_main_manager():
    """R3: no head, no admin, and a responsible who left: the lead's people stay as they are."""
    gone = {number: msgspec.structs.replace(user, active=False) for number, user in DIRECTORY.users.items()}
    company = Company(Directory(gone, DIRECTORY.departments), admins=(FEDOR,))
    (deal,) = of(judged(make_lead(REPAIR, ASSIGNED_BY_ID=EVA), facts=make_facts(company=company)), AddItem)

    assert (deal.fields["ASSIGNED_BY_ID"], deal.fields["UF_CRM_MAIN"]) == (EVA, EVA)


def test_r3_of_the_admins_one_who_works_here_stands_in():
    people = {number: msgspec.structs.replace(user, active=number == EVA) for number, user in DIRECTORY.users.items()}
    company = Company(Directory(people, DIRECTORY.departments), admins=(FEDOR, EVA))
    decision = judged(make_lead(REPAIR, ASSIGNED_BY_ID=CLARA), facts=make_facts(company=company))

    assert of(decision, AddItem)[0].fields["ASSIGNED_BY_ID"] == EVA
    assert of(decision, AddComment)[0].text.endswith("Главный менеджер: Ева.")


def test_r3_a_draw_that_could_not_know_who_is_away_says_so_on_the_lead():
    company = Company(DIRECTORY, absences_known=False, admins=(FEDOR,))
    decision = judged(make_lead(MOUNTING), facts=make_facts(company=company))
    assert "Кто отсутствует, портал не сообщил" in of(decision, AddComment)[0].text


def test_r4_the_clients_deal_that_decided_is_linked():
    service = RULES.services[0]
    kept = draw.kept(ballot(service, make_lead(), make_facts().company, [make_deal(88, CLARA)]), 0)
    assert kept is not None
    assert "/crm/deal/details/88/]Сделка 88[/URL]" in why(kept, PORTAL)
