"""P8: a portal without leads, and what else the doctor hears of the portal itself."""

from textwrap import indent

import httpx
import pytest
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.settings.source import split

from admin.doctor.finding import Finding
from admin.doctor.portal import seen
from sandbox.portal.activities import CallMade
from sandbox.portal.core import Portal
from sandbox.seed import Company
from sandbox.transport import PortalTransport
from tests.support.world import EXAMPLE, new_world

ON_LEADS = ("portal", "qualification")


def findings(portal: Portal, office: Company, *on: str, only_leads: bool = False) -> dict[str, Finding]:
    http = httpx.Client(transport=PortalTransport(portal))
    return {one.name: one for one in seen(Bitrix24(office.webhook, http, LocalLimiter()), on, only_leads=only_leads)}


@pytest.mark.parametrize(("only_leads", "level"), [(True, "wrong"), (False, "note")])
def test_p8_doctor_says_that_there_are_no_leads(portal: Portal, office: Company, only_leads: bool, level: str):
    assert "CRM mode" not in findings(portal, office, only_leads=only_leads)
    portal.simple_crm = True

    found = findings(portal, office, only_leads=only_leads)["CRM mode"]

    assert found.level == level
    assert "no leads" in found.text


@pytest.mark.parametrize(("sections", "in_vain"), [(ON_LEADS, True), ((*ON_LEADS, "client_status"), False)])
def test_p8_publishing_and_check_know_a_portal_without_leads(sections: tuple[str, ...], in_vain: bool):
    pieces = split(EXAMPLE.read_text())
    text = "\n".join(f"{name}:\n{indent(pieces[name].text, '  ')}" for name in sections)
    for world in new_world({}):
        assert not world.publish(text).simple_crm
        world.portal.simple_crm = True
        report = world.publish(text)

        assert (report.simple_crm, report.in_vain) == (True, in_vain)


def test_doctor_asks_for_the_right_to_the_statistics_where_the_telephony_made_calls(portal: Portal, office: Company):
    assert "call statistics" not in findings(portal, office, "client_status")
    contact = portal.as_user(5).create("contact", name="Анна")
    portal.as_user(5).call("contact", contact, CallMade(code="304"))

    assert findings(portal, office, "client_status")["call statistics"].level == "ok"
    portal.people.change(office.users["CRM"], callStatistics=False)
    assert findings(portal, office, "client_status")["call statistics"].level == "note"
