"""Section 8: batches (docs/bitrix24.md, "Batch")."""

from urllib.parse import quote_plus

import httpx
import pytest

from sandbox.portal.core import Portal
from tests.support.sandbox import rest

pytestmark = pytest.mark.usefixtures("office")


def test_section_8_commands_see_earlier_results(portal: Portal) -> None:
    commands = {
        "contact": "crm.item.add?entityTypeId=3&fields[name]=" + quote_plus("Анна"),
        "deal": "crm.item.add?entityTypeId=2&fields[contactIds][0]=$result[contact][item][id]&fields[title]="
        + quote_plus("Для $result[contact][item][name] №$result[contact][item][id]"),
        "found": "crm.contact.list?select[]=ID",
        "read": "crm.contact.get?id=$result[found][0][ID]",
    }
    result = rest(portal, "batch", cmd=commands)["result"]
    assert result["deal"]["item"]["contactIds"] == [1]
    assert result["deal"]["item"]["title"] == "Для Анна №1"
    assert result["read"]["NAME"] == "Анна"


def test_section_8_a_reference_takes_what_is_tied_to_it_along(portal: Portal) -> None:
    """As on the platform: it ends at the next whitespace, so it cannot stand within a link."""
    link = "[URL=https://acme.example/$result[a][item][id]/]Имя[/URL] и ещё"
    commands = {
        "a": "crm.item.add?entityTypeId=3&fields[name]=A",
        "b": "crm.item.add?entityTypeId=2&fields[title]=" + quote_plus(link),
    }
    made = rest(portal, "batch", cmd=commands)["result"]["b"]["item"]
    assert made["title"] == "[URL=https://acme.example/1 и ещё"


def test_section_8_halt_stops_at_the_first_error(portal: Portal) -> None:
    commands = {"a": "profile", "b": "crm.lead.get?id=404", "c": "profile"}
    going_on = rest(portal, "batch", cmd=commands)
    assert (list(going_on["result"]), list(going_on["result_error"])) == (["a", "c"], ["b"])
    halted = rest(portal, "batch", cmd=commands, halt=1)
    assert (list(halted["result"]), list(halted["result_error"])) == (["a"], ["b"])
    assert halted["result_error"]["b"] == {"error": "", "error_description": "Not found"}


def test_section_8_empty_parts_are_lists(portal: Portal) -> None:
    reply = rest(portal, "batch", cmd={"a": "profile"})
    assert (reply["result_error"], reply["result_total"], reply["result_next"]) == ([], [], [])
    assert "operating" in reply["result_time"]["a"]
    lists = rest(portal, "batch", cmd={"a": "crm.item.list?entityTypeId=1"})
    assert lists["result_total"] == {"a": 0}


def test_section_8_numbered_commands_answer_as_a_list(portal: Portal) -> None:
    assert isinstance(rest(portal, "batch", cmd=["server.time", "server.time"])["result"], list)
    errors = rest(portal, "batch", cmd=["server.time", "nonsense"])["result_error"]
    assert errors == {"1": {"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"}}


def test_section_8_the_first_fifty_commands_are_done_and_the_others_refused(portal: Portal) -> None:
    reply = rest(portal, "batch", cmd=["crm.item.add?entityTypeId=1&fields[title]=x"] * 52)
    assert len(reply["result"]) == len(portal.tables.items[1]) == 50
    assert [one["error"] for one in reply["result_error"].values()] == ["ERROR_BATCH_LENGTH_EXCEEDED"] * 2


def test_section_8_no_batch_in_a_batch(portal: Portal) -> None:
    errors = rest(portal, "batch", cmd={"a": "batch?cmd[b]=profile"})["result_error"]
    assert errors["a"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"


def test_section_8_form_bodies_are_encoded_once_more(bitrix24: httpx.Client) -> None:
    command = "crm.item.add?entityTypeId=3&fields[fm][0][typeId]=PHONE&fields[fm][0][value]=%2B7999&fields[name]=A"
    body = bitrix24.post("batch", data={"halt": "0", "cmd[a]": command}).json()
    assert body["result"]["result"]["a"]["item"]["phone"] == "+7999"


def test_earlier_commands_stay_applied(portal: Portal) -> None:
    rest(portal, "batch", cmd={"a": "crm.item.add?entityTypeId=1&fields[title]=x", "b": "nonsense"}, halt=1)
    assert len(portal.items.table(1)) == 1
