"""The secrets, and the portal as seen with them."""

import time
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

import httpx
from crm_robots.portal import telephony
from crm_robots.portal.access import in_words, missing_rights
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.crm_mode import CRM_MODE, is_simple
from crm_robots.portal.errors import AccessLost, PortalError
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.records.parameters import PORTAL_WEBHOOK, MissingParameter, Parameters
from crm_robots.robots.registry import ROWS

from admin.doctor import names
from admin.doctor.finding import Finding, note, ok, wrong
from admin.speech import language, say
from admin.stack import Stack

_TOKENS = "secrets/application-tokens"
_ASKED = {name: Command(name, {}) for name in ("profile", "scope", "server.time", CRM_MODE)}
_SAMPLES = ("<", "token", "changeme", "todo", "your", "xxx")
_CLOCK_SECONDS = 300


def secrets(stack: Stack) -> Iterator[Finding]:
    """Whether the two secrets are set; their values are shown to nobody."""
    parameters = Parameters(stack.client("ssm"), stack.name)
    for name, path, what in (
        (names.WEBHOOK, PORTAL_WEBHOOK, "secrets.url"),
        (names.TOKENS, _TOKENS, "secrets.tokens"),
    ):
        full = f"/{stack.name}/{path}"
        try:
            values = [value for value in parameters.get(path).split(",") if value.strip()]
        except MissingParameter:
            values = []
        if samples := [one for one in values if path == _TOKENS and one.strip().casefold().startswith(_SAMPLES)]:
            text = say("secrets.sample", count=len(samples), all=len(values))
            yield note(name, text, say("secrets.sample.todo", path=full))
        elif values:
            yield ok(name, say("secrets.set", path=full) + (f" ({len(values)})" if path == _TOKENS else ""))
        else:
            yield wrong(name, say("secrets.missing", path=full), say("secrets.missing.todo", what=say(what), path=full))


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
        text = say("portal.lost", right=in_words(error.right, language()))
        yield wrong(names.PORTAL, text, _remedy(error, stack))
    except PortalError as error:
        todo = say("portal.down.todo", path=f"/{stack.name}/{PORTAL_WEBHOOK}")
        yield wrong(names.PORTAL, say("portal.down", host=bitrix24.host, why=error), todo)


def _remedy(error: AccessLost, stack: Stack) -> str:
    if error.right.startswith("subscription"):
        return say("portal.subscription.todo")
    return say("portal.lost.todo", path=f"/{stack.name}/{PORTAL_WEBHOOK}")


def seen(bitrix24: Bitrix24, robots: Collection[str], *, only_leads: bool) -> Iterator[Finding]:
    """What the portal tells of itself and of the webhook."""
    replies = bitrix24.batch(_ASKED)
    yield ok(names.PORTAL, say("portal.answers", host=bitrix24.host))
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
    if only_leads:
        yield wrong(names.MODE, say("mode.in_vain"), say("mode.in_vain.todo"))
    else:
        yield note(names.MODE, say("mode.simple"))


def _statistics(replies: Mapping[str, Reply]) -> Iterator[Finding]:
    """Without the right to the statistics they are empty, not refused."""
    if replies["calls"].error or not replies["calls"].result:
        return
    if telephony.tells(replies):
        yield ok(names.STATISTICS, say("statistics.told"))
    elif telephony.is_silent(replies):
        todo = say("statistics.silent.todo", right=telephony.RIGHT[language()])
        yield note(names.STATISTICS, say("statistics.silent"), todo)


def _owner(reply: Reply) -> Finding:
    profile = reply.result if isinstance(reply.result, dict) else {}
    if str(profile.get("ADMIN")).upper() in ("TRUE", "Y", "1"):
        return ok(names.OWNER, say("owner.admin"))
    return wrong(names.OWNER, say("owner.no_admin"), say("owner.no_admin.todo"))


def _scopes(reply: Reply, robots: Collection[str]) -> Iterator[Finding]:
    if reply.error or not isinstance(reply.result, list):
        yield note(names.SCOPES, say("scopes.untold"))
        return
    wanted = {scope for row in ROWS if row.section in robots for scope in row.scopes}
    lacking = missing_rights(map(str, reply.result), wanted)
    for right in lacking:
        called, level = getattr(right, language()), "missing" if right.needed else "less"
        kind = wrong if right.needed else note
        text, todo = say(f"scopes.{level}", right=called), say(f"scopes.{level}.todo", scope=right.scope)
        yield kind(names.SCOPES, text, todo)
    if not any(right.needed for right in lacking):
        yield ok(names.SCOPES, say("scopes.all"))


def _clock(reply: Reply) -> Iterator[Finding]:
    """Robots use the portal's clock. If the portal has another date, the schedule does not run the day."""
    try:
        apart = datetime.fromisoformat(str(reply.result)).timestamp() - time.time()
    except ValueError:
        return
    if abs(apart) <= _CLOCK_SECONDS:
        yield ok(names.CLOCK, say("clock.right"))
    else:
        key = "clock.ahead" if apart > 0 else "clock.behind"
        yield note(names.CLOCK, say(key, hours=f"{abs(apart) / 3600:.1f}"), say("clock.todo"))
