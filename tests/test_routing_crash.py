"""F4, R7: routing that is killed, or loses an answer, at any moment leaves everything exactly once."""

from collections import Counter

import pytest
from crm_robots.robots.routing.robot import RoutingRobot

from tests.support.world import World, everywhere

ROBOTS = {"routing": RoutingRobot}


def visit_report_and_a_late_tick(world: World) -> None:
    boss = world.person("Петров")
    lead = boss.create("lead", title="Ромашка")
    world.settle()
    boss.update("lead", lead, UF_CRM_SERVICES=["Монтаж", "Проектирование"], UF_CRM_VISIT_COMMENT="Забор")
    world.settle()
    boss.update("lead", lead, UF_CRM_SERVICES=["Проектирование", "Обслуживание"])
    world.settle()


def everything_once(world: World) -> None:
    deals = {row["title"].partition(":")[0]: row for row in world.portal.items.table(2)}
    assert len(deals) == len(list(world.portal.items.table(2))) == 3
    involved = {row["assignedById"] for row in deals.values()}
    for row in deals.values():
        assert set(row["observers"]) == involved - {row["assignedById"]}
        assert set(row["UF_CRM_DEAL_MANAGERS"]) == involved
    assert len({row["UF_CRM_DEAL_MAIN_MANAGER"] for row in deals.values()}) == 1
    visit, control = sorted(world.portal.tables.tasks, key=lambda row: row["id"])
    assert visit["UF_CRM_TASK"] == ["L_1"]
    assert set(control["UF_CRM_TASK"]) == {"L_1", *(f"D_{row['id']}" for row in deals.values())}
    comments = Counter(text.split("\n")[0].split(":")[0] for text in world.comments("lead", 1))
    assert comments == {"Услуги распределены": 1, "По новым отметкам добавлены услуги": 1, "Сняты отметки": 1}
    assert [
        len(world.comments("deal", deals[name]["id"])) for name in ("Монтаж", "Проектирование", "Обслуживание")
    ] == [
        2,
        2,
        1,
    ]


def check(world: World) -> None:
    everything_once(world)
    told = Counter(row["userId"] for row in world.portal.tables.notifications)
    assert told == Counter(row["assignedById"] for row in world.portal.items.table(2))


@pytest.mark.parametrize("cut", [False, True])
def test_f4_r7_a_crash_or_a_cut_answer_anywhere_leaves_everything_exactly_once(cut):
    assert everywhere(ROBOTS, visit_report_and_a_late_tick, check, cut=cut) >= 16
