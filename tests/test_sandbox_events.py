"""Section 8: events and how they go wrong (docs/bitrix24.md, "Outgoing webhooks", and "Automation rules")."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from sandbox.portal.core import Portal
from sandbox.portal.event_faults import EventFaults
from sandbox.portal.types import DEAL
from sandbox.seed import Company
from tests.support.sandbox import MONDAY, rest

pytestmark = pytest.mark.usefixtures("office")

URL = "http://robots.test/webhooks/all"


def received(portal: Portal) -> list[dict[str, str]]:
    """Forms that handlers got since the last look."""
    portal.deliver()
    forms = [dict(parse_qsl(delivery.body.decode())) for delivery in portal.sent]
    portal.sent.clear()
    return forms


def events(portal: Portal) -> list[str]:
    return [form.get("event", "") for form in received(portal)]


def test_section_8_the_form_of_an_event(portal: Portal) -> None:
    webhook = portal.subscribe(URL, ["*"], "secret")
    lead = portal.as_user(4).create("lead", title="Нитки")
    assert received(portal) == [
        {
            "event": "ONCRMLEADADD",
            "event_handler_id": str(webhook),
            "data[FIELDS][ID]": str(lead),
            "ts": str(int(MONDAY.timestamp())),
            "auth[domain]": "portal.bitrix24.test",
            "auth[client_endpoint]": "https://portal.bitrix24.test/rest/",
            "auth[server_endpoint]": "https://oauth.bitrix.info/rest/",
            "auth[member_id]": "0f0e0d0c0b0a09080706050403020100",
            "auth[application_token]": "secret",
        }
    ]


def test_section_8_brackets_are_percent_encoded(portal: Portal) -> None:
    portal.subscribe(URL, ["*"], "secret")
    portal.as_user(5).create("lead")
    portal.deliver()
    assert portal.sent[0].body.startswith(b"event=ONCRMLEADADD&event_handler_id=1&data%5BFIELDS%5D%5BID%5D=1&ts=")


def test_section_8_our_own_writes_come_back(portal: Portal) -> None:
    portal.subscribe(URL, ["*"], "secret")
    rest(portal, "crm.item.add", entityTypeId=1, fields={"title": "Нитки"})
    rest(portal, "crm.item.update", entityTypeId=1, id=1, fields={"title": "Иголки"})
    rest(portal, "crm.timeline.comment.add", fields={"ENTITY_ID": 1, "ENTITY_TYPE": "lead", "COMMENT": "Да"})
    deadline = "2026-01-13T10:00:00+03:00"
    rest(portal, "crm.activity.todo.add", ownerTypeId=1, ownerId=1, deadline=deadline, title="Позвонить")
    rest(portal, "crm.item.delete", entityTypeId=1, id=1)
    assert events(portal) == [
        "ONCRMLEADADD",
        "ONCRMLEADUPDATE",
        "ONCRMTIMELINECOMMENTADD",
        "ONCRMACTIVITYADD",
        "ONCRMLEADDELETE",
    ]


def test_section_8_each_webhook_has_its_own_events_and_token(portal: Portal) -> None:
    portal.subscribe("http://one.test/", ["ONCRMLEADADD"], "first")
    portal.subscribe("http://two.test/", ["oncrmdealadd", "ONCRMLEADADD"], "second")
    portal.as_user(5).create("lead")
    portal.as_user(5).create("deal")
    portal.deliver()
    assert [(one.url, one.event) for one in portal.sent] == [
        ("http://one.test/", "ONCRMLEADADD"),
        ("http://two.test/", "ONCRMLEADADD"),
        ("http://two.test/", "ONCRMDEALADD"),
    ]
    assert [b"application_token%5D=first" in one.body for one in portal.sent] == [True, False, False]


def test_section_8_a_funnel_move_tells_webhooks_nothing(portal: Portal, office: Company) -> None:
    portal.as_user(5).create("deal")
    portal.subscribe(URL, ["*", "ONCRMDEALMOVETOCATEGORY"], "secret")
    rest(portal, "crm.item.update", entityTypeId=2, id=1, fields={"categoryId": office.categories["Услуги"]})
    assert events(portal) == []


def test_section_8_an_automation_rule_has_a_form_of_its_own(portal: Portal, office: Company) -> None:
    services = office.categories["Услуги"]
    portal.add_rule(DEAL.id, f"C{services}:NEW", "http://robots.test/webhooks/lost-deal?token=t")
    portal.as_user(4).create("deal")
    assert received(portal) == []
    portal.as_user(4).update("deal", 1, categoryId=services)
    portal.deliver()
    assert portal.sent[0].url == "http://robots.test/webhooks/lost-deal?token=t"
    form = received(portal)[0]
    assert [form[f"document_id[{place}]"] for place in range(3)] == ["crm", "CCrmDocumentDeal", "DEAL_1"]
    assert form["auth[domain]"] == "portal.bitrix24.test"
    assert "event" not in form
    assert "auth[application_token]" not in form


def test_section_8_an_event_names_the_host_under_which_the_change_was_made(portal: Portal) -> None:
    portal.subscribe(URL, ["*"], "secret")
    portal.other_hosts = ["www.portal.bitrix24.test"]
    for user in (4, 5):
        portal.as_user(user).create("lead")
    portal.as_user(5, "crm.acme.ru:8443").create("lead")
    rest(portal, "crm.item.update", entityTypeId=1, id=1, fields={"title": "Иголки"})
    portal.as_agent().update("lead", 1, title="Ночью")
    forms = received(portal)
    hosts = ["portal.bitrix24.test", "www.portal.bitrix24.test", "crm.acme.ru:8443", "portal.bitrix24.test", ""]
    assert [form.get("auth[domain]", "") for form in forms] == hosts
    assert forms[1]["auth[client_endpoint]"] == "https://www.portal.bitrix24.test/rest/"
    assert len({form["auth[member_id]"] for form in forms}) == 1


def test_requisites_bank_details_and_addresses_have_events_of_their_own(portal: Portal) -> None:
    company = portal.as_user(5).create("company", title="Ткани")
    portal.subscribe(URL, ["*"], "secret")
    fields = {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "NAME": "Основные"}
    requisite = rest(portal, "crm.requisite.add", fields=fields)
    rest(portal, "crm.requisite.update", id=requisite, fields={"RQ_INN": "7712345671"})
    bank = rest(portal, "crm.requisite.bankdetail.add", fields={"ENTITY_ID": requisite, "NAME": "Счёт"})
    rest(portal, "crm.requisite.bankdetail.update", id=bank, fields={"RQ_BIK": "044525225"})
    address = {"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite}
    rest(portal, "crm.address.add", fields={**address, "CITY": "Москва"})
    rest(portal, "crm.address.delete", fields=address)
    rest(portal, "crm.requisite.bankdetail.delete", id=bank)
    rest(portal, "crm.requisite.delete", id=requisite)
    forms = received(portal)
    assert [form["event"].removeprefix("ONCRM") for form in forms] == [
        "REQUISITEADD",
        "REQUISITEUPDATE",
        "BANKDETAILADD",
        "BANKDETAILUPDATE",
        "ADDRESSREGISTER",
        "ADDRESSUNREGISTER",
        "BANKDETAILDELETE",
        "REQUISITEDELETE",
    ]
    named = {key: value for key, value in forms[4].items() if key.startswith("data")}
    assert named == {
        "data[FIELDS][TYPE_ID]": "6",
        "data[FIELDS][ENTITY_TYPE_ID]": "8",
        "data[FIELDS][ENTITY_ID]": str(requisite),
        "data[FIELDS][ANCHOR_TYPE_ID]": "4",
        "data[FIELDS][ANCHOR_ID]": str(company),
    }


def test_comments_and_tasks_name_their_ids_elsewhere(portal: Portal) -> None:
    portal.subscribe(URL, ["*"], "secret")
    portal.as_user(5).create("lead")
    portal.as_user(5).comment("lead", 1, "Да")
    task = rest(portal, "tasks.task.add", fields={"TITLE": "Выезд", "RESPONSIBLE_ID": 5})["task"]["id"]
    _, comment, made = received(portal)
    assert comment["data[ID]"] == "1"
    assert made["data[FIELDS_AFTER][ID]"] == task
    assert made["data[FIELDS_BEFORE]"] == "undefined"


def test_a_call_ends_with_an_event_of_telephony(portal: Portal) -> None:
    portal.as_user(5).create("contact", name="Анна")
    portal.subscribe(URL, ["ONVOXIMPLANTCALLEND"], "secret")
    activity = portal.as_user(5).call("contact", 1)
    form = received(portal)[0]
    assert (form["data[CALL_DURATION]"], form["data[CALL_FAILED_CODE]"]) == ("60", "200")
    assert form["data[CRM_ACTIVITY_ID]"] == str(activity["id"])


def test_section_8_events_can_be_dropped_and_doubled(portal: Portal) -> None:
    portal.subscribe(URL, ["*"], "secret")
    portal.outbox.faults = EventFaults(drop_next=1, duplicate_next=1)
    for _ in range(3):
        portal.as_user(5).create("lead")
    assert [form["data[FIELDS][ID]"] for form in received(portal)] == ["2", "2", "3"]


def test_section_8_a_late_event_tells_when_the_change_was_made(portal: Portal) -> None:
    portal.subscribe(URL, ["*"], "secret")
    portal.outbox.faults = EventFaults(delay=60)
    portal.as_user(5).create("lead")
    assert received(portal) == []
    portal.clock.advance(timedelta(seconds=61))
    assert [form["ts"] for form in received(portal)] == [str(int(MONDAY.timestamp()))]


def test_section_8_events_can_overtake_each_other(portal: Portal) -> None:
    portal.subscribe(URL, ["*"], "secret")
    portal.outbox.faults = EventFaults(reorder=10)
    for _ in range(10):
        portal.as_user(5).create("lead")
    portal.clock.advance(timedelta(seconds=10))
    order = [int(form["data[FIELDS][ID]"]) for form in received(portal)]
    assert sorted(order) == list(range(1, 11))
    assert order != sorted(order)


def test_section_8_a_share_of_events_is_lost(portal: Portal) -> None:
    portal.subscribe(URL, ["*"], "secret")
    portal.outbox.faults = EventFaults(drop=0.5, only="ONCRMLEAD*")
    for _ in range(40):
        portal.as_user(5).create("lead")
        portal.as_user(5).create("deal")
    names = events(portal)
    assert names.count("ONCRMDEALADD") == 40
    assert 5 < names.count("ONCRMLEADADD") < 35
