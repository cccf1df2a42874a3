"""From a request to an answer: address, webhook, limits, faults, method, envelope."""

import logging
import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from sandbox.portal import brackets
from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.portal.faults import REFUSALS, Fault
from sandbox.portal.incoming import Caller
from sandbox.rest.batch import run_batch
from sandbox.rest.call import Call
from sandbox.rest.envelope import error_body, success_body
from sandbox.rest.invoke import invoke

logger = logging.getLogger(__name__)
_PATH = re.compile(r"^/rest/(?P<user>\d+)/(?P<code>[^/]+)/(?P<method>[\w.]+?)(?:\.(?:json|xml))?/?$")
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_NOTHING = 0


class Answer(NamedTuple):
    """An HTTP answer: `body` is JSON data, or text where the portal answers HTML.

    `delay`: seconds the answer is held back; `cut`: the connection ends in the middle of it. Transports play both.
    """

    status: int
    headers: dict[str, str]
    body: Any
    delay: float = 0.0
    cut: bool = False


def answer(portal: Portal, path: str, params: dict[str, Any] | None = None, host: str = "") -> Answer:
    """Answers one REST request: `/rest/<user>/<code>/<method>[.json]` and its decoded parameters.

    `host` is the address it was sent to (empty: the right one); a portal that moved sends those of its old one on.
    """
    with portal.working_at(host or portal.faults.domain):
        return _answer(portal, path, params or {}, host)


def _answer(portal: Portal, path: str, params: dict[str, Any], host: str) -> Answer:
    if portal.faults.moved_from and host not in ("", portal.faults.domain, *portal.other_hosts):
        return Answer(302, {"Location": portal.address + path, **_HTML}, "<html><body>Moved</body></html>")
    found = _PATH.match(path)
    name = found["method"].lower() if found else ""
    began = portal.clock.wall()
    fault = portal.faults.strike(name, inner=False)
    if fault is None:
        given = _perform(portal, found, name, params)
    elif fault.kind in REFUSALS:
        given = _refused(Refusal(*REFUSALS[fault.kind]))
    else:
        given = _broken(portal, fault, found, name, params)
    _log(portal, name, params, given, began, fault)
    return given


def _perform(
    portal: Portal, found: re.Match[str] | None, name: str, params: dict[str, Any], applied: int | None = None
) -> Answer:
    try:
        if found is None:
            raise Refusal("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
        caller = portal.incoming.caller(found["user"], found["code"])
        portal.limits.admit()
        return _run(portal, caller, name, params, applied)
    except Refusal as refusal:
        return _refused(refusal)
    except Exception:
        logger.exception("%s failed", name)
        return _refused(Refusal("INTERNAL_SERVER_ERROR", "Internal server error", 500))


def _run(portal: Portal, caller: Caller, name: str, params: dict[str, Any], applied: int | None) -> Answer:
    call = Call(portal, caller, name, params)
    began = portal.clock.wall()
    if name == "batch":
        page, seconds = run_batch(call, applied)
    else:
        page, seconds = invoke(call)
    body = success_body(portal, caller, name, page, began, seconds)
    return Answer(200, _JSON, body, delay=seconds if portal.limits.takes_time else 0.0)


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, _JSON, error_body(refusal))


def _broken(portal: Portal, fault: Fault, found: re.Match[str] | None, name: str, params: dict[str, Any]) -> Answer:
    """An answer that is lost, with as much done before as the fault says."""
    whole: Answer | None = None
    if fault.applied != _NOTHING:
        whole = _perform(portal, found, name, params, fault.applied)
    if fault.kind == "cut":
        return Answer(200, _JSON, whole.body if whole else {}, cut=True)
    if fault.kind == "timeout":
        return Answer(504, _HTML, "<html><body><h1>504 Gateway Time-out</h1></body></html>", delay=fault.seconds)
    status = int(fault.kind.removeprefix("html_"))
    return Answer(status, _HTML, f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>")


def _log(portal: Portal, name: str, params: dict[str, Any], given: Answer, began: float, fault: Fault | None) -> None:
    body = given.body if isinstance(given.body, dict) else {}
    portal.calls.append(
        {
            "at": portal.clock.now().isoformat(timespec="seconds"),
            "method": name,
            "params": params,
            "status": given.status,
            "error": body.get("error"),
            "fault": fault.kind if fault else None,
            "seconds": round(portal.clock.wall() - began, 4),
        }
    )


def decode(content_type: str, query: str, content: bytes) -> dict[str, Any]:
    """Parameters of a request: the query string, and a JSON or form body over it."""
    params = brackets.parse(query) if query else {}
    if not content:
        return params
    if "json" in content_type:
        try:
            body = msgspec.json.decode(content)
        except msgspec.DecodeError:
            return params
        return params | body if isinstance(body, dict) else params
    return params | brackets.parse(content.decode("utf-8", "replace"))


def http(portal: Portal, url: str, content_type: str, content: bytes) -> Answer:
    """Answers an HTTP request to `/rest/…`; any method."""
    address = urlsplit(url)
    return answer(portal, address.path, decode(content_type, address.query, content), address.netloc)
