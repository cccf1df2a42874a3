"""Our pages: a question of consent, a card's missing fields. HTTP request -> what the robot remembers -> a page.

What people answer goes into the robot's queue. A page writes nothing and cannot reach the portal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools import Logger
from crm_robots.opening import connect
from crm_robots.pages.choice import answers as choice
from crm_robots.pages.choice import html as choice_page
from crm_robots.pages.consent import answers as consent
from crm_robots.pages.consent import html as consent_page
from crm_robots.pages.desk import answers as desk
from crm_robots.pages.desk import html as desk_page
from crm_robots.pages.desk.texts import STATUS as DESK_STATUS
from crm_robots.pages.form import answers as form
from crm_robots.pages.form import html as form_page
from crm_robots.pages.form.texts import BROKEN, TOO_LARGE
from crm_robots.pages.form.texts import status_of as form_status
from crm_robots.pages.page import HEADERS
from crm_robots.records import api
from crm_robots.shared.items import ItemRef

_LARGEST = 65_536
_MOST_FIELDS = 2_000

logger = Logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """A page, ready to be sent."""

    status: int
    state: str
    item: ItemRef | None
    body: Callable[[str, str, str], str]
    """Language, address of the card and time zone in, HTML out."""


def lambda_handler(request: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """The page, in the portal's language. Whatever goes wrong, nothing is changed and nothing of it is shown."""
    logger.append_keys(request_id=request["requestContext"]["requestId"])
    language, card, zone = "ru", "", "UTC"
    opened, broken = _PAGES.get(str(request.get("resource")), _PAGES["/confirm/{token}"])
    try:
        portal = connect().settings.portal()
        answer = opened(request)
        if portal:
            language, zone = portal.language, portal.timezone
            card = f"{portal.url}{answer.item.path}" if answer.item else ""
        body = answer.body(language, card, zone)
    except Exception as error:
        logger.error("the page failed", error=type(error).__name__)
        answer = broken()
        body = answer.body(language, "", zone)
    logger.info("page shown", state=answer.state, item=str(answer.item or ""))
    return {"statusCode": answer.status, "headers": HEADERS, "body": body}


def _consent(request: dict[str, Any]) -> Answer:
    """A GET or HEAD only looks; a POST answers."""
    page, received = connect().confirmation, api.arrival(request)
    if request["httpMethod"] != "POST":
        return _asked(page.show(_token(request), received))
    shown = page.answer(_token(request), _sent(request, 20).get("answer", [""])[0], received)
    return _asked(consent.Shown(consent_page.UNCLEAR) if shown.state == consent_page.ASK else shown)


def _asked(shown: consent.Shown) -> Answer:
    def body(language: str, card: str, zone: str) -> str:
        kind = shown.lead.kind if shown.lead else "lead"
        return consent_page.render(
            shown.state, language, shown.question, card, decides=shown.decides, zone=zone, kind=kind
        )

    return Answer(consent_page.status_of(shown.state, decides=shown.decides), shown.state, shown.lead, body)


def _form(request: dict[str, Any]) -> Answer:
    """A GET or HEAD only looks; a POST sends what was filled in."""
    page, received = connect().forms, api.arrival(request)
    if request["httpMethod"] != "POST":
        return _filled(page.show(_token(request), received))
    if len(api.body(request)) > _LARGEST:
        return _filled(form.Shown(TOO_LARGE))
    name = request["requestContext"]["requestId"]
    return _filled(page.send(_token(request), _sent(request, _MOST_FIELDS), name, received))


def _filled(shown: form.Shown) -> Answer:
    def body(language: str, card: str, _zone: str) -> str:
        return form_page.render(shown, language, card)

    return Answer(form_status(shown.state), shown.state, shown.item, body)


def _choice(request: dict[str, Any]) -> Answer:
    """A GET or HEAD only looks; a POST chooses."""
    page, received = connect().choices, api.arrival(request)
    if request["httpMethod"] != "POST":
        return _chosen(page.show(_token(request), received))
    return _chosen(page.answer(_token(request), _sent(request, 20).get("answer", [""])[0], received))


def _chosen(shown: choice.Shown) -> Answer:
    def body(language: str, card: str, _zone: str) -> str:
        return choice_page.render(shown, language, card)

    return Answer(choice_page.status_of(shown), shown.state, shown.lead, body)


def _desk(request: dict[str, Any]) -> Answer:
    """Only looks, whatever the method."""
    return _figures(connect().heads.show(_token(request), api.arrival(request)))


def _figures(shown: desk.Shown) -> Answer:
    def body(language: str, *_: str) -> str:
        return desk_page.render(shown, language)

    return Answer(DESK_STATUS[shown.state], shown.state, None, body)


def _token(request: dict[str, Any]) -> str:
    return (request.get("pathParameters") or {}).get("token") or ""


def _sent(request: dict[str, Any], most: int) -> dict[str, list[str]]:
    """The fields of a form; none where it cannot be read."""
    try:
        return parse_qs(api.body(request).decode(errors="replace"), max_num_fields=most)
    except ValueError:
        return {}


_PAGES: dict[str, tuple[Callable[[dict[str, Any]], Answer], Callable[[], Answer]]] = {
    "/confirm/{token}": (_consent, lambda: _asked(consent.Shown(consent_page.BROKEN))),
    "/choice/{token}": (_choice, lambda: _chosen(choice.Shown(choice.BROKEN))),
    "/desk/{token}": (_desk, lambda: _figures(desk.Shown(desk.BROKEN))),
    "/form/{token}": (_form, lambda: _filled(form.Shown(BROKEN))),
}
"""By route: what answers it, and what is said when that fails."""
