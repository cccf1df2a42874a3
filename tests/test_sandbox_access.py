"""Section 8: addresses, credentials, bodies, and what stands around a result (docs/bitrix24.md, "Calls")."""

import httpx
import pytest

from sandbox.portal.core import Portal
from sandbox.rest.endpoint import answer
from sandbox.seed import Company
from tests.support.sandbox import rest


def error(response: httpx.Response) -> tuple[int, object]:
    return response.status_code, response.json()["error"]


@pytest.mark.parametrize(
    ("send", "name"),
    [
        ({"method": "POST", "json": {"name": "crm.item.get"}}, "method.get"),
        ({"method": "POST", "data": {"name": "crm.item.get"}}, "method.get.json"),
        ({"method": "GET", "params": {"name": "crm.item.get"}}, "method.get"),
    ],
)
def test_section_8_json_form_and_get_are_understood(bitrix24: httpx.Client, send: dict, name: str) -> None:
    body = bitrix24.request(url=name, **send).json()
    assert body["result"] == {"isExisting": True, "isAvailable": True}


def test_section_8_php_brackets_nest(bitrix24: httpx.Client, portal: Portal) -> None:
    form = {
        "entityTypeId": "3",
        "fields[name]": "Анна",
        "fields[fm][0][typeId]": "PHONE",
        "fields[fm][0][value]": "+79161234567",
    }
    item = bitrix24.post("crm.item.add", data=form).json()["result"]["item"]
    assert (item["name"], item["phone"]) == ("Анна", "+79161234567")


def test_section_8_a_wrong_code_is_401(portal: Portal, office: Company) -> None:
    reply = answer(portal, "/rest/1/wrong/profile")
    assert (reply.status, reply.body["error"]) == (401, "NO_AUTH_FOUND")


def test_section_8_a_code_of_somebody_else_is_401(portal: Portal, office: Company) -> None:
    assert answer(portal, "/rest/2/sandbox/profile").status == 401


def test_section_8_a_dismissed_owner_is_401(portal: Portal, office: Company, bitrix24: httpx.Client) -> None:
    portal.people.change(1, ACTIVE=False)
    assert error(bitrix24.post("profile")) == (401, "AUTHORIZATION_ERROR")


def test_section_8_a_missing_scope_is_403(portal: Portal, office: Company, bitrix24: httpx.Client) -> None:
    portal.incoming.set_scopes(1, ["crm"])
    assert error(bitrix24.post("user.get")) == (403, "insufficient_scope")
    assert bitrix24.post("crm.status.list").status_code == 200


def test_section_8_an_unknown_method_is_404(bitrix24: httpx.Client) -> None:
    assert error(bitrix24.post("crm.lead.convert")) == (404, "ERROR_METHOD_NOT_FOUND")


@pytest.mark.parametrize("method", ["app.info", "event.bind", "crm.timeline.logmessage.delete"])
def test_a_webhook_has_no_application_context(bitrix24: httpx.Client, method: str) -> None:
    assert error(bitrix24.post(method)) == (403, "ACCESS_DENIED")


def test_section_8_the_time_block_tells_run_time(bitrix24: httpx.Client) -> None:
    time = bitrix24.post("server.time").json()["time"]
    assert {"start", "finish", "duration", "processing", "date_start", "date_finish"} <= time.keys()
    assert isinstance(time["operating"], float)
    assert isinstance(time["operating_reset_at"], int)


def test_section_8_universal_numbers_and_classic_strings(portal: Portal, office: Company) -> None:
    lead = rest(portal, "crm.item.add", entityTypeId=1, fields={"title": "Нитки", "opportunity": 10})["item"]
    assert (lead["id"], lead["opportunity"], lead["companyId"], lead["birthdate"]) == (1, 10, 0, None)
    classic = rest(portal, "crm.lead.get", id=1)
    assert classic["ID"] == "1"
    assert classic["OPPORTUNITY"] == "10.00"
    assert classic["COMPANY_ID"] is None
    assert classic["BIRTHDATE"] == ""
    assert "PHONE" not in classic


def test_section_8_a_day_is_midnight_with_an_offset(portal: Portal, office: Company) -> None:
    fields = {"name": "Анна", "birthdate": "2000-01-01"}
    contact = rest(portal, "crm.item.add", entityTypeId=3, fields=fields)["item"]
    assert contact["birthdate"] == "2000-01-01T00:00:00+03:00"


def test_section_8_empty_maps_are_lists(portal: Portal, office: Company) -> None:
    assert rest(portal, "crm.duplicate.findbycomm", type="PHONE", values=["+7999"]) == []
    empty = rest(portal, "batch", cmd={})
    assert set(map(str, empty.values())) == {"[]"}


def test_server_time_is_the_portals_clock(portal: Portal, office: Company) -> None:
    assert rest(portal, "server.time") == "2026-01-12T09:00:00+03:00"
