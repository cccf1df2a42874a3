import pytest
from crm_robots.portal.calls import UNANSWERED, bound, length_in, linked, owners, to_calls
from crm_robots.robots.client_status.calls import counts, newest
from crm_robots.robots.client_status.rules import CallRules
from crm_robots.shared.calls import Call
from crm_robots.shared.items import ItemRef

from tests.support.client_status import A_DAY, NOON
from tests.support.world import new_world
from tests.test_client_status_administration import PUBLISHED
from tests.test_client_status_robot import FIELD, ROBOTS, CallMade, hot_client, label, timer

ZONE = "Europe/Moscow"
LONG = CallRules(min_seconds=30)


def row(**changes):
    usual = {"ID": "9", "TYPE_ID": "2", "COMPLETED": "Y", "OWNER_TYPE_ID": "4", "OWNER_ID": "42"}
    times = {"START_TIME": "2026-03-02T11:59:00+03:00", "END_TIME": "2026-03-02T12:00:00+03:00"}
    return usual | times | changes


def test_s3_a_completed_call_is_read_with_its_length():
    (call,) = to_calls([row()], ZONE)

    assert call == Call(9, NOON - 60, NOON)
    assert call.seconds == 60


@pytest.mark.parametrize(
    "changes", [{"COMPLETED": "N"}, {"TYPE_ID": "6"}, {"TYPE_ID": "1"}, {"START_TIME": "", "CREATED": ""}]
)
def test_s3_s6_planned_calls_to_dos_and_meetings_are_no_calls(changes):
    assert to_calls([row(**changes)], ZONE) == []


def test_s3_a_time_without_an_offset_is_the_portals():
    (call,) = to_calls([row(START_TIME="2026-03-02 12:00:00", END_TIME=None)], ZONE)

    assert (call.start, call.seconds) == (NOON, None)


def test_s3_a_call_ticked_off_before_its_time_has_not_taken_place():
    tomorrow = Call(9, NOON + A_DAY, NOON + A_DAY)

    assert newest([tomorrow], CallRules(), {}, NOON) is None


def test_s3_the_newest_of_several_calls_counts_by_its_end():
    calls = [Call(1, NOON - 9 * A_DAY, NOON - 9 * A_DAY), Call(2, NOON - A_DAY, NOON - A_DAY + 60)]

    assert newest(calls, CallRules(), {}, NOON) == NOON - A_DAY + 60


@pytest.mark.parametrize(
    ("seconds", "told", "enough"),
    [(10, {}, False), (30, {}, True), (0, {}, True), (90, {9: 5}, False), (5, {9: 90}, True), (60, {9: 0}, False)],
)
def test_s3_s6_short_calls_do_not_count_where_a_length_is_told_and_telephony_knows_best(seconds, told, enough):
    assert counts(Call(9, NOON - seconds, NOON), LONG, told) is enough


def test_s6_lists_and_maps_of_the_portal_are_read_alike():
    assert linked({"0": {"COMPANY_ID": 9}}, "company") == [ItemRef("company", 9)]
    assert linked([], "contact") == []
    assert bound([{"entityTypeId": 3, "entityId": 4}, {"entityTypeId": 31, "entityId": 4}]) == [ItemRef("contact", 4)]
    assert owners([row(), row(ID="10", OWNER_TYPE_ID="0")]) == {9: ItemRef("company", 42)}


def test_s6_a_failed_connection_has_no_length_and_no_record_tells_none():
    rows = [{"CALL_DURATION": "40", "CALL_FAILED_CODE": "304"}, {"CALL_DURATION": "25", "CALL_FAILED_CODE": "200"}]

    assert length_in(rows) == 25
    assert length_in(rows[:1]) == UNANSWERED
    assert length_in([]) is None


@pytest.mark.parametrize("telephony", [True, False])
@pytest.mark.parametrize(("seconds", "status"), [(20, "Горячий"), (40, "Тёплый")])
def test_s3_min_seconds_with_and_without_the_right_to_ask_telephony(seconds, status, telephony):
    for world in new_world(ROBOTS):
        world.publish(PUBLISHED.replace("min_seconds: 0", "min_seconds: 30"))
        number = hot_client(world)
        if not telephony:
            incoming = next(iter(world.portal.incoming.rows()))
            incoming["scopes"] = [scope for scope in incoming["scopes"] if scope != "telephony"]
        world.person("Петров").call("company", number, CallMade(seconds=seconds))
        world.settle()
        assert bool(timer(world, f"company:{number}").last_call) is (status == "Тёплый")
        world.person("Петров").update("company", number, **{FIELD: "Тёплый"})
        world.settle()

        assert label(world, "company", number) == status


@pytest.mark.parametrize(("code", "counts"), [("200", True), ("304", False), ("486", False)])
def test_s6_an_unanswered_call_of_the_telephony_does_not_count_though_its_activity_is_completed(code, counts):
    for world in new_world(ROBOTS):
        world.publish(PUBLISHED)
        number = hot_client(world)
        world.person("Петров").call("company", number, CallMade(code=code))
        world.settle()

        assert bool(timer(world, f"company:{number}").last_call) is counts


def test_s6_without_the_right_to_the_statistics_the_activity_decides():
    for world in new_world(ROBOTS):
        world.publish(PUBLISHED)
        number = hot_client(world)
        world.portal.people.change(world.office.users["CRM"], callStatistics=False)
        world.person("Петров").call("company", number, CallMade(code="304"))
        world.settle()

        assert timer(world, f"company:{number}").last_call
