"""Section 8: a lead with a client turns into a repeat one; merged cards (docs/bitrix24.md, "Converting a lead")."""

import pytest

from sandbox.portal.activities import CallMade
from sandbox.portal.core import Portal
from sandbox.portal.store import Row
from sandbox.portal.types import COMPANY, CONTACT, DEAL, LEAD
from tests.support.sandbox import rest

pytestmark = pytest.mark.usefixtures("office")


def phone(value: str) -> Row:
    return {"typeId": "PHONE", "valueType": "WORK", "value": value}


def email(value: str) -> Row:
    return {"typeId": "EMAIL", "valueType": "WORK", "value": value}


def linked_lead(portal: Portal, *fm: Row, **fields: object) -> tuple[int, int]:
    """A lead whose contact was linked by crm.lead.contact.add, as robots do it."""
    contact = portal.as_user(5).create("contact", name="Анна", fm=[phone("+7 916 123-45-67")])
    lead = portal.as_user(5).create("lead", title="Нитки", fm=list(fm), **fields)
    rest(portal, "crm.lead.contact.add", id=lead, fields={"CONTACT_ID": contact})
    return lead, contact


def flag(portal: Portal, lead: int) -> str:
    return rest(portal, "crm.item.get", entityTypeId=1, id=lead)["item"]["isReturnCustomer"]


def test_section_8_the_link_method_leaves_the_lead_as_it_is(portal: Portal) -> None:
    lead, _ = linked_lead(portal, phone("+79990001122"))
    assert flag(portal, lead) == "N"
    assert portal.items.get(LEAD.id, lead)["fm"]


@pytest.mark.parametrize("writer", ["a person", "crm.item.update", "crm.lead.update"])
def test_section_8_any_later_save_turns_a_lead_with_a_client(portal: Portal, writer: str) -> None:
    lead, _ = linked_lead(portal)
    if writer == "a person":
        portal.as_user(5).update("lead", lead, title="Иголки")
    elif writer == "crm.item.update":
        rest(portal, writer, entityTypeId=1, id=lead, fields={"title": "Иголки"})
    else:
        rest(portal, writer, id=lead, fields={"TITLE": "Иголки"})
    assert flag(portal, lead) == "Y"


def test_section_8_phones_and_mails_move_into_the_contact(portal: Portal) -> None:
    own = (phone("+79161234567"), phone("+79990001122"), email("a@b.ru"))
    lead, contact = linked_lead(portal, *own, lastName="Котова")
    portal.as_user(5).update("lead", lead, title="Иголки")
    card = portal.items.get(CONTACT.id, contact)
    assert [one["value"] for one in card["fm"]] == ["+7 916 123-45-67", "+79990001122", "a@b.ru"]
    assert card["lastName"] == "Котова"
    shown = rest(portal, "crm.item.get", entityTypeId=1, id=lead)["item"]
    assert (shown["fm"], shown["phone"], shown["hasPhone"], shown["hasEmail"]) == ([], "", "N", "N")


def test_section_8_a_lead_of_a_company_alone_gives_its_phones_to_the_company(portal: Portal) -> None:
    company = portal.as_user(5).create("company", title="Ткани")
    lead = portal.as_user(5).create("lead", companyId=company, fm=[phone("+79990001122")])
    assert flag(portal, lead) == "Y"
    assert [one["value"] for one in portal.items.get(COMPANY.id, company)["fm"]] == ["+79990001122"]


def test_section_8_on_the_success_stage_nothing_turns(portal: Portal) -> None:
    lead, _ = linked_lead(portal, phone("+79990001122"))
    rest(portal, "crm.item.update", entityTypeId=1, id=lead, fields={"stageId": "CONVERTED"})
    rest(portal, "crm.item.update", entityTypeId=1, id=lead, fields={"title": "Иголки"})
    assert flag(portal, lead) == "N"
    assert portal.items.get(LEAD.id, lead)["fm"]


def test_section_8_a_lead_that_once_stood_on_the_success_stage_does_not_turn(portal: Portal) -> None:
    lead, _ = linked_lead(portal)
    for stage in ("CONVERTED", "NEW"):
        rest(portal, "crm.item.update", entityTypeId=1, id=lead, fields={"stageId": stage})
    portal.as_user(5).update("lead", lead, title="Иголки")
    assert flag(portal, lead) == "N"


def test_section_8_a_portal_without_repeat_leads_turns_none(portal: Portal) -> None:
    portal.items.turns_leads = False
    lead, _ = linked_lead(portal)
    portal.as_user(5).update("lead", lead, title="Иголки")
    assert flag(portal, lead) == "N"


def test_merged_cards_leave_everything_to_the_first(portal: Portal) -> None:
    anna = portal.as_user(5)
    first = anna.create("contact", name="Анна", fm=[phone("+79161234567")])
    second = anna.create("contact", name="Анна", lastName="Котова", fm=[phone("8 (999) 000-11-22")])
    deal = anna.create("deal", contactIds=[second])
    call = anna.call("contact", second)
    fields = {"ENTITY_TYPE_ID": 3, "ENTITY_ID": second, "PRESET_ID": 1, "NAME": "Основные"}
    requisite = rest(portal, "crm.requisite.add", fields=fields)
    portal.subscribe("http://robots.test/", ["*"], "secret")
    anna.merge("contact", [first, second])
    assert portal.items.get(CONTACT.id, second) is None
    survivor = portal.items.get(CONTACT.id, first)
    assert survivor["lastName"] == "Котова"
    assert [one["value"] for one in survivor["fm"]] == ["+79161234567", "8 (999) 000-11-22"]
    linked = portal.items.get(DEAL.id, deal)
    assert (linked["contactIds"], linked["contactId"]) == ([first], first)
    assert [row["id"] for row in portal.activities.of(CONTACT.id, first)] == [call["id"]]
    assert [row["id"] for row in portal.requisites.of(CONTACT.id, first)] == [requisite]
    portal.deliver()
    assert [one.event for one in portal.sent] == ["ONCRMCONTACTUPDATE", "ONCRMCONTACTDELETE"]


def test_mergebatch_merges_as_a_person_does(portal: Portal) -> None:
    for name in ("Анна", "Анна"):
        portal.as_user(5).create("contact", name=name)
    deal = portal.as_user(5).create("deal", contactIds=[2])
    merged = rest(portal, "crm.entity.mergeBatch", params={"entityTypeId": 3, "entityIds": [1, 2]})
    assert merged == {"STATUS": "SUCCESS", "ENTITY_IDS": [1]}
    assert portal.items.get(DEAL.id, deal)["contactIds"] == [1]


def test_section_8_simple_crm_knows_no_leads(portal: Portal) -> None:
    assert rest(portal, "crm.settings.mode.get") == 1
    portal.simple_crm = True
    assert rest(portal, "crm.settings.mode.get") == 2
    portal.subscribe("http://robots.test/", ["*"], "secret")
    lead = rest(portal, "crm.item.add", entityTypeId=1, fields={"title": "Нитки", "name": "Анна"})["item"]["id"]
    portal.deliver()
    assert [one.event for one in portal.sent] == ["ONCRMCONTACTADD", "ONCRMDEALADD"]
    assert rest(portal, "crm.item.get", entityTypeId=1, id=lead)["item"]["stageId"] == "CONVERTED"
    (deal,) = rest(portal, "crm.deal.list", filter={"LEAD_ID": lead})
    assert deal["TITLE"] == "Нитки"


def test_section_8_an_unanswered_call_leaves_a_completed_activity(portal: Portal) -> None:
    contact = portal.as_user(5).create("contact", name="Анна")
    activity = portal.as_user(5).call("contact", contact, CallMade(code="304"))
    assert activity["COMPLETED"] == "Y"
    (known,) = rest(portal, "voximplant.statistic.get", FILTER={"CRM_ACTIVITY_ID": activity["id"]})
    assert (known["CALL_FAILED_CODE"], known["CALL_DURATION"]) == ("304", "0")
    portal.people.change(1, callStatistics=False)
    assert rest(portal, "voximplant.statistic.get", FILTER={"CRM_ACTIVITY_ID": activity["id"]}) == []
