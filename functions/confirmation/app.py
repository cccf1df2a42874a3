"""Asks a person about a changed lead. HTTP request -> the question, or its answer into the robot's queue -> a page."""

from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools import Logger
from crm_robots.confirming import connect
from crm_robots.pages.consent.answers import Shown
from crm_robots.pages.consent.html import ASK, BROKEN, HEADERS, UNCLEAR, render, status_of
from crm_robots.records import api

logger = Logger()


def lambda_handler(request: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """The page, in the portal's language. An error changes nothing and shows no details."""
    logger.append_keys(request_id=request["requestContext"]["requestId"])
    language, card = "ru", ""
    try:
        portal = connect().settings.portal()
        shown = respond(request)
        if portal:
            language = portal.language
            card = f"{portal.url}{shown.lead.path}" if shown.lead else ""
    except Exception as error:
        logger.error("the page failed", error=type(error).__name__)
        shown = Shown(BROKEN)
    logger.info("page shown", state=shown.state, item=str(shown.lead or ""))
    page = render(shown.state, language, shown.question, card, decides=shown.decides)
    return {"statusCode": status_of(shown.state, decides=shown.decides), "headers": HEADERS, "body": page}


def respond(request: dict[str, Any]) -> Shown:
    """GET and HEAD only read; POST answers."""
    confirmation, received = connect().confirmation, api.arrival(request)
    token = (request.get("pathParameters") or {}).get("token") or ""
    if request["httpMethod"] != "POST":
        return confirmation.show(token, received)
    shown = confirmation.answer(token, _answer(request), received)
    return Shown(UNCLEAR) if shown.state == ASK else shown


def _answer(request: dict[str, Any]) -> str:
    try:
        form = parse_qs(api.body(request).decode(errors="replace"), max_num_fields=20)
    except ValueError:
        return ""
    return form.get("answer", [""])[0]
