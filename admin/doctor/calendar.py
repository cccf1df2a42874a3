"""Working days: whether the country has decreed this year's calendar, and from December the next one's (S12)."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from crm_robots.portal.errors import PortalError
from crm_robots.records.parameters import MissingParameter
from crm_robots.robots.client_status.days import undecreed
from crm_robots.robots.client_status.rules import ClientStatusRules

from admin.at_work import portal_of, server_time
from admin.doctor import names
from admin.doctor.finding import Finding, note, ok
from admin.settings_in_force import portal_zone, reader
from admin.speech import say
from admin.stack import Stack


def working_days(stack: Stack, robots: Collection[str]) -> Iterator[Finding]:
    """One line, if client-status counts working days."""
    current = reader(stack).load("client_status", ClientStatusRules) if "client_status" in robots else None
    if current is None or current.rules.count_days != "working":
        return
    country = current.rules.holidays_country
    missing = undecreed(country, _today(stack))
    for year in missing:
        yield note(names.CALENDAR, say("calendar.missing", country=country, year=year), say("calendar.missing.todo"))
    if not missing:
        yield ok(names.CALENDAR, say("calendar.known", country=country))


def _today(stack: Stack) -> date:
    """By the portal's clock, which is the robots' own."""
    zone = portal_zone(stack)
    try:
        return server_time(portal_of(stack)).astimezone(zone).date()
    except (PortalError, MissingParameter):
        return datetime.now(zone).date()
