"""What commands share with the client-status robot: the portal, the tables, the settings in force."""

from datetime import datetime

import httpx
from crm_robots.engine.directory import DirectoryCache
from crm_robots.engine.executor import Executor
from crm_robots.engine.shared_limiter import SharedLimiter
from crm_robots.engine.tools import Tools
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.errors import AccessLost, PortalError
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.records.journal import Journal
from crm_robots.records.memory import MemoryTable
from crm_robots.records.parameters import PORTAL_WEBHOOK, SCAN_WEBHOOK, Parameters, is_same_portal
from crm_robots.records.timers import TimersTable
from crm_robots.records.vocabulary import Vocabulary
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.window import Window

from admin.settings_in_force import reader
from admin.stack import Stack
from admin.trouble import Trouble, of_portal

_TIMEOUT = httpx.Timeout(65, connect=5)
_SOON = httpx.Timeout(3, connect=2)


def window(stack: Stack, holder: str) -> Window:
    """The robot's tools, used by a command. Requests share the stack's budget; webhooks go first."""
    look_whether_we_may(stack)
    current = reader(stack).load("client_status", ClientStatusRules)
    if current is None:
        raise Trouble("client_status_is_off")
    return Window(tools_of(stack), current.rules, current.portal, holder)


def look_whether_we_may(stack: Stack) -> None:
    """Asks the portal once, before any work. The stack's shared budget would hold us back for as long as robots are
    refused; a command says at once that they are, and what to do (F2)."""
    webhook = Parameters(stack.client("ssm"), stack.name).find(PORTAL_WEBHOOK)
    if not webhook:
        return
    portal = Bitrix24(webhook, httpx.Client(timeout=_SOON), LocalLimiter(patience=0), sleep=lambda _: None)
    try:
        portal.call("server.time")
    except AccessLost as error:
        path = f"/{stack.name}/{PORTAL_WEBHOOK}"
        raise Trouble("portal.new_webhook", why=of_portal(error), path=path) from None
    except PortalError:
        return  # busy or down: the work itself waits for it, and says so


def server_time(portal: Bitrix24) -> datetime:
    """The portal's clock, which is the robots' own."""
    return datetime.fromisoformat(str(portal.call("server.time")))


def portal_of(stack: Stack) -> Bitrix24:
    """The portal, within the stack's request budget."""
    return _client(stack, Parameters(stack.client("ssm"), stack.name).get(PORTAL_WEBHOOK))


def scans_of(stack: Stack) -> Bitrix24 | None:
    """The portal through the webhook for scans, if there is one."""
    parameters = Parameters(stack.client("ssm"), stack.name)
    webhook = parameters.find(SCAN_WEBHOOK)
    is_ours = is_same_portal(webhook, parameters.get(PORTAL_WEBHOOK))
    return _client(stack, webhook, apart="scan ") if is_ours else None


def _client(stack: Stack, webhook: str, apart: str = "") -> Bitrix24:
    limiter = SharedLimiter(stack.client("dynamodb"), stack.table("Limiter"), webhook, apart=apart)
    return Bitrix24(webhook, httpx.Client(timeout=_TIMEOUT), limiter, background=True)


def tools_of(stack: Stack) -> Tools:
    """What robots work with, for a command; webhooks go before its requests."""
    dynamodb = stack.client("dynamodb")
    portal = portal_of(stack)
    memory = MemoryTable(dynamodb, stack.table("Memory"))
    journal = Journal(dynamodb, stack.table("Journal"), Vocabulary(dynamodb, stack.table("Settings")))
    return Tools(
        portal=portal,
        memory=memory,
        timers=TimersTable(dynamodb, stack.table("Timers")),
        journal=journal,
        executor=Executor(portal, memory, journal),
        settings=reader(stack),
        directory=DirectoryCache(portal, dynamodb, stack.table("Settings")).get,
        scans=scans_of(stack),
    )
