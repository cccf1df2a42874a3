"""Section 8: classic writes, conversion, repeat leads, stage history (docs/bitrix24.md, "Converting a lead")."""

import pytest

from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.seed import Company
from tests.support.sandbox import rest

pytestmark = pytest.mark.usefixtures("office")


def lead(portal: Portal) -> dict:
    item: dict = rest(portal, "crm.item.get", entityTypeId=1, id=1)["item"]
    return item


def contact(portal: Portal) -> int:
    return portal.as_user(1).create("contact", name="Анна")


def test_section_8_phones_are_changed_one_by_one(portal: Portal) -> None:
    phones = [{"VALUE": "+7001", "VALUE_TYPE": "WORK"}, {"VALUE": "+7002", "VALUE_TYPE": "HOME"}]
    rest(portal, "crm.contact.add", fields={"NAME": "Анна", "PHONE": phones})
    first, second = (one["ID"] for one in rest(portal, "crm.contact.get", id=1)["PHONE"])
    changes = [{"ID": first, "VALUE": "+7003"}, {"ID": second, "DELETE": "Y"}, {"VALUE": "+7004"}]
    rest(portal, "crm.contact.update", id=1, fields={"PHONE": changes})
    kept = rest(portal, "crm.contact.get", id=1)["PHONE"]
    assert [(one["VALUE"], one["VALUE_TYPE"]) for one in kept] == [("+7003", "WORK"), ("+7004", "WORK")]
    assert kept[0]["ID"] == first


def test_section_8_lead_id_is_ignored_here_and_written_there(portal: Portal) -> None:
    portal.as_user(1).create("lead", title="Нитки")
    deal = rest(portal, "crm.deal.add", fields={"TITLE": "Нитки", "LEAD_ID": 1})
    assert rest(portal, "crm.deal.get", id=deal)["LEAD_ID"] is None
    rest(portal, "crm.item.update", entityTypeId=2, id=deal, fields={"leadId": 1})
    assert rest(portal, "crm.deal.get", id=deal)["LEAD_ID"] == "1"
    found = rest(portal, "crm.item.list", entityTypeId=2, select=["id"], filter={"leadId": 1})["items"]
    assert found == [{"id": deal}]


def test_section_8_a_stage_of_another_funnel_is_ignored(portal: Portal, office: Company) -> None:
    rest(portal, "crm.deal.add", fields={"TITLE": "Нитки"})
    foreign = {"STAGE_ID": f"C{office.categories['Услуги']}:NEW", "CATEGORY_ID": office.categories["Услуги"]}
    assert rest(portal, "crm.deal.update", id=1, fields={**foreign, "TITLE": "Иголки"}) is True
    deal = rest(portal, "crm.deal.get", id=1)
    assert (deal["STAGE_ID"], deal["CATEGORY_ID"], deal["TITLE"]) == ("NEW", "0", "Иголки")


def test_section_8_empty_values_clear(portal: Portal) -> None:
    rest(portal, "crm.lead.userfield.add", fields={"FIELD_NAME": "INN", "USER_TYPE_ID": "string"})
    rest(portal, "crm.lead.add", fields={"TITLE": "Нитки", "UF_CRM_INN": "7707083893", "COMMENTS": "важно"})
    rest(portal, "crm.lead.update", id=1, fields={"UF_CRM_INN": "", "COMMENTS": ""})
    assert (lead(portal)["ufCrmInn"], lead(portal)["comments"]) == (None, None)


@pytest.mark.parametrize(
    ("method", "params", "text"),
    [
        ("crm.lead.get", {"id": "x"}, "ID is not defined or invalid."),
        ("crm.lead.get", {"id": 404}, "Not found"),
        ("crm.lead.update", {"id": 1, "fields": "x"}, "Parameter 'fields' must be array."),
        ("crm.contact.add", {"fields": "x"}, "Parameter 'fields' must be array."),
    ],
)
def test_classic_errors_have_no_code(portal: Portal, method: str, params: dict, text: str) -> None:
    portal.as_user(1).create("lead", title="Нитки")
    with pytest.raises(Refusal) as refused:
        rest(portal, method, **params)
    assert (refused.value.code, refused.value.text, refused.value.status) == ("", text, 400)


def test_a_malformed_e_mail_is_refused(portal: Portal) -> None:
    with pytest.raises(Refusal) as refused:
        rest(portal, "crm.contact.add", fields={"NAME": "Анна", "EMAIL": [{"VALUE": "anna"}]})
    assert refused.value.code == "ERROR_CORE"


def test_section_8_converted_creates_nothing(portal: Portal) -> None:
    portal.as_user(1).create("lead", title="Нитки", name="Анна")
    rest(portal, "crm.item.update", entityTypeId=1, id=1, fields={"stageId": "CONVERTED"})
    assert lead(portal)["stageSemanticId"] == "S"
    assert lead(portal)["dateClosed"] == "2026-01-12T09:00:00+03:00"
    assert [len(portal.items.table(type_id)) for type_id in (2, 3, 4)] == [0, 0, 0]


def test_a_person_converts_by_hand(portal: Portal) -> None:
    fm = [{"typeId": "PHONE", "valueType": "WORK", "value": "+7999"}]
    portal.as_user(5).create("lead", title="Нитки", name="Анна", companyTitle="Фабрика", opportunity=10, fm=fm)
    made = portal.as_user(5).convert(1, company=True)
    deal = rest(portal, "crm.item.get", entityTypeId=2, id=made["deal"])["item"]
    assert (deal["leadId"], deal["contactIds"], deal["companyId"], deal["opportunity"]) == (
        1,
        [made["contact"]],
        made["company"],
        10,
    )
    assert rest(portal, "crm.item.get", entityTypeId=3, id=made["contact"])["item"]["phone"] == "+7999"
    assert (lead(portal)["stageId"], lead(portal)["contactIds"]) == ("CONVERTED", [made["contact"]])


def test_a_repeat_lead_becomes_a_deal_only(portal: Portal) -> None:
    contact(portal)
    portal.as_user(5).create("lead", title="Нитки", contactIds=[1])
    made = portal.as_user(5).convert(1, company=True)
    assert list(made) == ["deal"]
    assert rest(portal, "crm.item.get", entityTypeId=2, id=made["deal"])["item"]["contactIds"] == [1]


@pytest.mark.parametrize(
    ("method", "params", "flag"),
    [
        ("crm.lead.contact.add", {"id": 1, "fields": {"CONTACT_ID": 1}}, "N"),
        ("crm.lead.contact.items.set", {"id": 1, "items": [{"CONTACT_ID": 1}]}, "N"),
        ("crm.lead.update", {"id": 1, "fields": {"CONTACT_ID": 1}}, "Y"),
        ("crm.item.update", {"entityTypeId": 1, "id": 1, "fields": {"contactIds": [1]}}, "Y"),
    ],
)
def test_section_8_which_writes_make_a_repeat_lead(portal: Portal, method: str, params: dict, flag: str) -> None:
    portal.as_user(1).create("lead", title="Нитки")
    contact(portal)
    rest(portal, method, **params)
    assert (lead(portal)["contactId"], lead(portal)["contactIds"]) == (1, [1])
    assert lead(portal)["isReturnCustomer"] == flag


def test_section_8_unlinking_leaves_the_flag(portal: Portal) -> None:
    contact(portal)
    portal.as_user(1).create("lead", title="Нитки", contactIds=[1])
    rest(portal, "crm.lead.contact.items.delete", id=1)
    assert (lead(portal)["contactId"], lead(portal)["contactIds"]) == (0, [])
    assert lead(portal)["isReturnCustomer"] == "Y"


def test_links_know_their_primary(portal: Portal) -> None:
    first, second = contact(portal), contact(portal)
    portal.as_user(1).create("deal", title="Нитки")
    assert rest(portal, "crm.deal.contact.add", id=1, fields={"CONTACT_ID": first}) is True
    assert rest(portal, "crm.deal.contact.add", id=1, fields={"CONTACT_ID": first}) is False
    rest(portal, "crm.deal.contact.add", id=1, fields={"CONTACT_ID": second, "IS_PRIMARY": "Y"})
    assert rest(portal, "crm.deal.contact.items.get", id=1) == [
        {"CONTACT_ID": first, "SORT": 10, "ROLE_ID": 0, "IS_PRIMARY": "N"},
        {"CONTACT_ID": second, "SORT": 20, "ROLE_ID": 0, "IS_PRIMARY": "Y"},
    ]
    rest(portal, "crm.deal.contact.delete", id=1, fields={"CONTACT_ID": second})
    assert rest(portal, "crm.deal.contact.items.get", id=1)[0]["IS_PRIMARY"] == "Y"


def test_section_8_every_move_leaves_a_row_of_history(portal: Portal, office: Company) -> None:
    services = office.categories["Услуги"]
    portal.as_user(1).create("deal", title="Нитки")
    for fields in (
        {"stageId": "EXECUTING"},
        {"categoryId": services, "stageId": f"C{services}:NEW"},
        {"stageId": f"C{services}:WON"},
    ):
        rest(portal, "crm.item.update", entityTypeId=2, id=1, fields=fields)
    rows = rest(portal, "crm.stagehistory.list", entityTypeId=2, filter={"OWNER_ID": 1}, order={"ID": "DESC"})["items"]
    assert [(row["TYPE_ID"], row["STAGE_ID"], row["STAGE_SEMANTIC_ID"]) for row in rows] == [
        (3, f"C{services}:WON", "S"),
        (5, f"C{services}:NEW", "P"),
        (2, "EXECUTING", "P"),
        (1, "NEW", "P"),
    ]


def test_history_of_leads_speaks_of_statuses(portal: Portal) -> None:
    portal.as_user(1).create("lead", title="Нитки")
    row = rest(portal, "crm.stagehistory.list", entityTypeId=1, filter={"OWNER_ID": 1})["items"][0]
    assert (row["STATUS_ID"], row["STATUS_SEMANTIC_ID"]) == ("NEW", "P")
    assert "STAGE_ID" not in row
    with pytest.raises(Refusal, match="ENTITY_TYPE_NOT_SUPPORTED"):
        rest(portal, "crm.stagehistory.list", entityTypeId=3)


def test_deals_tell_the_feed_unless_they_are_asked_not_to(portal: Portal, office: Company) -> None:
    petrov = office.users["Петров"]
    rest(portal, "crm.deal.add", fields={"TITLE": "Нитки", "ASSIGNED_BY_ID": petrov})
    silent = {"REGISTER_SONET_EVENT": "N"}
    rest(portal, "crm.deal.add", fields={"TITLE": "Иголки", "ASSIGNED_BY_ID": petrov}, params=silent)
    rest(portal, "crm.contact.add", fields={"NAME": "Анна", "ASSIGNED_BY_ID": petrov})
    assert [post["title"] for post in portal.as_user(petrov).feed()] == ["Сделка: Нитки"]
