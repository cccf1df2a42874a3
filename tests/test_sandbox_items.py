"""Section 8: what crm.item.add and crm.item.update do, and what they refuse (docs/bitrix24.md, "Items")."""

import pytest

from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.portal.types import LEAD
from sandbox.seed import Company
from tests.support.sandbox import rest

pytestmark = pytest.mark.usefixtures("office")


def add(portal: Portal, type_id: int, **fields: object) -> dict:
    item: dict = rest(portal, "crm.item.add", entityTypeId=type_id, fields=fields)["item"]
    return item


def update(portal: Portal, type_id: int, item_id: int, **fields: object) -> dict:
    item: dict = rest(portal, "crm.item.update", entityTypeId=type_id, id=item_id, fields=fields)["item"]
    return item


def refused(portal: Portal, type_id: int, item_id: int, **fields: object) -> object:
    with pytest.raises(Refusal) as caught:
        update(portal, type_id, item_id, **fields)
    return caught.value.code


def dropdown(portal: Portal, **settings: object) -> list[int]:
    items = [{"VALUE": "Трикотаж"}, {"VALUE": "Спецодежда"}]
    fields = {"FIELD_NAME": "GOODS", "USER_TYPE_ID": "enumeration", "MULTIPLE": "Y", "LIST": items, **settings}
    rest(portal, "crm.lead.userfield.add", fields=fields)
    found = rest(portal, "crm.lead.userfield.list", filter={"FIELD_NAME": "UF_CRM_GOODS"})[0]["LIST"]
    return [int(item["ID"]) for item in found]


def test_defaults_of_a_new_deal(portal: Portal) -> None:
    deal = add(portal, 2)
    assert deal["title"] == "Сделка #1"
    assert (deal["stageId"], deal["stageSemanticId"], deal["categoryId"]) == ("NEW", "P", 0)
    assert (deal["assignedById"], deal["opened"], deal["closed"]) == (1, "Y", "N")
    assert deal["closedate"] == "2026-01-19T00:00:00+03:00"


def test_section_8_unknown_and_read_only_keys_are_ignored(portal: Portal) -> None:
    lead = add(portal, 1, title="Нитки", nonsense=1, createdBy=7)
    assert lead["createdBy"] == 1
    assert update(portal, 1, 1, titel="Иголки")["title"] == "Нитки"


def test_section_8_nothing_is_saved_when_nothing_changes(portal: Portal) -> None:
    add(portal, 1, title="Нитки")
    portal.subscribe("http://robots.test/", ["*"], "token")
    before = portal.items.get(1, 1)
    update(portal, 1, 1, title="Нитки")
    assert portal.items.get(1, 1) is before
    assert portal.deliver() == 0


def test_section_8_a_stage_demands_its_fields(portal: Portal) -> None:
    add(portal, 1, title="Нитки")
    portal.items.requirements.demand(LEAD.id, "opportunity", ["QUALIFIED"])
    portal.items.requirements.demand(LEAD.id, "fm", ["OFFER"])
    assert update(portal, 1, 1, stageId="QUALIFIED")["stageId"] == "QUALIFIED"
    assert refused(portal, 1, 1, stageId="OFFER") == "CRM_FIELD_ERROR_REQUIRED"


def test_section_8_a_move_back_can_be_refused_too(portal: Portal) -> None:
    add(portal, 1, title="Нитки", stageId="QUALIFIED")
    portal.items.requirements.demand(LEAD.id, "companyTitle", ["IN_PROCESS"])
    assert refused(portal, 1, 1, stageId="IN_PROCESS") == "CRM_FIELD_ERROR_REQUIRED"
    assert rest(portal, "crm.lead.update", id=1, fields={"STATUS_ID": "IN_PROCESS"}) is True


def test_mandatory_user_fields_are_checked_on_a_move(portal: Portal) -> None:
    add(portal, 1, title="Нитки")
    dropdown(portal, MANDATORY="Y")
    assert update(portal, 1, 1, title="Иголки")["title"] == "Иголки"
    assert refused(portal, 1, 1, stageId="QUALIFIED") == "CRM_FIELD_ERROR_REQUIRED"


def test_section_8_a_multiple_dropdown_cannot_be_emptied(portal: Portal) -> None:
    knitwear, _ = dropdown(portal)
    add(portal, 1, title="Нитки", ufCrmGoods=[knitwear])
    assert update(portal, 1, 1, ufCrmGoods=[])["ufCrmGoods"] == [knitwear]
    rest(portal, "crm.lead.update", id=1, fields={"UF_CRM_GOODS": []})
    assert rest(portal, "crm.item.get", entityTypeId=1, id=1)["item"]["ufCrmGoods"] == []


def test_a_scalar_for_a_multiple_field_is_error_100(portal: Portal) -> None:
    dropdown(portal)
    add(portal, 1, title="Нитки")
    assert refused(portal, 1, 1, ufCrmGoods=5) == "100"


@pytest.mark.parametrize(
    "fields",
    [
        {"ufCrmGoods": [999]},
        {"assignedById": 999},
        {"contactIds": [999]},
        {"opportunity": "много"},
        {"stageId": "NOWHERE"},
    ],
)
def test_values_that_do_not_fit_are_refused(portal: Portal, fields: dict) -> None:
    dropdown(portal)
    add(portal, 1, title="Нитки")
    assert refused(portal, 1, 1, **fields) == "CRM_FIELD_ERROR_VALUE_NOT_VALID"


def test_section_8_keys_of_fm(portal: Portal) -> None:
    phone = {"typeId": "PHONE", "valueType": "WORK", "value": "+79160000001"}
    contact = add(portal, 3, name="Анна", fm=[phone])
    first = contact["fm"][0]["id"]
    update(portal, 3, 1, fm={"n0": {"typeId": "EMAIL", "valueType": "WORK", "value": "a@b.ru"}})
    update(portal, 3, 1, fm={str(first): {"typeId": "PHONE", "valueType": "MOBILE", "value": "+79160000002"}})
    changed = update(portal, 3, 1, fm=[phone])
    assert [(one["valueType"], one["value"]) for one in changed["fm"]] == [
        ("MOBILE", "+79160000002"),
        ("WORK", "a@b.ru"),
        ("WORK", "+79160000001"),
    ]
    left = update(portal, 3, 1, fm={str(first): {"typeId": "PHONE", "value": ""}})
    assert first not in [one["id"] for one in left["fm"]]
    assert (left["phone"], left["email"], left["hasPhone"]) == ("+79160000001", "a@b.ru", "Y")


@pytest.mark.parametrize("fm", [{"n0": {"valueType": "WORK", "value": "+7999"}}, "+7999", {}])
def test_section_8_an_element_without_type_is_a_silent_nothing(portal: Portal, fm: object) -> None:
    add(portal, 3, name="Анна")
    assert update(portal, 3, 1, fm=fm)["fm"] == []


def test_section_8_an_unknown_fm_id_makes_a_new_record(portal: Portal) -> None:
    add(portal, 3, name="Анна")
    fm = update(portal, 3, 1, fm={"77": {"typeId": "PHONE", "value": "+7999"}})["fm"]
    assert [(one["value"], one["id"] != 77) for one in fm] == [("+7999", True)]


def test_section_8_a_funnel_move(portal: Portal, office: Company) -> None:
    add(portal, 2, title="Нитки")
    sales = office.categories["Продажи"]
    moved = update(portal, 2, 1, categoryId=sales, stageId=f"C{sales}:INVOICE")
    assert (moved["categoryId"], moved["stageId"]) == (sales, f"C{sales}:INVOICE")
    assert update(portal, 2, 1, categoryId=0)["stageId"] == "NEW"


def test_a_stage_of_another_funnel_alone_is_refused(portal: Portal, office: Company) -> None:
    add(portal, 2, title="Нитки")
    assert refused(portal, 2, 1, stageId=f"C{office.categories['Продажи']}:NEW") == "CRM_FIELD_ERROR_VALUE_NOT_VALID"


def test_a_closed_deal_says_so(portal: Portal) -> None:
    add(portal, 2, title="Нитки")
    lost = update(portal, 2, 1, stageId="NO_MONEY")
    assert (lost["closed"], lost["stageSemanticId"], lost["movedBy"]) == ("Y", "F", 1)
    assert update(portal, 2, 1, stageId="EXECUTING")["closed"] == "N"


def test_names_and_titles_stay(portal: Portal) -> None:
    add(portal, 3, name="Анна")
    add(portal, 4, title="Фабрика")
    assert refused(portal, 3, 1, name="") == "CRM_FIELD_ERROR_REQUIRED"
    assert refused(portal, 4, 1, title="") == "CRM_FIELD_ERROR_REQUIRED"


def test_authors_are_those_who_act(portal: Portal, office: Company) -> None:
    petrov, smirnov = office.users["Петров"], office.users["Смирнов"]
    lead = portal.as_user(petrov).create("lead", title="Нитки")
    portal.as_user(smirnov).move("lead", lead, "Квалификация пройдена")
    row = portal.as_user(smirnov).read("lead", lead)
    assert (row["createdBy"], row["assignedById"], row["updatedBy"], row["movedBy"]) == (
        petrov,
        petrov,
        smirnov,
        smirnov,
    )
    assert update(portal, 1, lead, title="Иголки")["updatedBy"] == office.users["CRM"]


def test_companies_and_their_contacts(portal: Portal) -> None:
    anna = add(portal, 3, name="Анна")["id"]
    company = add(portal, 4, title="Фабрика", contactIds=[anna])
    assert company["contactIds"] == [anna]
    assert rest(portal, "crm.item.get", entityTypeId=3, id=anna)["item"]["companyIds"] == [company["id"]]
    assert rest(portal, "crm.company.contact.items.get", id=company["id"])[0]["CONTACT_ID"] == anna


def test_a_deleted_item_is_not_found(portal: Portal) -> None:
    add(portal, 3, name="Анна")
    deal = add(portal, 2, contactIds=[1])["id"]
    assert rest(portal, "crm.item.delete", entityTypeId=3, id=1) == []
    with pytest.raises(Refusal) as gone:
        rest(portal, "crm.item.get", entityTypeId=3, id=1)
    assert gone.value.code == "NOT_FOUND"
    assert rest(portal, "crm.item.get", entityTypeId=2, id=deal)["item"]["contactIds"] == []


def test_fields_describe_dropdowns(portal: Portal) -> None:
    ids = dropdown(portal)
    fields = rest(portal, "crm.item.fields", entityTypeId=1, useOriginalUfNames="Y")["fields"]
    assert fields["UF_CRM_GOODS"]["items"][0] == {"ID": str(ids[0]), "VALUE": "Трикотаж"}
    assert fields["UF_CRM_GOODS"]["isDynamic"] is True
    assert fields["stageId"]["upperName"] == "STATUS_ID"
    assert fields["stageId"]["statusType"] == "STATUS"
