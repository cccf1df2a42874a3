"""The settings that the stack's robots use now."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from botocore.exceptions import ClientError
from crm_robots.records.parameters import PORTAL_WEBHOOK, Parameters
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.shared.portal import PortalRules

from admin.stack import Stack

_NOTHING_YET = ZoneInfo("Europe/Moscow")


def reader(stack: Stack) -> SettingsReader:
    """Reads the settings table."""
    return SettingsReader(stack.client("dynamodb"), stack.table("Settings"))


def portal_rules(stack: Stack) -> PortalRules | None:
    """The portal's section; None before the first publication."""
    return reader(stack).portal()


def portal_host(stack: Stack) -> str:
    """The portal's name; empty where no webhook is set, or nobody may read it."""
    try:
        webhook = Parameters(stack.client("ssm"), stack.name).find(PORTAL_WEBHOOK)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("AccessDenied", "AccessDeniedException"):
            raise
        return ""
    return urlsplit(webhook).netloc.rpartition("@")[2]


def portal_zone(stack: Stack) -> ZoneInfo:
    """The zone in which days and times are shown."""
    rules = portal_rules(stack)
    return ZoneInfo(rules.timezone) if rules else _NOTHING_YET
