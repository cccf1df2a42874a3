"""The switches of the desk: each changes one thing of the portal as its form says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.portal.event_faults import EventFaults
from sandbox.portal.faults import BREAKAGES
from sandbox.portal.types import DEAL, LEAD
from sandbox.portal.values import parse_moment
from sandbox.web.visit import Visit

JUMPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
_SHARES = ("drop", "duplicate")
_SECONDS = ("delay", "reorder")


def move_clock(visit: Visit) -> None:
    """By a jump, or to a moment of the portal's zone."""
    clock = visit.portal.clock
    if jump := JUMPS.get(visit.text("jump")):
        clock.advance(jump)
    else:
        clock.set(parse_moment(visit.text("to"), clock.zone))
    visit.portal.outbox.wake()


def add_fault(visit: Visit) -> None:
    """`applied` and `inner` only where they mean something."""
    kind, how = visit.text("kind"), {"times": visit.number("times", 1) or None, "skip": visit.number("skip")}
    if kind in BREAKAGES:
        how["applied"] = None if visit.text("applied") == "all" else 0
    else:
        how["inner"] = visit.text("inner") == "Y"
    visit.portal.faults.add(kind, visit.text("method") or "*", **how)


def remove_fault(visit: Visit) -> None:
    """One fault, or all of them."""
    if fault := visit.number("id"):
        visit.portal.faults.remove(fault)
    else:
        visit.portal.faults.clear()


def set_event_faults(visit: Visit) -> None:
    """Shares come as percents."""
    given: dict[str, Any] = {name: min(max(visit.number(name), 0), 100) / 100 for name in _SHARES}
    given |= {name: float(max(visit.number(name), 0)) for name in _SECONDS}
    visit.portal.outbox.faults = EventFaults(**given, only=visit.text("only") or "*")


def set_limits(visit: Visit) -> None:
    """Switches both limits."""
    limits = visit.portal.limits
    limits.requests, limits.operating = visit.text("requests") == "Y", visit.text("operating") == "Y"
    limits.takes_time = visit.text("takes_time") == "Y"
    limits.capacity = float(visit.number("capacity", int(limits.capacity)))
    limits.leak = float(visit.number("leak", int(limits.leak)))
    limits.operating_limit = float(visit.number("operating_limit", int(limits.operating_limit)))


def rename(visit: Visit) -> None:
    """The portal moves to another host."""
    domain = visit.text("domain")
    if not domain or "/" in domain:
        raise ValueError(visit.word("нужен адрес вида localhost:8600", "an address like localhost:8600 is needed"))
    visit.portal.faults.rename(domain)


def set_incoming(visit: Visit) -> None:
    """Withdraws an incoming webhook, gives it back, or ticks its scopes."""
    webhook = visit.number("id")
    if visit.text("scopes_shown"):
        visit.portal.incoming.set_scopes(webhook, [str(one) for one in visit.form.getlist("scope")])
    else:
        visit.portal.incoming.revoke(webhook, revoked=visit.text("revoked") == "Y")


def add_outgoing(visit: Visit) -> None:
    """An outgoing webhook for every event, or for those that are named."""
    url, token = visit.text("url"), visit.text("token")
    if not url.startswith(("http://", "https://")) or not token:
        raise ValueError(visit.word("нужны адрес и токен", "an address and a token are needed"))
    visit.portal.subscribe(url, visit.text("events").replace(",", " ").split() or ["*"], token)


def remove_outgoing(visit: Visit) -> None:
    """Deletes one."""
    visit.portal.tables.outgoing.remove(visit.number("id"))


def set_directory(visit: Visit) -> None:
    """The directory of parties goes away, or comes back."""
    visit.portal.directory.down = visit.text("down") == "Y"


def set_person(visit: Visit) -> None:
    """Sends somebody on leave for a week, dismisses, takes back."""
    people, now, user = visit.portal.people, visit.portal.clock.now(), visit.number("user")
    match visit.text("what"):
        case "away":
            people.on_leave(user, now, now + timedelta(days=7))
        case "here":
            people.end_absences(user, now)
        case "dismiss":
            people.change(user, ACTIVE=False)
        case _:
            people.change(user, ACTIVE=True)


def demand(visit: Visit) -> None:
    """Makes a stage demand a field, as an administrator of Bitrix24 can."""
    kind, _, stage = visit.text("stage").partition("/")
    type_id = {"lead": LEAD.id, "deal": DEAL.id}[kind]
    field = visit.text(f"field_{kind}")
    visit.portal.items.fields(type_id)[field]
    visit.portal.items.requirements.demand(type_id, field, [stage])


def demand_nothing(visit: Visit) -> None:
    """No stage demands anything any more."""
    visit.portal.items.requirements.clear()


SWITCHES: dict[str, Callable[[Visit], None]] = {
    "clock": move_clock,
    "fault": add_fault,
    "fault-off": remove_fault,
    "events": set_event_faults,
    "limits": set_limits,
    "rename": rename,
    "incoming": set_incoming,
    "outgoing": add_outgoing,
    "outgoing-off": remove_outgoing,
    "directory": set_directory,
    "person": set_person,
    "demand": demand,
    "demand-off": demand_nothing,
}
