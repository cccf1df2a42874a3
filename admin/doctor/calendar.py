"""Working days: whether the country has decreed this year's calendar, and from December the next one's (S12)."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from crm_robots.portal.errors import PortalError
from crm_robots.records.parameters import MissingParameter
from crm_robots.robots.client_status.days import undecreed
from crm_robots.robots.client_status.rules import ClientStatusRules

from admin.at_work import portal_of, server_time
from admin.doctor.finding import Finding, note, ok
from admin.settings_in_force import portal_zone, reader
from admin.stack import Stack

_TITLE = "working days"


def working_days(stack: Stack, robots: Collection[str]) -> Iterator[Finding]:
    """One line, if client-status counts working days."""
    current = reader(stack).load("client_status", ClientStatusRules) if "client_status" in robots else None
    if current is None or current.rules.count_days != "working":
        return
    country = current.rules.holidays_country
    missing = undecreed(country, _today(stack))
    for year in missing:
        todo = "update the project once the country has decreed it; until then Saturdays and Sundays are days off"
        yield note(_TITLE, f"the calendar of {country} for {year} is not decreed yet, as far as we know", todo)
    if not missing:
        yield ok(_TITLE, f"the calendar of {country} is known, transferred days included")


def _today(stack: Stack) -> date:
    """By the portal's clock, which is the robots' own."""
    zone = portal_zone(stack)
    try:
        return server_time(portal_of(stack)).astimezone(zone).date()
    except (PortalError, MissingParameter):
        return datetime.now(zone).date()
