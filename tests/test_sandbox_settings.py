"""What publishing needs of a portal: user fields, dictionaries, funnels, card layout; and requisites."""

import pytest

from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.rest.endpoint import answer
from sandbox.seed import Company
from tests.support.sandbox import rest

pytestmark = pytest.mark.usefixtures("office")


def made(portal: Portal, **more: object) -> int:
    items = [{"VALUE": "Новый", "XML_ID": "new", "SORT": 10}, {"VALUE": "Горячий", "XML_ID": "hot", "SORT": 20}]
    fields = {"FIELD_NAME": "STATUS", "USER_TYPE_ID": "enumeration", "LABEL": "Статус", "LIST": items, **more}
    field_id: int = rest(portal, "crm.company.userfield.add", fields=fields)
    return field_id


def items_of(portal: Portal, field_id: int) -> list[tuple[str, str]]:
    return [(one["VALUE"], one["XML_ID"]) for one in rest(portal, "crm.company.userfield.get", id=field_id)["LIST"]]


def test_labels_come_with_a_language_only(portal: Portal) -> None:
    made(portal, LABEL={"ru": "Статус клиента", "en": "Client status"})
    assert "EDIT_FORM_LABEL" not in rest(portal, "crm.company.userfield.list")[0]
    russian = rest(portal, "crm.company.userfield.list", filter={"LANG": "ru"})[0]
    assert (russian["FIELD_NAME"], russian["EDIT_FORM_LABEL"]) == ("UF_CRM_STATUS", "Статус клиента")


def test_items_are_edited_added_and_deleted(portal: Portal) -> None:
    field = made(portal)
    new, hot = (one["ID"] for one in rest(portal, "crm.company.userfield.get", id=field)["LIST"])
    changes = [{"ID": new, "VALUE": "Новичок"}, {"ID": hot, "DEL": "Y"}, {"VALUE": "Тёплый", "XML_ID": "warm"}]
    assert rest(portal, "crm.company.userfield.update", id=field, fields={"LIST": changes}) is True
    assert items_of(portal, field) == [("Новичок", "new"), ("Тёплый", "warm")]


def test_nothing_merges_equal_texts(portal: Portal) -> None:
    field = made(portal)
    rest(portal, "crm.company.userfield.update", id=field, fields={"LIST": [{"VALUE": "Новый"}, {"VALUE": " "}]})
    assert [value for value, _ in items_of(portal, field)] == ["Новый", "Горячий", "Новый"]


def test_labels_are_overwritten_as_a_whole(portal: Portal) -> None:
    field = made(portal, LABEL={"ru": "Статус", "en": "Status"})
    rest(portal, "crm.company.userfield.update", id=field, fields={"EDIT_FORM_LABEL": {"ru": "Этап"}})
    assert rest(portal, "crm.company.userfield.get", id=field)["EDIT_FORM_LABEL"] == {"ru": "Этап"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"FIELD_NAME": "A"}, ""),
        ({"USER_TYPE_ID": "string"}, ""),
        ({"FIELD_NAME": "A", "USER_TYPE_ID": "nonsense"}, "ERROR_CORE"),
        ({"FIELD_NAME": "A" * 60, "USER_TYPE_ID": "string"}, "ERROR_CORE"),
        ({"FIELD_NAME": "ПОЛЕ", "USER_TYPE_ID": "string"}, "ERROR_CORE"),
        ({"FIELD_NAME": "STATUS", "USER_TYPE_ID": "string"}, "ERROR_CORE"),
    ],
)
def test_fields_that_cannot_be_made(portal: Portal, fields: dict, code: str) -> None:
    made(portal)
    with pytest.raises(Refusal) as refused:
        rest(portal, "crm.company.userfield.add", fields=fields)
    assert refused.value.code == code


def test_a_field_of_another_type_of_item_is_foreign(portal: Portal) -> None:
    field = made(portal)
    with pytest.raises(Refusal) as refused:
        rest(portal, "crm.lead.userfield.update", id=field, fields={"SORT": 5})
    assert refused.value.status == 403


def test_changes_of_fields_are_events(portal: Portal) -> None:
    portal.subscribe("http://robots.test/", ["*"], "token")
    field = made(portal)
    rest(portal, "crm.company.userfield.update", id=field, fields={"LIST": [{"VALUE": "Тёплый"}]})
    portal.deliver()
    assert [one.event for one in portal.sent] == [
        "ONCRMCOMPANYUSERFIELDADD",
        "ONCRMCOMPANYUSERFIELDUPDATE",
        "ONCRMCOMPANYUSERFIELDSETENUMVALUES",
    ]


def test_userfieldconfig_is_the_same_in_camel_case(portal: Portal) -> None:
    made(portal)
    config = {"moduleId": "crm"}
    found = rest(portal, "userfieldconfig.list", **config, filter={"entityId": "CRM_COMPANY"})["fields"]
    field = rest(portal, "userfieldconfig.get", **config, id=found[0]["id"])["field"]
    assert [one["value"] for one in field["enum"]] == ["Новый", "Горячий"]
    change = {"userTypeId": "enumeration", "enum": [{"value": "Тёплый", "xmlId": "warm"}]}
    changed = rest(portal, "userfieldconfig.update", **config, id=field["id"], field=change)["field"]
    assert [one["xmlId"] for one in changed["enum"]] == ["new", "hot", "warm"]


def test_dictionaries(portal: Portal, office: Company) -> None:
    stages = rest(portal, "crm.status.list", filter={"ENTITY_ID": "STATUS"}, order={"SORT": "ASC"})
    assert [row["NAME"] for row in stages[:2]] == ["Новый лид", "Менеджер назначен"]
    semantics = {row["STATUS_ID"]: (row["SEMANTICS"], row["EXTRA"]["SEMANTICS"]) for row in stages}
    assert semantics["NEW"] == (None, "process")
    assert semantics["CONVERTED"] == ("S", "success")
    assert semantics["JUNK"] == ("F", "failure")
    services = office.categories["Услуги"]
    of_services = rest(portal, "crm.status.list", filter={"ENTITY_ID": f"DEAL_STAGE_{services}"})
    assert (of_services[0]["STATUS_ID"], of_services[0]["CATEGORY_ID"]) == (f"C{services}:NEW", str(services))
    assert rest(portal, "crm.status.list", filter={"ENTITY_ID": "DEAL_STAGE_0"}) == []


def test_funnels(portal: Portal) -> None:
    funnels = rest(portal, "crm.category.list", entityTypeId=2)["categories"]
    assert [(one["id"], one["name"], one["isDefault"]) for one in funnels] == [
        (0, "Общая", "Y"),
        (1, "Продажи", "N"),
        (2, "Услуги", "N"),
    ]
    with pytest.raises(Refusal, match="ENTITY_TYPE_NOT_SUPPORTED"):
        rest(portal, "crm.category.list", entityTypeId=1)


def test_the_common_card_is_laid_out_by_administrators(portal: Portal, office: Company) -> None:
    section = {"name": "main", "title": "О лиде", "type": "section", "elements": [{"name": "TITLE", "optionFlags": 1}]}
    given = {"entityTypeId": 1, "scope": "C", "data": [section]}
    configuration = "crm.item.details.configuration"
    assert rest(portal, f"{configuration}.get", entityTypeId=1, scope="C") is None
    assert rest(portal, f"{configuration}.set", **given) is True
    stored = rest(portal, f"{configuration}.get", entityTypeId=1, scope="C")
    assert stored == [{**section, "elements": [{"name": "TITLE", "optionFlags": "1"}]}]
    petrov = office.users["Петров"]
    portal.incoming.add(petrov, "petrov")
    assert answer(portal, f"/rest/{petrov}/petrov/{configuration}.set", given).body["error"] == "ACCESS_DENIED"


def test_requisites_find_a_company_by_inn(portal: Portal) -> None:
    company = portal.as_user(1).create("company", title="Фабрика")
    presets = rest(portal, "crm.requisite.preset.list", filter={"COUNTRY_ID": "1"}, select=["ID", "NAME", "XML_ID"])
    assert presets[0] == {"ID": "1", "NAME": "Организация", "XML_ID": "#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#"}
    fields = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "NAME": "Основные", "RQ_INN": "7712345671"}
    requisite = rest(portal, "crm.requisite.add", fields=fields)
    by_inn = {"RQ_INN": "7712345671", "ENTITY_TYPE_ID": 4}
    found = rest(portal, "crm.requisite.list", filter=by_inn, select=["ID", "ENTITY_ID", "RQ_INN"])
    assert found == [{"ID": str(requisite), "ENTITY_ID": str(company), "RQ_INN": "7712345671"}]
    bank = {"ENTITY_ID": requisite, "NAME": "Счёт", "RQ_BIK": "044525225", "RQ_ACC_NUM": "40702810000000000001"}
    rest(portal, "crm.requisite.bankdetail.add", fields=bank)
    details = rest(portal, "crm.requisite.bankdetail.list", filter={"ENTITY_ID": requisite})
    assert details[0]["RQ_BIK"] == "044525225"


def test_a_deal_uses_requisites_of_its_client_only(portal: Portal) -> None:
    own, other = (portal.as_user(1).create("company", title="Фабрика") for _ in range(2))
    deal = portal.as_user(1).create("deal", companyId=own)
    owner = {"ENTITY_TYPE_ID": 4, "PRESET_ID": 1, "NAME": "Основные"}
    of_own, of_other = (rest(portal, "crm.requisite.add", fields={**owner, "ENTITY_ID": one}) for one in (own, other))
    link = {"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "BANK_DETAIL_ID": 0, "MC_REQUISITE_ID": 0, "MC_BANK_DETAIL_ID": 0}
    register = "crm.requisite.link.register"
    assert rest(portal, register, fields={**link, "REQUISITE_ID": of_own}) is True
    with pytest.raises(Refusal, match="is not assigned to Company with ID"):
        rest(portal, register, fields={**link, "REQUISITE_ID": of_other})
    with pytest.raises(Refusal, match="MC_REQUISITE_ID is not defined or invalid"):
        rest(portal, register, fields={"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": 1, "BANK_DETAIL_ID": 0})


def test_products_make_up_the_sum(portal: Portal) -> None:
    lead = portal.as_user(1).create("lead", title="Нитки")
    rows = [{"productName": "Нитки", "price": 10.5, "quantity": 4}, {"productName": "Иглы", "price": 8}]
    rest(portal, "crm.item.productrow.set", ownerType="L", ownerId=lead, productRows=rows)
    stored = rest(portal, "crm.item.productrow.list", filter={"=ownerType": "L", "=ownerId": lead})["productRows"]
    assert [(row["productName"], row["price"], row["quantity"]) for row in stored] == [
        ("Нитки", 10.5, 4),
        ("Иглы", 8, 1),
    ]
    assert rest(portal, "crm.lead.productrows.get", id=lead)[0]["PRODUCT_NAME"] == "Нитки"
    assert rest(portal, "crm.item.get", entityTypeId=1, id=lead)["item"]["opportunity"] == 50
