"""The secrets, and the portal as seen with them."""

import time
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

import httpx
from crm_robots.portal import telephony
from crm_robots.portal.access import missing_rights
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.crm_mode import CRM_MODE, is_simple
from crm_robots.portal.errors import AccessLost, PortalError
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.records.parameters import PORTAL_WEBHOOK, MissingParameter, Parameters
from crm_robots.robots.registry import ROWS

from admin.doctor.finding import Finding, note, ok, wrong
from admin.stack import Stack

_TOKENS = "secrets/application-tokens"
_ASKED = {name: Command(name, {}) for name in ("profile", "scope", "server.time", CRM_MODE)}
_SAMPLES = ("<", "token", "changeme", "todo", "your", "xxx")
_CLOCK_SECONDS = 300


def secrets(stack: Stack) -> Iterator[Finding]:
    """Whether the two secrets are set; their values are shown to nobody."""
    parameters = Parameters(stack.client("ssm"), stack.name)
    for name, path, what in (
        ("incoming webhook", PORTAL_WEBHOOK, "the URL of an incoming webhook"),
        ("tokens", _TOKENS, "the tokens of the outgoing webhooks, with commas between them"),
    ):
        try:
            values = [value for value in parameters.get(path).split(",") if value.strip()]
        except MissingParameter:
            values = []
        if samples := [one for one in values if path == _TOKENS and one.strip().casefold().startswith(_SAMPLES)]:
            todo = f"put the tokens that Bitrix24 shows with each outgoing webhook into /{stack.name}/{path}"
            yield note(name, f"{len(samples)} of {len(values)} look like a sample, not like a token of Bitrix24", todo)
        elif values:
            yield ok(name, f"/{stack.name}/{path} is set" + (f" ({len(values)})" if path == _TOKENS else ""))
        else:
            todo = f"put {what} into the SecureString parameter /{stack.name}/{path}"
            yield wrong(name, f"/{stack.name}/{path} is not set", todo)


def portal(stack: Stack, robots: Collection[str], *, only_leads: bool) -> Iterator[Finding]:
    """Whether the portal answers, as whom, and whether that is enough for the robots that are on."""
    try:
        url = Parameters(stack.client("ssm"), stack.name).get(PORTAL_WEBHOOK)
        with httpx.Client(timeout=httpx.Timeout(30, connect=5)) as http:
            bitrix24 = Bitrix24(url, http, LocalLimiter())
            yield from seen(bitrix24, robots, only_leads=only_leads)
    except MissingParameter:
        return
    except AccessLost as error:
        yield wrong("portal", f"the portal refuses us: {error.right}", _remedy(error, stack))
    except PortalError as error:
        todo = f"is that the portal in /{stack.name}/{PORTAL_WEBHOOK}? Open it in a browser; try again later"
        yield wrong("portal", f"{bitrix24.host} does not answer: {error}", todo)


def _remedy(error: AccessLost, stack: Stack) -> str:
    if error.right.startswith("subscription"):
        return "REST needs a paid plan or a Market subscription: renew it, or let its trial begin"
    return f"make a new incoming webhook, as an administrator, and put its URL into /{stack.name}/{PORTAL_WEBHOOK}"


def seen(bitrix24: Bitrix24, robots: Collection[str], *, only_leads: bool) -> Iterator[Finding]:
    """What the portal tells of itself and of the webhook."""
    replies = bitrix24.batch(_ASKED)
    yield ok("portal", f"{bitrix24.host} answers; only the webhook's form in Bitrix24 tells whether it expires")
    yield _owner(replies["profile"])
    yield from _scopes(replies["scope"], robots)
    yield from _mode(replies[CRM_MODE], only_leads=only_leads)
    if "client_status" in robots:
        yield from _statistics(bitrix24.batch(telephony.QUESTIONS))
    yield from _clock(replies["server.time"])


def _mode(reply: Reply, *, only_leads: bool) -> Iterator[Finding]:
    """Simple CRM mode: there are no leads, and no event of any ever comes."""
    if not is_simple(reply):
        return
    text = "simple CRM mode: the portal has no leads"
    if only_leads:
        todo = "switch leads on in the settings of the CRM, or publish settings with robots that work without them"
        yield wrong("CRM mode", f"{text}, and nothing but robots on leads is switched on", todo)
    else:
        yield note("CRM mode", f"{text}; robots on leads have nothing to do")


def _statistics(replies: Mapping[str, Reply]) -> Iterator[Finding]:
    """Without the right to the statistics they are empty, not refused."""
    if replies["calls"].error or not replies["calls"].result:
        return
    if telephony.tells(replies):
        yield ok("call statistics", "the telephony tells which calls were answered")
    elif telephony.is_silent(replies):
        todo = f"give the webhook's owner the right «{telephony.RIGHT['en']}» in the rights of the telephony"
        yield note("call statistics", "empty although the telephony made calls: unanswered ones count", todo)


def _owner(reply: Reply) -> Finding:
    profile = reply.result if isinstance(reply.result, dict) else {}
    if str(profile.get("ADMIN")).upper() in ("TRUE", "Y", "1"):
        return ok("webhook's owner", "is an administrator of the portal")
    todo = "let an administrator make the incoming webhook; without it fields cannot be made and cards stay hidden"
    return wrong("webhook's owner", "is no administrator of the portal", todo)


def _scopes(reply: Reply, robots: Collection[str]) -> Iterator[Finding]:
    if reply.error or not isinstance(reply.result, list):
        yield note("scopes", "the portal does not tell which scopes the webhook has")
        return
    wanted = {scope for row in ROWS if row.section in robots for scope in row.scopes}
    lacking = missing_rights(map(str, reply.result), wanted)
    for right in lacking:
        if right.needed:
            yield wrong("scopes", f"missing: {right.en}", f"tick {right.scope} in the incoming webhook")
        else:
            yield note("scopes", f"without {right.en} the robots do less", f"tick {right.scope} if you want it")
    if not any(right.needed for right in lacking):
        yield ok("scopes", "all that are needed")


def _clock(reply: Reply) -> Iterator[Finding]:
    """Robots use the portal's clock. If the portal has another date, the schedule does not run the day."""
    try:
        apart = datetime.fromisoformat(str(reply.result)).timestamp() - time.time()
    except ValueError:
        return
    if abs(apart) <= _CLOCK_SECONDS:
        yield ok("portal's clock", "right")
    else:
        todo = "let the portal's clock be set right; a day or more apart, only `robots daily` runs the days"
        yield note("portal's clock", f"{abs(apart) / 3600:.1f} h {'ahead' if apart > 0 else 'behind'}", todo)
