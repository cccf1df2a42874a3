"""The settings in force against the portal as it is now (P8)."""

from collections.abc import Iterator

import httpx
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.errors import PortalError
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.records.parameters import PORTAL_WEBHOOK, MissingParameter, Parameters
from crm_robots.records.settings_store import SettingsTable
from crm_robots.settings.drift import Used, drift, renamed
from crm_robots.settings.problems import describe
from crm_robots.settings.reading import read_portal

from admin.doctor import names
from admin.doctor.finding import Finding, note, ok, wrong
from admin.settings_in_force import portal_rules
from admin.speech import say
from admin.stack import Stack


def against_portal(stack: Stack) -> Iterator[Finding]:
    """What the settings name and the portal has no longer, or under another name."""
    rules = portal_rules(stack)
    used = SettingsTable(stack.client("dynamodb"), stack.table("Settings")).names(Used)
    if rules is None or not used:
        return
    try:
        url = Parameters(stack.client("ssm"), stack.name).get(PORTAL_WEBHOOK)
        with httpx.Client(timeout=httpx.Timeout(30, connect=5)) as http:
            data = read_portal(Bitrix24(url, http, LocalLimiter()), rules.language)
    except (MissingParameter, PortalError):
        return  # the line about the portal says why
    gone = list(drift(used, data))
    for problem in gone:
        yield wrong(names.DRIFT, describe(problem, rules.language), say("drift.gone.todo"))
    for problem in renamed(used, data):
        yield note(names.DRIFT, describe(problem, rules.language), say("drift.renamed.todo"))
    if not gone:
        yield ok(names.DRIFT, say("drift.none"))
