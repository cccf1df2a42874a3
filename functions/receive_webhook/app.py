"""Takes webhooks of Bitrix24. HTTP request -> token and portal -> one message per robot that wants the event."""

from typing import Any

from aws_lambda_powertools import Logger
from crm_robots.engine.gatekeeper import Caller
from crm_robots.portal.events import Malformed, Webhook, read_webhook
from crm_robots.portal.forms import NotAForm, Pairs, form_of, read_pairs, value_of
from crm_robots.portal.gate import Sender
from crm_robots.portal.hosts import read_host
from crm_robots.receiving import connect
from crm_robots.records import api
from crm_robots.robots.registry import ALL, ROBOTS, wanted_by

MOST_BYTES = 64 * 1024
FORM = "application/x-www-form-urlencoded"

logger = Logger()


class Refused(Exception):  # noqa: N818 - it is an answer
    """The answer is this status with this sentence, and nothing is queued."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def lambda_handler(request: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Answers before any work is done. A failure answers 5xx: only 200 means that the event is queued."""
    logger.append_keys(request_id=request["requestContext"]["requestId"])
    try:
        return api.json_answer(200, {"accepted": receive(request)})
    except Refused as refused:
        logger.info("webhook refused", status=refused.status, reason=str(refused))
        return api.json_answer(refused.status, {"error": str(refused)})
    except Exception as error:
        # The class alone: texts of errors may repeat what was sent.
        logger.error("webhook lost", error=type(error).__name__)
        return api.json_answer(503, {"error": "The event could not be queued. It is not lost if you send it again."})


def receive(request: dict[str, Any]) -> bool:
    """Checks and queues one webhook. Returns whether a robot takes its event."""
    addressed = (request.get("pathParameters") or {}).get("robot", "")
    if addressed not in (*ROBOTS, ALL):
        raise Refused(404, f"There is no such robot. There are: {', '.join(ROBOTS)}; {ALL} addresses every one.")
    pairs = read(request)
    sender = Sender(
        value_of(pairs, "auth[application_token]") or api.query(request, "token"), value_of(pairs, "auth[domain]")
    )
    caller = Caller(api.caller_address(request), api.arrival(request))
    why = connect().gatekeeper.refusal(sender, caller)
    if why and sender.token:  # a wrong token costs nothing but its comparison
        raise Refused(403, why)
    webhook = understood(pairs)
    if why:
        raise Refused(403, why)
    robots = wanted_by(addressed, webhook.event, webhook.item)
    if robots:
        connect().inbox.put(robots, message(webhook, sender, request), request["requestContext"]["requestId"])
    logger.info("webhook taken", event=webhook.event, item=webhook.item, robots=robots)
    return bool(robots)


def read(request: dict[str, Any]) -> Pairs:
    """The names and values in the request's body."""
    if api.header(request, "content-type").partition(";")[0].strip().lower() != FORM:
        raise Refused(415, f"The content type must be {FORM}, as Bitrix24 sends it.")
    try:
        body = api.body(request)
    except ValueError:
        raise Refused(400, "The body is not a webhook of Bitrix24: its base64 is broken.") from None
    if len(body) > MOST_BYTES:
        raise Refused(413, f"The body is longer than {MOST_BYTES // 1024} KB.")
    try:
        return read_pairs(body.decode(errors="replace"))
    except NotAForm as wrong:
        raise Refused(400, f"The body is not a webhook of Bitrix24: {wrong}.") from None


def understood(pairs: Pairs) -> Webhook:
    """The webhook that they make."""
    try:
        return read_webhook(form_of(pairs))
    except (Malformed, NotAForm) as wrong:
        raise Refused(400, f"The body is not a webhook of Bitrix24: {wrong}.") from None


def message(webhook: Webhook, sender: Sender, request: dict[str, Any]) -> dict[str, Any]:
    """What the robots' queues carry (`crm_robots.shared.events.CrmEvent`)."""
    received = api.arrival(request)
    return {
        "event": webhook.event,
        "item": webhook.item,
        "ts": int(received) if webhook.ts is None else webhook.ts,
        "received": received,
        "base": api.base(request),
        "host": str(read_host(sender.domain) or ""),
        "rule": webhook.is_rule,
    }
