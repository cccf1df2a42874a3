"""Section 8: pages, filters, order and select of both families of methods (docs/bitrix24.md, "Lists")."""

import pytest

from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.portal.types import COMPANY, DEAL
from tests.support.sandbox import body_of, rest

pytestmark = pytest.mark.usefixtures("office")


def companies(portal: Portal, count: int) -> None:
    for number in range(1, count + 1):
        portal.items.add(COMPANY.id, {"title": f"Фабрика {number}", "revenue": float(number)}, 1)


def ids(portal: Portal, type_id: int = 4, **params: object) -> list[int]:
    params = {"select": ["id"], "order": {"id": "ASC"}, "entityTypeId": type_id, **params}
    return [item["id"] for item in rest(portal, "crm.item.list", **params)["items"]]


def test_section_8_pages_hold_fifty_rows(portal: Portal) -> None:
    companies(portal, 120)
    first = body_of(portal, "crm.item.list", entityTypeId=4)
    assert (len(first["result"]["items"]), first["next"], first["total"]) == (50, 50, 120)
    last = body_of(portal, "crm.item.list", entityTypeId=4, start=100)
    assert len(last["result"]["items"]) == 20
    assert "next" not in last


def test_section_8_start_minus_one_counts_nothing(portal: Portal) -> None:
    companies(portal, 60)
    body = body_of(
        portal, "crm.item.list", entityTypeId=4, start=-1, order={"id": "ASC"}, filter={">id": 5}, select=["id"]
    )
    assert [item["id"] for item in body["result"]["items"]] == list(range(6, 56))
    assert body["total"] == 0
    assert "next" not in body


def test_section_8_log_messages_come_ten_a_page(portal: Portal) -> None:
    companies(portal, 1)
    for number in range(12):
        fields = {"entityTypeId": 4, "entityId": 1, "title": "Таймер", "text": f"{number}", "iconCode": "info"}
        rest(portal, "crm.timeline.logmessage.add", fields=fields)
    body = body_of(portal, "crm.timeline.logmessage.list", entityTypeId=4, entityId=1)
    assert (len(body["result"]), body["next"], body["total"]) == (10, 10, 12)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"id": 3}, [3]),
        ({"=id": "3"}, [3]),
        ({"!=id": 3}, [1, 2, 4, 5]),
        ({"!id": 3}, [1, 2, 4, 5]),
        ({"@id": [2, 4, 99]}, [2, 4]),
        ({"id": [2, 4]}, [2, 4]),
        ({"!@id": [2, 4]}, [1, 3, 5]),
        ({">id": 0, "<id": 3}, [1, 2]),
        ({">=revenue": 0, "<=revenue": 2}, [1, 2]),
        ({">revenue": 3}, [4, 5]),
        ({">=revenue": 3, "<revenue": 5}, [3, 4]),
        ({"%title": "рика 2"}, [2]),
        ({"=%title": "%2"}, [2]),
        ({"%=title": "Фаб%"}, [1, 2, 3, 4, 5]),
        ({"!%title": "2"}, [1, 3, 4, 5]),
        ({"!=%title": "%2"}, [1, 3, 4, 5]),
        ({"title": "фабрика 2"}, [2]),
        ({"0": {"logic": "OR", "0": {"id": 1}, "1": {"revenue": 5}}}, [1, 5]),
        ({"logic": "OR", "id": 1, "revenue": 5}, [1, 5]),
        ({">id": 1, "0": {"logic": "OR", "0": {"id": 1}, "1": {"id": 2}}}, [2]),
        ({"originId": ""}, [1, 2, 3, 4, 5]),
        ({"!originId": None}, []),
        ({">=updatedTime": "2026-01-12T06:00:00Z"}, [1, 2, 3, 4, 5]),
        ({">updatedTime": "2026-01-12T06:00:00Z"}, []),
    ],
)
def test_filters_of_crm_item_list(portal: Portal, condition: dict, found: list[int]) -> None:
    companies(portal, 5)
    assert ids(portal, filter=condition) == found


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"filter": {"nonsense": 1}}, "Invalid filter: field 'nonsense' is not allowed in filter"),
        ({"filter": {"fm": 1}}, "Invalid filter: field 'fm' is not allowed in filter"),
        ({"filter": {"id": "first"}}, "Invalid filter: field 'id' has invalid value"),
        ({"order": {"nonsense": "ASC"}}, "Invalid order: field 'nonsense' is not allowed in order"),
        (
            {"order": {"id": "UP"}},
            "Invalid order: allowed sort directions are ASC, DESC. But got 'UP' for field 'id'",
        ),
    ],
)
def test_crm_item_list_is_strict(portal: Portal, params: dict, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        rest(portal, "crm.item.list", entityTypeId=4, **params)
    assert (refused.value.code, refused.value.text) == ("INVALID_ARG_VALUE", text)


def test_open_deals_of_a_contact_who_is_not_primary(portal: Portal) -> None:
    anna, boris = (portal.as_user(1).create("contact", name=name) for name in ("Анна", "Борис"))
    deal = portal.as_user(1).create("deal", contactIds=[anna, boris])
    assert ids(portal, DEAL.id, filter={"contactIds": boris, "closed": "N"}) == [deal]
    assert rest(portal, "crm.deal.list", filter={"CONTACT_ID": boris}) == []


def test_fm_comes_with_the_star_only(portal: Portal) -> None:
    companies(portal, 1)
    named = rest(portal, "crm.item.list", entityTypeId=4, select=["id", "fm", "title"])["items"][0]
    assert named == {"id": 1, "title": "Фабрика 1"}
    assert "fm" in rest(portal, "crm.item.list", entityTypeId=4, select=["*"])["items"][0]


@pytest.mark.parametrize(
    ("original", "camel"),
    [
        ("UF_CRM_3_DIGIT", "ufCrm3Digit"),
        ("UF_CRM_3_1747309727", "ufCrm3_1747309727"),
        ("UF_CRM_3_DIGIT10", "ufCrm_3_DIGIT10"),
        ("UF_CRM_3_DIGIT_10", "ufCrm_3_DIGIT_10"),
        ("UF_CRM_1747309879", "ufCrm_1747309879"),
        ("UF_CRM_CLIENT_STATUS", "ufCrmClientStatus"),
    ],
)
def test_names_of_user_fields(portal: Portal, original: str, camel: str) -> None:
    rest(portal, "crm.company.userfield.add", fields={"FIELD_NAME": original, "USER_TYPE_ID": "string"})
    companies(portal, 1)
    assert camel in rest(portal, "crm.item.get", entityTypeId=4, id=1)["item"]
    assert original in rest(portal, "crm.item.get", entityTypeId=4, id=1, useOriginalUfNames="Y")["item"]


def test_boolean_user_fields_are_filtered_by_numbers(portal: Portal) -> None:
    rest(portal, "crm.company.userfield.add", fields={"FIELD_NAME": "VIP", "USER_TYPE_ID": "boolean"})
    companies(portal, 2)
    rest(portal, "crm.item.update", entityTypeId=4, id=2, fields={"ufCrmVip": "Y"})
    assert rest(portal, "crm.item.get", entityTypeId=4, id=2)["item"]["ufCrmVip"] == "Y"
    assert ids(portal, filter={"ufCrmVip": 1}) == [2]
    assert ids(portal, filter={"ufCrmVip": "Y"}) == []


def test_classic_lists_ignore_what_they_do_not_know(portal: Portal) -> None:
    companies(portal, 3)
    rows = rest(portal, "crm.company.list", filter={"NONSENSE": 1, "<=ID": 2}, select=["ID", "TITLE"])
    assert rows == [{"ID": "1", "TITLE": "Фабрика 1"}, {"ID": "2", "TITLE": "Фабрика 2"}]


def test_classic_phones_are_matched_as_they_are_stored(portal: Portal) -> None:
    fields = {"NAME": "Анна", "PHONE": [{"VALUE": "+79161234567", "VALUE_TYPE": "MOBILE"}]}
    contact = rest(portal, "crm.contact.add", fields=fields)
    assert [row["ID"] for row in rest(portal, "crm.contact.list", filter={"PHONE": "+79161234567"})] == [str(contact)]
    assert rest(portal, "crm.contact.list", filter={"PHONE": "89161234567"}) == []


def test_fifty_lists_of_fifty_find_every_card_by_index(portal: Portal) -> None:
    companies(portal, 2500)
    commands = {}
    for number in range(50):
        wanted = "&".join(f"filter[@id][]={number * 50 + place}" for place in range(1, 51))
        commands[f"page{number}"] = f"crm.item.list?entityTypeId=4&select[]=id&start=-1&{wanted}"
    pages = rest(portal, "batch", cmd=commands)["result"]
    assert sum(len(page["items"]) for page in pages.values()) == 2500
