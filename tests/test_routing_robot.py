"""R1–R8: the whole robot on a portal."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from crm_robots.robots.conversion.robot import ConversionRobot
from crm_robots.robots.routing.robot import RoutingRobot

from tests.support.world import EXAMPLE, World, new_world

ROBOTS = {"routing": RoutingRobot}


@pytest.fixture
def world():
    for world in new_world(ROBOTS):
        world.publish(settings())
        yield world


def settings(**changes: str) -> str:
    """The example with other values for keys of its routing section."""
    text = EXAMPLE.read_text()
    begin = text.index("\nrouting:")
    head, section = text[:begin], text[begin:]
    for key, value in changes.items():
        before = next(line for line in section.splitlines() if line.strip().startswith(f"{key}:"))
        section = section.replace(before, f"  {key}: {value}", 1)
    return head + section


def new_lead(world: World, **fields: Any) -> int:
    lead = world.person("Петров").create("lead", title="Ромашка", name="Анна", **fields)
    world.settle()
    return lead


def tick(world: World, lead: int, *services: str, **fields: Any) -> None:
    world.person("Петров").update("lead", lead, UF_CRM_SERVICES=list(services), **fields)
    world.settle()


def deals(world: World) -> dict[str, dict[str, Any]]:
    return {row["title"].partition(":")[0]: row for row in world.portal.items.table(2)}


def tasks(world: World, title: str) -> list[dict[str, Any]]:
    return [row for row in world.portal.tables.tasks if row["TITLE"].startswith(title)]


def observers(deal: dict[str, Any]) -> set[int]:
    return set(deal["observers"])


def id_of(world: World, last_name: str) -> int:
    return world.office.users[last_name]


def test_r1_a_new_lead_makes_one_task_for_the_visit(world):
    lead = new_lead(world, fm={"n0": {"typeId": "PHONE", "valueType": "WORK", "value": "+7 916 000-11-22"}})
    world.person("Петров").update("lead", lead, comments="перезвонить")
    world.settle()

    (task,) = tasks(world, "Выезд")
    assert task["UF_CRM_TASK"] == [f"L_{lead}"]
    assert task["DEADLINE"] == "2026-01-14T09:00:00+03:00"
    assert "+7 916 000-11-22" in task["DESCRIPTION"]


@pytest.mark.parametrize(("assigns", "visitor"), [("true", "Петров"), ("false", "Волкова")])
@pytest.mark.parametrize("order", [("routing", "conversion"), ("conversion", "routing")])
def test_r1_c1_the_visit_goes_to_the_creator_who_gets_the_lead_at_the_same_moment(assigns, visitor, order):
    """R1, C1: whichever robot comes first, the visit is with whoever is responsible in the end."""
    robots = {"routing": RoutingRobot, "conversion": ConversionRobot}
    for world in new_world({name: robots[name] for name in order}):
        world.publish(EXAMPLE.read_text().replace("assign_creator: true", f"assign_creator: {assigns}"))
        lead = world.person("Петров").create("lead", title="Новый", assignedById=id_of(world, "Волкова"))
        world.settle()
        assert world.person("Петров").read("lead", lead)["assignedById"] == id_of(world, visitor)
        (task,) = tasks(world, "Выезд")
        assert task["RESPONSIBLE_ID"] == id_of(world, visitor)


def test_r1_an_old_lead_that_somebody_edits_is_not_visited(world):
    world.portal.outbox.faults.drop = 1.0
    lead = world.person("Петров").create("lead", title="Давний")
    world.portal.deliver()
    world.portal.outbox.faults.drop = 0.0
    world.portal.clock.advance(timedelta(days=30))
    world.person("Петров").update("lead", lead, comments="перезвонить")
    world.settle()
    assert tasks(world, "Выезд") == []


def test_r1_a_lost_event_of_birth_loses_no_visit(world):
    world.portal.outbox.faults.drop = 1.0
    lead = world.person("Петров").create("lead", title="Новый")
    world.portal.deliver()
    world.portal.outbox.faults.drop = 0.0
    world.portal.clock.advance(timedelta(hours=20))
    world.person("Петров").update("lead", lead, comments="перезвонить")
    world.settle()
    assert len(tasks(world, "Выезд")) == 1


def test_r2_r5_each_ticked_service_gets_a_manager_and_a_deal(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж", "Проектирование", UF_CRM_VISIT_COMMENT="Нужен забор")

    made = deals(world)
    assert set(made) == {"Монтаж", "Проектирование"}
    mounting, design = made["Монтаж"], made["Проектирование"]
    assert mounting["assignedById"] in (id_of(world, "Мастеров"), id_of(world, "Лебедев"))
    assert design["assignedById"] in (id_of(world, "Орлова"), id_of(world, "Ахметов"))
    for deal, other in ((mounting, design), (design, mounting)):
        assert deal["title"].endswith(": Ромашка")
        assert deal["leadId"] == lead
        assert deal["comments"] == "Нужен забор\nКлиент: Анна\nК клиенту выезжает: Игорь Петров"
        assert observers(deal) == {other["assignedById"]}
        assert set(deal["UF_CRM_DEAL_MANAGERS"]) == {mounting["assignedById"], design["assignedById"]}
        assert deal["UF_CRM_DEAL_MAIN_MANAGER"] in deal["UF_CRM_DEAL_MANAGERS"]


def test_r6_the_main_manager_gets_one_task_that_is_linked_to_all_deals(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж", "Проектирование", "Обслуживание")

    (task,) = tasks(world, "Закрыть")
    assert set(task["UF_CRM_TASK"]) == {f"L_{lead}", *(f"D_{deal['id']}" for deal in deals(world).values())}
    assert task["RESPONSIBLE_ID"] == deals(world)["Монтаж"]["UF_CRM_DEAL_MAIN_MANAGER"]
    assert task["DEADLINE"] == "2026-01-26T09:00:01+03:00"


def test_r2_the_lead_and_the_deals_tell_who_got_what_and_why(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж", "Проектирование")

    (told,) = world.comments("lead", lead)
    for service, deal in deals(world).items():
        assert service in told
        assert world.portal.people.name(deal["assignedById"]) in told
        assert f"/crm/deal/details/{deal['id']}/" in told
    assert "жребий среди 2" in told
    (on_deal,) = world.comments("deal", deals(world)["Монтаж"]["id"])
    assert f"/crm/deal/details/{deals(world)['Проектирование']['id']}/" in on_deal
    bell = world.portal.as_user(deals(world)["Монтаж"]["assignedById"]).notifications()
    assert len(bell) == 1


def test_r2_the_report_waits_for_its_stage(world):
    world.publish(settings(report_stage="Выезд к клиенту"))
    lead = new_lead(world, stageId="NEW")
    tick(world, lead, "Монтаж")
    assert deals(world) == {}

    world.person("Петров").move("lead", lead, "Переговоры")
    world.settle()
    assert set(deals(world)) == {"Монтаж"}


def test_r8_a_late_tick_joins_the_same_main_manager_and_the_same_task(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж")
    main = deals(world)["Монтаж"]["UF_CRM_DEAL_MAIN_MANAGER"]
    tick(world, lead, "Монтаж", "Проектирование")

    made = deals(world)
    assert {deal["UF_CRM_DEAL_MAIN_MANAGER"] for deal in made.values()} == {main}
    assert observers(made["Монтаж"]) == {made["Проектирование"]["assignedById"]}
    assert observers(made["Проектирование"]) == {made["Монтаж"]["assignedById"]}
    (task,) = tasks(world, "Закрыть")
    assert set(task["UF_CRM_TASK"]) == {f"L_{lead}", *(f"D_{deal['id']}" for deal in made.values())}
    assert len(world.comments("deal", made["Монтаж"]["id"])) == 2


def test_r8_f4_a_task_that_the_portal_cannot_show_just_now_is_not_made_again(world):
    """R8, F4: a late tick joins the task that is there."""
    lead = new_lead(world)
    tick(world, lead, "Монтаж")
    world.portal.faults.add("internal", "tasks.task.get", times=1, inner=True)

    tick(world, lead, "Монтаж", "Проектирование")

    (task,) = tasks(world, "Закрыть")
    assert len(task["UF_CRM_TASK"]) == 3


def test_r8_a_task_that_was_closed_is_not_woken_up_but_followed_by_another(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж")
    world.person("Мастеров").complete_task(tasks(world, "Закрыть")[0]["id"])
    tick(world, lead, "Монтаж", "Проектирование")

    closed, later = tasks(world, "Закрыть")
    assert f"D_{deals(world)['Проектирование']['id']}" in later["UF_CRM_TASK"]
    assert len(closed["UF_CRM_TASK"]) == 2


def test_r8_a_tick_that_is_taken_away_removes_nothing_and_is_noted_once(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж", "Проектирование")
    tick(world, lead, "Проектирование")
    world.person("Петров").update("lead", lead, comments="x")
    world.settle()

    assert len(deals(world)) == 2
    _, note = world.comments("lead", lead)
    assert "Монтаж" in note
    assert "Проектирование" not in note
    tick(world, lead, "Монтаж", "Проектирование")
    assert (len(deals(world)), len(world.comments("lead", lead))) == (2, 2)


TWO_IN_ONE = ("Проектирование: {department: Отдел проектирования", "Проектирование: {department: Отдел монтажа")


@pytest.mark.parametrize("pick", ["random", "round_robin"])
def test_r2_two_services_of_one_department_are_one_draw_and_a_later_tick_keeps_the_manager(world, pick):
    text = EXAMPLE.read_text().replace(*TWO_IN_ONE).replace("  pick: random ", f"  pick: {pick} ")
    world.publish(text)
    lead = new_lead(world)
    tick(world, lead, "Монтаж")
    tick(world, lead, "Монтаж", "Проектирование")
    other = new_lead(world)
    tick(world, other, "Монтаж", "Проектирование")

    of_leads = [
        {deal["assignedById"] for deal in world.portal.items.table(2) if deal["leadId"] == one} for one in (lead, other)
    ]
    assert [len(managers) for managers in of_leads] == [1, 1]
    if pick == "round_robin":  # one turn each
        assert of_leads[0] != of_leads[1]


def test_r5_everybody_hears_who_talks_with_the_client(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж", "Проектирование", "Обслуживание")

    made = deals(world).values()
    main = next(iter(made))["UF_CRM_DEAL_MAIN_MANAGER"]
    for user in {deal["assignedById"] for deal in made}:
        told = [row["text"] for row in world.portal.tables.notifications if row["userId"] == user]
        words = "с клиентом говорите вы" if user == main else "с клиентом говорит только"
        assert any(words in text for text in told), (user, told)


def test_r5_a_lead_without_a_card_gives_its_deals_the_clients_data(world):
    address = {"address": "Лесная, 5"}
    phones = [{"typeId": "PHONE", "valueType": "WORK", "value": "+7 916 123-45-67"}]
    lead = new_lead(world, lastName="Орлова", fm=phones, **address)
    tick(world, lead, "Монтаж")

    (deal,) = deals(world).values()
    for value in ("Анна Орлова", "+7 916 123-45-67", "Игорь Петров"):
        assert value in deal["comments"]
        assert value in world.comments("deal", deal["id"])[0]


def test_r5_a_comment_that_comes_later_reaches_the_deals(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж", "Проектирование")
    rewritten = deals(world)["Проектирование"]["id"]
    world.person("Орлова").update("deal", rewritten, comments="мои заметки")
    world.person("Петров").update("lead", lead, UF_CRM_VISIT_COMMENT="Нужен забор")
    world.settle()

    assert deals(world)["Монтаж"]["comments"] == "Нужен забор\nКлиент: Анна\nК клиенту выезжает: Игорь Петров"
    assert deals(world)["Проектирование"]["comments"] == "мои заметки"
    assert "Нужен забор" in world.comments("deal", rewritten)[-1]


def test_r5_a_client_who_is_known_later_reaches_the_deals(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж")
    contact = world.person("Петров").create("contact", name="Анна")
    world.person("Петров").update("lead", lead, contactIds=[contact])
    world.settle()
    assert deals(world)["Монтаж"]["contactIds"] == [contact]


def test_r5_the_deals_carry_the_client(world):
    boss = world.person("Петров")
    contact, company = boss.create("contact", name="Анна"), boss.create("company", title="ООО Ромашка")
    lead = new_lead(world, contactIds=[contact], companyId=company)
    tick(world, lead, "Монтаж")
    deal = deals(world)["Монтаж"]
    assert (deal["contactIds"], deal["companyId"]) == ([contact], company)
    assert "К клиенту выезжает: Игорь Петров" in world.comments("deal", deal["id"])[0]
    assert not deal["comments"]


@pytest.mark.parametrize("at_once", [True, False])
def test_r4_an_existing_client_keeps_its_manager(world, at_once):
    boss = world.person("Петров")
    contact = boss.create("contact", name="Анна")
    fitter = id_of(world, "Лебедев")
    boss.create("deal", title="Старая: забор", contactIds=[contact], assignedById=fitter)
    boss.create("deal", title="Чужая", contactIds=[contact], assignedById=id_of(world, "Белова"))
    if at_once:
        lead = new_lead(world, contactIds=[contact], UF_CRM_SERVICES=["Монтаж"])
    else:
        lead = new_lead(world, contactIds=[contact])
        tick(world, lead, "Монтаж")

    assert deals(world)["Монтаж"]["assignedById"] == fitter
    assert "уже ведёт этого клиента: [URL=" in world.comments("lead", lead)[-1]


def test_r3_absent_people_are_left_out_and_a_service_without_anybody_goes_to_the_head(world):
    now = world.portal.clock.now()
    world.portal.people.absent(id_of(world, "Лебедев"), now - timedelta(days=1), now + timedelta(days=3))
    for name in ("Орлова", "Ахметов"):
        world.portal.people.absent(id_of(world, name), now - timedelta(days=1), now + timedelta(days=3))
    lead = new_lead(world)
    tick(world, lead, "Монтаж", "Проектирование")

    made = deals(world)
    assert made["Монтаж"]["assignedById"] == id_of(world, "Мастеров")
    assert made["Проектирование"]["assignedById"] == id_of(world, "Орлова")
    (told,) = world.comments("lead", lead)
    assert "в отделе «Отдел проектирования» сегодня никого нет" in told
    assert "Никита Лебедев" in told


def test_r3_a_portal_that_tells_nothing_about_absences_draws_from_everybody(world):
    world.portal.faults.add("scope", "calendar.accessibility.get", times=None, inner=True)
    world.portal.faults.add("error_200", "im.user.list.get", times=None, inner=True)
    lead = new_lead(world)
    tick(world, lead, "Монтаж")
    assert set(deals(world)) == {"Монтаж"}
    assert "Кто отсутствует, портал не сообщил" in world.comments("lead", lead)[0]


def test_r3_round_robin_over_many_leads_is_exact(world):
    world.publish(settings(pick="round_robin"))
    for _ in range(6):
        new_lead(world, UF_CRM_SERVICES=["Монтаж"])
    counts = Counter(deal["assignedById"] for deal in world.portal.items.table(2))
    assert sorted(counts.values()) == [3, 3]


def test_r3_somebody_who_joined_a_minute_ago_takes_part(world):
    world.publish(settings(pick="round_robin"))
    new_lead(world, UF_CRM_SERVICES=["Монтаж"])
    newcomer = world.portal.people.add_user(
        "Новый", "Монтажник", "new@example.ru", [world.office.departments["Отдел монтажа"]]
    )
    world.portal.people.change(id_of(world, "Лебедев"), ACTIVE=False)
    for _ in range(2):
        new_lead(world, UF_CRM_SERVICES=["Монтаж"])
    managers = [deal["assignedById"] for deal in world.portal.items.table(2)]
    assert newcomer in managers[1:]
    assert id_of(world, "Лебедев") not in managers[1:]


def test_r3_least_loaded_counts_open_deals_only(world):
    world.publish(settings(pick="least_loaded"))
    boss = world.person("Петров")
    boss.create("deal", title="Открытая", assignedById=id_of(world, "Мастеров"))
    for _ in range(3):
        boss.close_deal(boss.create("deal", title="Закрытая", assignedById=id_of(world, "Лебедев")), won=True)
    new_lead(world, UF_CRM_SERVICES=["Монтаж"])
    assert deals(world)["Монтаж"]["assignedById"] == id_of(world, "Лебедев")


def test_r3_one_person_drawn_twice_has_two_deals(world):
    now = world.portal.clock.now()
    world.publish(settings().replace("department: Отдел проектирования", "department: Отдел монтажа"))
    world.portal.people.absent(id_of(world, "Лебедев"), now - timedelta(days=1), now + timedelta(days=3))
    lead = new_lead(world)
    tick(world, lead, "Монтаж", "Проектирование")
    made = deals(world)
    assert [deal["assignedById"] for deal in made.values()] == [id_of(world, "Мастеров")] * 2
    assert [observers(deal) for deal in made.values()] == [set(), set()]


def test_w7_our_own_writes_come_back_and_write_nothing(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж", "Проектирование")
    before = dict(world.portal.tables.comments.rows)
    requests = world.requests
    world.person("Петров").update("lead", lead, comments="x")
    world.settle()
    assert world.requests == requests + 1
    assert world.portal.tables.comments.rows == before


@pytest.mark.parametrize("pick", ["random", "round_robin", "least_loaded"])
def test_a_draw_takes_three_requests_whatever_decides(world, pick):
    world.publish(settings(pick=pick))
    lead = new_lead(world)
    requests = world.requests
    tick(world, lead, "Монтаж", "Проектирование", "Обслуживание")
    assert world.requests == requests + 3


def test_a_late_tick_takes_three_requests(world):
    lead = new_lead(world)
    tick(world, lead, "Монтаж")
    requests = world.requests
    tick(world, lead, "Монтаж", "Проектирование", "Обслуживание")
    assert world.requests == requests + 3


def test_a_deal_that_the_portal_refuses_is_told_and_made_later_with_the_same_manager(world):
    lead = new_lead(world)
    world.portal.faults.add("error_200", "crm.item.add", times=1, skip=1, inner=True)
    tick(world, lead, "Монтаж", "Проектирование")
    assert set(deals(world)) == {"Монтаж"}
    assert "не созданы" in world.comments("lead", lead)[0]

    world.person("Петров").update("lead", lead, comments="x")
    world.settle()
    assert set(deals(world)) == {"Монтаж", "Проектирование"}
    (task,) = tasks(world, "Закрыть")
    assert len(task["UF_CRM_TASK"]) == 3


def test_a_task_that_the_portal_refuses_is_told_and_made_at_the_next_change(world):
    world.portal.faults.add("error_200", "tasks.task.add", times=1, inner=True)
    lead = new_lead(world)
    assert tasks(world, "Выезд") == []
    assert "Задача на выезд не поставлена" in world.comments("lead", lead)[0]
    world.person("Петров").update("lead", lead, comments="x")
    world.settle()
    assert len(tasks(world, "Выезд")) == 1


def test_a_lost_lead_draws_nothing(world):
    lead = new_lead(world)
    world.person("Петров").move("lead", lead, "Некачественный лид")
    tick(world, lead, "Монтаж")
    assert deals(world) == {}


def test_a_flood_that_changes_nothing_is_one_request(world):
    leads = [world.person("Петров").create("lead", title=f"Лид {number}") for number in range(50)]
    world.settle()
    requests = world.requests
    for lead in leads:
        world.person("Петров").update("lead", lead, comments="x")
    world.work()
    assert world.requests == requests + 1
    assert len(tasks(world, "Выезд")) == 50


def test_r4_in_a_crowd_each_client_keeps_its_own_manager(world):
    boss = world.person("Петров")
    leads = {}
    for name in ("Мастеров", "Лебедев"):
        contact = boss.create("contact", name=f"Клиент {name}")
        boss.create("deal", title="Старая", contactIds=[contact], assignedById=id_of(world, name))
        leads[boss.create("lead", title=name, contactIds=[contact])] = name
    stranger = boss.create("lead", title="Новый клиент")
    world.settle()
    requests = world.requests
    for lead in [*leads, stranger]:
        boss.update("lead", lead, UF_CRM_SERVICES=["Монтаж"])
    world.settle()

    made = {deal["leadId"]: deal["assignedById"] for deal in world.portal.items.table(2) if deal["leadId"]}
    assert {lead: made[lead] for lead in leads} == {lead: id_of(world, name) for lead, name in leads.items()}
    assert stranger in made
    assert world.requests - requests <= 7


def test_r4_a_portal_that_only_looks_up_primary_contacts_is_asked_for_those(world):
    boss = world.person("Петров")
    contact = boss.create("contact", name="Анна")
    boss.create("deal", title="Старая", contactIds=[contact], assignedById=id_of(world, "Лебедев"))
    lead = new_lead(world, contactIds=[contact])
    world.portal.faults.add("error_200", "crm.item.list", times=1, skip=1, inner=True)
    tick(world, lead, "Монтаж")
    assert deals(world)["Монтаж"]["assignedById"] == id_of(world, "Лебедев")


def test_r3_a_large_department_is_counted_whole(world):
    world.publish(settings(pick="least_loaded"))
    place = [world.office.departments["Отдел монтажа"]]
    idle = [world.portal.people.add_user("Новый", f"Монтажник {n}", f"n{n}@example.ru", place) for n in range(60)][-1]
    for user in world.portal.people.listed():
        if user["id"] != idle:
            world.person("Петров").create("deal", title="x", assignedById=user["id"])
    new_lead(world, UF_CRM_SERVICES=["Монтаж"])
    assert deals(world)["Монтаж"]["assignedById"] == idle
