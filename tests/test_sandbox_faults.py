"""Section 8: limits, renaming, broken answers, every form of error (docs/bitrix24.md, "Errors")."""

from datetime import timedelta

import httpx
import pytest

from sandbox.portal.core import Portal
from sandbox.rest.endpoint import answer
from sandbox.seed import Company
from sandbox.transport import PortalTransport
from tests.support.sandbox import client_of

pytestmark = pytest.mark.usefixtures("office")

ADD = {"entityTypeId": 1, "fields": {"title": "Нитки"}}


def leads(portal: Portal) -> int:
    return len(portal.items.table(1))


def test_section_8_the_bucket_holds_fifty_and_leaks_two_a_second(portal: Portal, bitrix24: httpx.Client) -> None:
    portal.limits.requests = True
    statuses = [bitrix24.post("profile").status_code for _ in range(51)]
    assert statuses == [200] * 50 + [503]
    assert bitrix24.post("profile").json()["error"] == "QUERY_LIMIT_EXCEEDED"
    portal.clock.advance(timedelta(seconds=1))
    assert [bitrix24.post("profile").status_code for _ in range(3)] == [200, 200, 503]


def test_section_8_a_batch_is_one_request(portal: Portal, bitrix24: httpx.Client) -> None:
    portal.limits.requests = True
    for _ in range(10):
        bitrix24.post("batch", json={"cmd": ["profile"] * 50})
    assert [bitrix24.post("profile").status_code for _ in range(41)] == [200] * 40 + [503]


def test_section_8_run_time_blocks_one_method_of_one_webhook(portal: Portal, bitrix24: httpx.Client) -> None:
    portal.incoming.add(2, "other")
    portal.limits.operating = True
    portal.limits.cost = {"crm.item.add": 100}
    bodies = [bitrix24.post("crm.item.add", json=ADD).json() for _ in range(5)]
    assert [body["time"]["operating"] for body in bodies] == [100, 200, 300, 400, 500]
    blocked = bitrix24.post("crm.item.add", json=ADD)
    assert (blocked.status_code, blocked.json()["error"]) == (429, "OPERATION_TIME_LIMIT")
    assert bitrix24.post("crm.item.list", json={"entityTypeId": 1}).status_code == 200
    assert answer(portal, "/rest/2/other/crm.item.add", ADD).status == 200
    assert blocked.json().keys() == {"error", "error_description"}
    reset_at = bodies[-1]["time"]["operating_reset_at"]
    portal.clock.advance(timedelta(seconds=reset_at - portal.clock.wall()))
    assert bitrix24.post("crm.item.add", json=ADD).status_code == 200


def test_section_8_inside_a_batch_the_block_hits_single_commands(portal: Portal, bitrix24: httpx.Client) -> None:
    portal.limits.operating = True
    portal.limits.cost = {"crm.item.add": 300}
    commands = dict.fromkeys("abc", "crm.item.add?entityTypeId=1&fields[title]=x")
    result = bitrix24.post("batch", json={"cmd": commands}).json()["result"]
    assert sorted(result["result"]) == ["a", "b"]
    assert result["result_error"]["c"]["error"] == "OPERATION_TIME_LIMIT"
    assert leads(portal) == 2


def test_section_8_a_renamed_portal_answers_302(portal: Portal, office: Company, bitrix24: httpx.Client) -> None:
    portal.faults.rename("new.bitrix24.test")
    moved = bitrix24.post("profile")
    assert moved.status_code == 302
    assert moved.headers["location"] == "https://new.bitrix24.test/rest/1/sandbox/profile"
    assert "json" not in moved.headers["content-type"]
    assert httpx.Client(transport=PortalTransport(portal)).post(moved.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("query_limit", 503, "QUERY_LIMIT_EXCEEDED"),
        ("operation_time", 429, "OPERATION_TIME_LIMIT"),
        ("overload", 503, "OVERLOAD_LIMIT"),
        ("internal", 500, "INTERNAL_SERVER_ERROR"),
        ("no_auth", 401, "NO_AUTH_FOUND"),
        ("scope", 403, "insufficient_scope"),
        ("error_200", 200, "ERROR_CORE"),
        ("empty_code", 400, ""),
        ("sentence", 400, "Access denied."),
        ("zero_code", 400, 0),
    ],
)
def test_section_8_errors_in_every_dress(
    portal: Portal, bitrix24: httpx.Client, kind: str, status: int, code: object
) -> None:
    portal.faults.add(kind)
    answer = bitrix24.post("crm.item.add", json=ADD)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert leads(portal) == 0
    assert bitrix24.post("crm.item.add", json=ADD).status_code == 200


@pytest.mark.parametrize("kind", ["html_500", "html_502", "html_503"])
def test_section_8_html_instead_of_json(portal: Portal, bitrix24: httpx.Client, kind: str) -> None:
    portal.faults.add(kind)
    answer = bitrix24.post("profile")
    assert answer.status_code == int(kind[-3:])
    assert answer.text.startswith("<html>")


@pytest.mark.parametrize(("applied", "written"), [(0, 0), (None, 1)])
@pytest.mark.parametrize(("kind", "failure"), [("timeout", httpx.ReadTimeout), ("cut", httpx.RemoteProtocolError)])
def test_section_8_answers_are_lost_before_and_after_the_write(
    portal: Portal, bitrix24: httpx.Client, kind: str, failure: type[Exception], applied: int | None, written: int
) -> None:
    portal.faults.add(kind, "crm.item.add", applied=applied)
    with pytest.raises(failure):
        bitrix24.post("crm.item.add", json=ADD)
    assert leads(portal) == written


def test_section_8_an_answer_is_cut_in_the_middle_of_a_batch(portal: Portal, bitrix24: httpx.Client) -> None:
    portal.faults.add("html_502", "batch", applied=3)
    answer = bitrix24.post("batch", json={"cmd": ["crm.item.add?entityTypeId=1&fields[title]=x"] * 10})
    assert answer.status_code == 502
    assert leads(portal) == 3


def test_section_8_a_fault_can_wait_and_hit_single_commands(portal: Portal, bitrix24: httpx.Client) -> None:
    portal.faults.add("internal", "crm.item.*", inner=True, skip=1, times=2)
    commands = ["crm.item.add?entityTypeId=1&fields[title]=x"] * 4
    result = bitrix24.post("batch", json={"cmd": commands}).json()["result"]
    assert sorted(result["result_error"]) == ["1", "2"]
    assert leads(portal) == 2
    assert portal.faults.active() == []


def test_a_revoked_webhook_is_401(portal: Portal, office: Company) -> None:
    portal.incoming.revoke(1)
    with client_of(portal, office) as client:
        assert client.post("profile").status_code == 401
        portal.incoming.revoke(1, revoked=False)
        assert client.post("profile").status_code == 200


def test_an_unknown_fault_says_what_there_is(portal: Portal) -> None:
    with pytest.raises(ValueError, match="unknown fault 'teapot'; there are query_limit, "):
        portal.faults.add("teapot")
    with pytest.raises(ValueError, match="'cut' breaks a whole answer"):
        portal.faults.add("cut", inner=True)
