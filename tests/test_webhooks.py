"""Both forms of an outgoing webhook, and which robot wants what."""

import contextlib

import pytest
from crm_robots.portal.events import Malformed, read_webhook
from crm_robots.portal.forms import parse_form
from crm_robots.robots.registry import ROBOTS, wanted_by
from hypothesis import given
from hypothesis import strategies as st

AUTH = "&auth[domain]=acme.example&auth[application_token]=tok"
LEAD_ROBOTS = ["qualification", "conversion", "routing"]
DEAL_ROBOTS = ["qualification", "lost-deal", "client-status"]


def read(text):
    return read_webhook(parse_form(text))


def test_w2_an_event_tells_item_and_time():
    """W2: as Bitrix24 sends it."""
    webhook = read(f"event=onCrmLeadUpdate&event_handler_id=12&data[FIELDS][ID]=481&ts=1767000000{AUTH}")

    assert (webhook.event, webhook.item, webhook.ts) == ("ONCRMLEADUPDATE", "lead:481", 1767000000)
    assert not webhook.is_rule


@pytest.mark.parametrize("key", ["document_id[{}]", "document_id[]"])
def test_w2_an_automation_rule_tells_its_document(key):
    parts = ("crm", "CCrmDocumentDeal", "DEAL_12")
    body = "&".join(f"{key.format(number)}={part}" for number, part in enumerate(parts))

    webhook = read(f"{body}&auth[domain]=acme.example")

    assert (webhook.event, webhook.item, webhook.ts) == ("", "deal:12", None)
    assert webhook.is_rule


def test_an_automation_rule_may_tell_the_time():
    assert read("document_id[2]=LEAD_7&ts=1767000000").ts == 1767000000


def test_s6_the_end_of_a_call_is_about_its_activity():
    assert read("event=ONVOXIMPLANTCALLEND&data[CRM_ACTIVITY_ID]=9&ts=1767000000").item == "activity:9"
    assert read("event=ONVOXIMPLANTCALLEND&data[CALL_ID]=x&ts=1767000000").item == ""


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "neither event nor document_id"),
        ("event=&ts=1", "neither event nor document_id"),
        ("event=ONCRMLEADADD&ts=1767000000", "FIELDS"),
        ("event=ONCRMLEADADD&ts=1767000000&data[FIELDS][ID]=17;DROP", "FIELDS"),
        ("event=ONCRMLEADADD&ts=1767000000&data[FIELDS][ID]=0", "FIELDS"),
        ("event=ONCRMLEADADD&ts=1767000000&data[FIELDS][ID]=" + "9" * 40, "FIELDS"),
        ("event=ONCRMLEADADD&data[FIELDS][ID]=17", "ts"),
        ("event=ONCRMLEADADD&data[FIELDS][ID]=17&ts=yesterday", "ts"),
        ("event=ONCRMLEADADD&data[FIELDS][ID]=17&ts=99999999999", "ts"),
        ("document_id[2]=LEAD_7&ts=soon", "ts"),
    ],
)
def test_w3_what_bitrix24_always_sends_must_be_there(body, sentence):
    with pytest.raises(Malformed, match=sentence):
        read(body)


RULE = "document_id[0]=crm&document_id[1]=CCrmDocumentLead"


@pytest.mark.parametrize(
    "document",
    [
        *("", "&document_id[2]=", "&document_id[2][]=LEAD_7", "&document_id[3]=LEAD_7"),
        *(
            f"&document_id[2]={text}"
            for text in (
                *("LEAD", "LEAD_", "LEAD_abc", "LEAD_0", "LEAD_-1", "LEAD_1.5", "LEAD_007", "LEAD_" + "9" * 40),
                *("lead_7", "LEAD_٧", "LEAD_7_8", "LEAD_7;DROP", "7", "DYNAMIC_", "DYNAMIC_128", "DYNAMIC_x_5"),
            )
        ),
    ],
)
def test_w2_w3_a_rules_document_that_cannot_be_read_is_malformed(document):
    """W2, W3: whoever made such a rule should hear of it, and not that the event was not wanted."""
    with pytest.raises(Malformed, match="LEAD_17 say"):
        read(RULE + document)


@pytest.mark.parametrize("document", ["DYNAMIC_128_5", "QUOTE_5", "SMART_INVOICE_5", "ORDER_17"])
def test_w3_a_document_of_another_kind_is_read_and_is_nobodys(document):
    """W3: it is well formed, and nothing here handles it."""
    assert read(f"{RULE}&document_id[2]={document}").item == ""
    assert (
        read(f"document_id[]=lists&document_id[]=BizprocDocument&document_id[]={document.rpartition('_')[2]}").item
        == ""
    )


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_w3_nothing_in_a_webhook_breaks_its_reader(event, number, ts):
    with contextlib.suppress(Malformed):
        read_webhook({"event": event, "data": {"FIELDS": {"ID": number}}, "ts": ts})


@pytest.mark.parametrize(
    ("event", "item", "robots"),
    [
        ("ONCRMLEADADD", "lead:1", LEAD_ROBOTS),
        ("ONCRMLEADDELETE", "lead:1", LEAD_ROBOTS),
        ("ONCRMDEALADD", "deal:1", DEAL_ROBOTS),
        ("ONCRMDEALDELETE", "deal:1", ["qualification", "client-status"]),
        ("ONCRMCOMPANYUPDATE", "company:1", ["conversion", "client-status"]),
        ("ONCRMREQUISITEUPDATE", "requisite:1", ["conversion"]),
        ("ONCRMBANKDETAILDELETE", "bankdetail:1", ["conversion"]),
        ("ONCRMADDRESSREGISTER", "requisite:1", ["conversion"]),
        ("ONCRMACTIVITYADD", "activity:1", ["client-status"]),
        ("ONVOXIMPLANTCALLEND", "activity:1", ["client-status"]),
        ("ONVOXIMPLANTCALLEND", "", []),
        ("ONTASKADD", "", []),
        ("", "lead:1", LEAD_ROBOTS),
        ("", "deal:1", DEAL_ROBOTS),
        ("", "company:1", ["client-status"]),
    ],
)
def test_w1_one_webhook_reaches_every_robot_that_wants_its_kind(event, item, robots):
    """W1: `/webhooks/all` is enough, and a robot's own address reaches that robot alone."""
    assert wanted_by("all", event, item) == robots
    for robot in ROBOTS:
        assert wanted_by(robot, event, item) == [robot] * (robot in robots)


def test_w9_l3_a_rule_on_a_deal_stage_reaches_the_robots_on_deals():
    """W9, L3: a move to another funnel raises no event; the automation rule's webhook covers it."""
    webhook = read("document_id[0]=crm&document_id[1]=CCrmDocumentDeal&document_id[2]=DEAL_12")

    assert wanted_by("lost-deal", webhook.event, webhook.item) == ["lost-deal"]
