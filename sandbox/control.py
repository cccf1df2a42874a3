"""The sandbox's own JSON API: what people, the story and tests do to the portal outside of REST.

| address | does |
| --- | --- |
| `GET /sandbox/state` | clock, users, webhooks, faults, limits, how much is in the tables |
| `POST /sandbox/clock` | `{"advance": seconds}` or `{"set": "ISO 8601"}` |
| `GET`, `POST`, `DELETE /sandbox/faults` | see `add_fault`; `DELETE` clears everything, `/sandbox/faults/3` one |
| `POST /sandbox/faults/events` | fields of EventFaults: drop, duplicate, delay, reorder, drop_next … |
| `POST /sandbox/limits` | fields of Limits: requests, operating, operating_limit, cost, takes_time |
| `POST /sandbox/portal` | `{"simple_crm", "turns_leads", "other_hosts"}`: the kind of portal this is |
| `POST /sandbox/rename` | `{"domain": …}`: the old address answers 302 |
| `GET`, `POST /sandbox/webhooks` | outgoing: `{"url", "events", "token"}`; `DELETE /sandbox/webhooks/2` |
| `POST /sandbox/rules` | automation rule: `{"entityTypeId", "stageId", "url"}` |
| `POST /sandbox/incoming/1` | `{"revoked": bool}` and `{"scopes": […]}` of an incoming webhook |
| `POST /sandbox/users/5` | changes of a user: `{"ACTIVE": false}`; `{"absent": {"from", "to", "hr"}}` |
| `POST /sandbox/as/5/<action>` | somebody acts; see people_api.py |
| `GET /sandbox/calls`, `/sandbox/deliveries` | logs, newest last |
| `POST /sandbox/directory` | `{"down": bool, "delay": seconds}` of the directory of parties |
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import people_api
from sandbox.portal.clock import iso
from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal

Act = Callable[[Portal, Request, dict[str, Any]], Any]
_LIMITS = ("requests", "capacity", "leak", "operating", "operating_limit", "cost", "takes_time")


def state(portal: Portal, _: Request, __: dict[str, Any]) -> Any:
    """What there is."""
    people = [{"id": row["id"], "name": portal.people.name(row["id"])} for row in portal.tables.users]
    incoming = [{key: row[key] for key in ("id", "userId", "scopes", "revoked")} for row in portal.incoming.rows()]
    outgoing = [{key: row[key] for key in ("id", "url", "events")} for row in portal.tables.outgoing]
    return {
        "now": iso(portal.clock.now()),
        "domain": portal.faults.domain,
        "users": people,
        "incoming": incoming,
        "outgoing": outgoing,
        "waiting": len(portal.outbox),
        "faults": portal.faults.active(),
        "limits": {name: getattr(portal.limits, name) for name in _LIMITS},
        "tables": {table.name: len(table) for table in portal.tables.every()},
    }


def move_clock(portal: Portal, _: Request, given: dict[str, Any]) -> Any:
    """Moves the portal's time and sends the deliveries that become due."""
    if "set" in given:
        portal.clock.set(datetime.fromisoformat(given["set"]).astimezone(portal.clock.zone))
    portal.clock.advance(timedelta(seconds=float(given.get("advance", 0))))
    portal.outbox.wake()
    return {"now": iso(portal.clock.now())}


def faults(portal: Portal, _: Request, __: dict[str, Any]) -> Any:
    """The faults that are switched on."""
    return {"faults": portal.faults.active(), "events": _event_faults(portal)}


def add_fault(portal: Portal, _: Request, given: dict[str, Any]) -> Any:
    """`{"kind", "method", "times", "skip", "applied", "inner", "seconds"}`: see faults.py."""
    return {"id": portal.faults.add(given.pop("kind"), given.pop("method", "*"), **given)}


def clear_faults(portal: Portal, request: Request, _: dict[str, Any]) -> Any:
    """One fault, or all of them with those of events."""
    if "id" in request.path_params:
        portal.faults.remove(request.path_params["id"])
    else:
        portal.faults.clear()
        portal.outbox.faults = type(portal.outbox.faults)()
    return {"faults": portal.faults.active()}


def event_faults(portal: Portal, _: Request, given: dict[str, Any]) -> Any:
    """Loss, doubling, delay and disorder of deliveries, as a whole."""
    portal.outbox.faults = type(portal.outbox.faults)(**given)
    return _event_faults(portal)


def _event_faults(portal: Portal) -> dict[str, Any]:
    return {f.name: getattr(portal.outbox.faults, f.name) for f in fields(portal.outbox.faults) if f.init}


def limits(portal: Portal, _: Request, given: dict[str, Any]) -> Any:
    """Switches the two limits."""
    unknown = set(given) - set(_LIMITS)
    if unknown:
        raise ValueError(f"no such limit: {', '.join(sorted(unknown))}; there are {', '.join(_LIMITS)}")
    for name, value in given.items():
        setattr(portal.limits, name, value)
    return {name: getattr(portal.limits, name) for name in _LIMITS}


def set_portal(portal: Portal, _: Request, given: dict[str, Any]) -> Any:
    """Simple CRM mode, repeat leads, and the names under which people work here."""
    portal.simple_crm = bool(given.get("simple_crm", portal.simple_crm))
    portal.items.turns_leads = bool(given.get("turns_leads", portal.items.turns_leads))
    portal.other_hosts = [str(one) for one in given.get("other_hosts", portal.other_hosts)]
    return {
        "simple_crm": portal.simple_crm,
        "turns_leads": portal.items.turns_leads,
        "other_hosts": portal.other_hosts,
    }


def rename(portal: Portal, _: Request, given: dict[str, Any]) -> Any:
    """Renames the portal; the old address answers 302."""
    portal.faults.rename(given["domain"])
    return {"domain": portal.faults.domain}


def webhooks(portal: Portal, _: Request, __: dict[str, Any]) -> Any:
    """Outgoing webhooks, without their tokens."""
    return [{key: row[key] for key in ("id", "url", "events")} for row in portal.tables.outgoing]


def add_webhook(portal: Portal, _: Request, given: dict[str, Any]) -> Any:
    """Makes one; the same address again replaces the older one."""
    for row in [row for row in portal.tables.outgoing if row["url"] == given["url"]]:
        portal.tables.outgoing.remove(row["id"])
    return {"id": portal.subscribe(given["url"], given.get("events", ["*"]), given["token"])}


def remove_webhook(portal: Portal, request: Request, _: dict[str, Any]) -> Any:
    """Deletes one."""
    portal.tables.outgoing.remove(request.path_params["id"])
    return True


def add_rule(portal: Portal, _: Request, given: dict[str, Any]) -> Any:
    """Puts an automation rule on a stage."""
    return {"id": portal.add_rule(int(given["entityTypeId"]), given["stageId"], given["url"])}


def incoming(portal: Portal, request: Request, given: dict[str, Any]) -> Any:
    """Withdraws an incoming webhook, or changes its scopes."""
    webhook = request.path_params["id"]
    if "revoked" in given:
        portal.incoming.revoke(webhook, revoked=given["revoked"])
    if "scopes" in given:
        portal.incoming.set_scopes(webhook, given["scopes"])
    return True


def change_user(portal: Portal, request: Request, given: dict[str, Any]) -> Any:
    """Dismisses, promotes, moves somebody; sends them on leave."""
    user = request.path_params["id"]
    absent = given.pop("absent", None)
    if absent:
        start, end = (datetime.fromisoformat(absent[key]).astimezone(portal.clock.zone) for key in ("from", "to"))
        (portal.people.on_leave if absent.get("hr") else portal.people.absent)(user, start, end)
    if given:
        portal.people.change(user, **given)
    return True


def calls(portal: Portal, _: Request, __: dict[str, Any]) -> Any:
    """REST requests, oldest first."""
    return list(portal.calls)


def deliveries(portal: Portal, _: Request, __: dict[str, Any]) -> Any:
    """Events that went out, oldest first."""
    shown = (asdict(one) for one in list(portal.outbox.log))
    return [{key: one[key] for key in ("at", "event", "data", "url", "webhook", "outcome")} for one in shown]


def set_directory(portal: Portal, _: Request, given: dict[str, Any]) -> Any:
    """Makes the directory of parties fail or answer slowly."""
    portal.directory.down = bool(given.get("down", portal.directory.down))
    portal.directory.delay = float(given.get("delay", portal.directory.delay))
    return {"down": portal.directory.down, "delay": portal.directory.delay}


def endpoint(portal: Portal, act: Act) -> Callable[[Request], Awaitable[Response]]:
    """An address of the API: JSON in, JSON out, and a sentence for an error."""

    async def run(request: Request) -> Response:
        try:
            given = await request.json() if await request.body() else {}
            with portal.lock:
                return JSONResponse(act(portal, request, given))
        except Refusal as refusal:
            return JSONResponse({"error": str(refusal.code), "error_description": refusal.text}, 400)
        except (KeyError, ValueError, TypeError, StopIteration) as error:
            return JSONResponse({"error": type(error).__name__, "error_description": str(error)}, 400)

    return run


def routes(portal: Portal) -> list[Route]:
    """The addresses of the table above."""
    table: list[tuple[str, str, Act]] = [
        ("GET", "state", state),
        ("POST", "clock", move_clock),
        ("GET", "faults", faults),
        ("POST", "faults", add_fault),
        ("DELETE", "faults", clear_faults),
        ("DELETE", "faults/{id:int}", clear_faults),
        ("POST", "faults/events", event_faults),
        ("POST", "limits", limits),
        ("POST", "portal", set_portal),
        ("POST", "rename", rename),
        ("GET", "webhooks", webhooks),
        ("POST", "webhooks", add_webhook),
        ("DELETE", "webhooks/{id:int}", remove_webhook),
        ("POST", "rules", add_rule),
        ("POST", "incoming/{id:int}", incoming),
        ("POST", "users/{id:int}", change_user),
        ("GET", "calls", calls),
        ("GET", "deliveries", deliveries),
        ("POST", "directory", set_directory),
        ("GET", "as/{user:int}/{action}", people_api.look),
        ("POST", "as/{user:int}/{action}", people_api.act),
    ]
    return [Route(f"/sandbox/{path}", endpoint(portal, act), methods=[verb]) for verb, path, act in table]
