"""P8: the settings in force against the portal as it is now."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from crm_robots.engine.rounds import Round
from crm_robots.records.settings_store import SettingsTable
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.robots.qualification.robot import QualificationRobot
from crm_robots.settings.drift import Used, drift, renamed
from crm_robots.settings.drift_watch import DriftMemory, decide, watch_drift
from crm_robots.settings.portal_data import Category, EnumItem, PortalData, PortalField, Stage
from crm_robots.shared.firing import Firing
from crm_robots.shared.people import Department, Directory, User

from tests.support.client_status import DAY
from tests.support.world import new_world

HEAD, LEFT = User(2, "Елена Соколова", departments=(5,)), User(3, "Игорь Петров", active=False, departments=(5,))
DATA = PortalData(
    categories=(Category(0, "Общая"),),
    stages={
        None: (Stage("NEW", "Новый лид"), Stage("OFFER", "КП отправлено")),
        0: (Stage("LOSE", "Нет денег", "F", 0),),
    },
    fields={
        ("lead", "UF_CRM_D"): PortalField("lead", "UF_CRM_D", "Направление", "enumeration", items=(EnumItem(7, "Опт"),))
    },
    directory=Directory({2: HEAD, 3: LEFT}, {5: Department(5, "Отдел продаж", head=2)}),
)
THERE = [
    Used("q.gate_stage", "stage", "КП отправлено", "OFFER", "lead"),
    Used("l.rules.0.stages.0", "stage", "Нет денег", "LOSE", "0"),
    Used("l.rules.0.category", "category", "Общая", "0"),
    Used("q.department", "department", "Отдел продаж", "5"),
    Used("q.user", "user", "Соколова Елена", "2"),
    Used("q.direction_field", "field", "UF_CRM_D", "UF_CRM_D", "lead"),
    Used("q.directions.Опт", "item", "Опт", "7", "lead UF_CRM_D"),
]


def test_p8_what_is_there_is_no_drift():
    assert list(drift(THERE, DATA)) == []
    assert list(renamed(THERE, DATA)) == []


@pytest.mark.parametrize(
    ("used", "nearest"),
    [
        (Used("k", "stage", "КП отправлена", "SENT", "lead"), ("КП отправлено",)),
        (Used("k", "stage", "Нет денег", "LOSE", "4"), ()),
        (Used("k", "category", "Обшая", "4"), ("Общая",)),
        (Used("k", "department", "Отдел продажи", "9"), ("Отдел продаж",)),
        (Used("k", "field", "UF_CRM_DD", "UF_CRM_DD", "lead"), ("UF_CRM_D",)),
        (Used("k", "item", "Опту", "8", "lead UF_CRM_D"), ("Опт",)),
    ],
)
def test_p8_what_is_gone_is_named_with_the_nearest(used, nearest):
    (problem,) = drift([used], DATA)

    assert (problem.key, problem.reason, problem.found, problem.nearest) == ("k", "gone", used.name, nearest)


def test_p8_of_somebody_dismissed_the_head_is_the_nearest():
    (problem,) = drift([Used("k", "user", "petrov@example.ru", "3")], DATA)

    assert (problem.reason, problem.nearest) == ("dismissed", ("Елена Соколова",))


def test_p8_a_rename_is_no_drift_but_the_same_file_would_be_refused():
    used = [replace_name(THERE[0], "КП ушло"), Used("k", "stage", "OFFER", "OFFER", "lead")]

    assert list(drift(used, DATA)) == []
    (problem,) = renamed(used, DATA)
    assert (problem.found, problem.expected) == ("КП ушло", "КП отправлено")


def replace_name(used: Used, name: str) -> Used:
    return Used(used.key, used.what, name, used.id, used.of)


def test_p8_the_same_is_told_again_only_after_it_was_mended():
    for world in new_world({"lost-deal": LostDealRobot}):
        world.publish()
        portal = world.tools.settings.portal()
        (problem,) = drift([Used("k", "category", "Х", "4")], DATA)

        first = decide([problem], DriftMemory(), DAY, portal)
        again = decide([problem], first.memory, DAY, portal)
        mended = decide([], first.memory, DAY, portal)

        assert len(first.actions) == len(portal.admins)
        assert again.actions == mended.actions == ()
        assert decide([problem], mended.memory, DAY, portal).actions


def test_p8_the_admins_hear_once_a_day_of_a_stage_that_is_gone():
    for world in new_world({"lost-deal": LostDealRobot}):
        world.publish()
        table = SettingsTable(world.dynamodb, "SettingsTable")
        for row in [row for row in world.portal.tables.statuses if row["NAME"] == "Нет денег"]:
            world.portal.tables.statuses.remove(row["id"])

        assert watch_drift(a_round(world), table) == 1
        assert watch_drift(a_round(world), table) is None
        (told,) = world.person("Администратова").notifications()
        assert "lost_deal.rules.1.stages: " in told["text"]


def test_p8_an_item_that_only_the_list_of_values_names_is_missed_as_well():
    """P8: publishing would make it anew; a manager who looks for it does not find it."""
    for world in new_world({"qualification": QualificationRobot}):
        world.publish()
        table = SettingsTable(world.dynamodb, "SettingsTable")
        (field,) = (row for row in world.portal.tables.user_fields if row["FIELD_NAME"] == "UF_CRM_PRODUCTS")
        assert watch_drift(a_round(world), table) in (None, 0)
        gone = field["LIST"].pop()["value"]
        world.portal.clock.advance(timedelta(days=1))

        assert watch_drift(a_round(world), table) == 1
        (told,) = world.person("Администратова").notifications()
        assert "qualification.fields.UF_CRM_PRODUCTS.values: " in told["text"]
        assert gone in told["text"]


def a_round(world) -> Round:
    firing = Firing(int(world.portal.clock.now().timestamp()), by_hand=True, now=True)
    return Round(
        firing=firing,
        connect=lambda: world.tools,
        put=lambda robots, event: None,
        begins=lambda: "09:00",
        is_portals_time=lambda: True,
        alone=nullcontext,
        enough=lambda: False,
        go_on=lambda: None,
        on_trouble=lambda error: None,
    )
