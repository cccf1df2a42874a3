"""S10: only calls that the portal's telephony lists as answered count; S12: whose calendar is not decreed yet."""

from datetime import date

import pytest
from crm_robots.robots.client_status.calls import counts
from crm_robots.robots.client_status.days import undecreed
from crm_robots.robots.client_status.rules import CallRules
from crm_robots.shared.calls import Call

from sandbox.portal.activities import CallMade
from tests.support.care import ROBOTS
from tests.support.days import label, settings, timer
from tests.support.world import new_world
from tests.test_client_status_robot import hot_client

PROOF = CallRules(proof="telephony")
FIELD = "UF_CRM_CLIENT_STATUS"


@pytest.mark.parametrize(
    ("told", "is_proof"), [({}, False), ({9: 40}, True), ({9: 0}, True), ({9: -1}, False)], ids=str
)
def test_s10_telephonys_word_alone_counts(told, is_proof):
    assert counts(Call(9, 100, 200), PROOF, told) is is_proof
    assert counts(Call(9, 100, 200), CallRules(), {})


@pytest.mark.parametrize(("by_hand", "status"), [(True, "Горячий"), (False, "Тёплый")])
def test_s10_s3_s6_a_call_that_somebody_ticked_by_hand_is_none(by_hand, status):
    for world in new_world(ROBOTS):
        world.publish(settings(proof="telephony"))
        number = hot_client(world)
        made = world.person("Петров").call("company", number, CallMade())
        if by_hand:
            for row in list(world.portal.activities.calls(made["id"])):
                world.portal.tables.calls.remove(row["id"])
        world.settle()
        assert bool(timer(world, f"company:{number}").last_call) is not by_hand
        world.person("Петров").update("company", number, **{FIELD: "Тёплый"})
        world.settle()

        assert label(world, "company", number) == status


def test_s10_without_the_scope_publishing_refuses_it_and_names_the_right():
    for world in new_world(ROBOTS):
        incoming = next(iter(world.portal.incoming.rows()))
        incoming["scopes"] = [scope for scope in incoming["scopes"] if scope != "telephony"]
        report = world.publish(settings(proof="telephony"))

        (problem,) = next(one for one in report.sections if one.section == "client_status").problems
        assert (problem.key, problem.reason) == ("client_status.calls.proof", "right")
        assert "telephony" in problem.expected


def test_s10_publishing_says_which_right_is_missing_where_the_statistics_are_empty():
    for world in new_world(ROBOTS):
        assert world.publish(settings(proof="telephony")).missing_right == ""
        number = hot_client(world)
        world.person("Петров").call("company", number, CallMade())
        world.portal.people.change(world.office.users["CRM"], callStatistics=False)

        assert world.publish(settings(proof="telephony")).missing_right == "Статистика звонков: просмотр"
        assert world.publish(settings(proof="activity")).missing_right == ""


@pytest.mark.parametrize(
    ("country", "today", "years"),
    [("RU", date(2026, 11, 30), []), ("RU", date(2035, 12, 1), [2035, 2036]), ("US", date(2035, 12, 1), [])],
)
def test_s12_a_calendar_that_is_not_decreed_yet_is_known_as_such(country, today, years):
    assert undecreed(country, today) == years
