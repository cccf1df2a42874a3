"""Compiles the administrator's settings. Called by `robots publish` and `robots check`, and by the parameters' changes.

The command sends `{"action": "publish"|"check", "sections": {name: YAML}, "prune": bool, "rules": bool, "language"}`,
for `publish` the stack's address as `base`, and gets a report, or `{"error": text}` in that language.
A changed parameter arrives as EventBridge's "Parameter Store Change" and is read anew.
"""

from typing import Any

import msgspec
from aws_lambda_powertools import Logger
from crm_robots.portal.access import in_words
from crm_robots.portal.errors import AccessLost, PortalError
from crm_robots.records.lease import Taken
from crm_robots.records.parameters import MissingParameter
from crm_robots.settings.parameter_event import changed_sections
from crm_robots.settings.publish import check, publish
from crm_robots.settings.report import Report
from crm_robots.wiring import own_address, parameters, settings_desk

logger = Logger()
_TEXTS = {
    "ru": {
        "refuses": "портал нам отказывает: {right} ({method})",
        "taken": "повторите через минуту: настройки публикует кто-то другой",
        "not_set": "задайте параметр {path}: его нет",
    },
    "en": {
        "refuses": "the portal refuses us: {right} ({method})",
        "taken": "somebody else is at it; try again in a minute",
        "not_set": "the parameter {path} is not set",
    },
}


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: Any) -> Any:  # noqa: ARG001 - Lambda's signature
    """Handles both callers. A failed event is raised, so that Lambda repeats it; a command gets the reason."""
    if "action" not in event:
        return _parameter_changed(event)
    try:
        return _answer(_asked(event))
    except (PortalError, Taken, MissingParameter) as error:
        return {"error": _told(error, str(event.get("language", "en")))}


def _told(error: PortalError | Taken | MissingParameter, language: str) -> str:
    texts = _TEXTS[language]
    if isinstance(error, AccessLost):
        return texts["refuses"].format(right=in_words(error.right, language), method=error.method)
    if isinstance(error, Taken):
        return texts["taken"]
    return texts["not_set"].format(path=error.path) if isinstance(error, MissingParameter) else str(error)


def _asked(event: dict[str, Any]) -> Report:
    desk = settings_desk()
    if event["action"] == "check":
        return check(event["sections"], desk, shows_rules=bool(event.get("rules")))
    own_address().offer(str(event.get("base") or ""))
    with desk.alone():
        return publish(event["sections"], desk, whole_file=True, prunes=bool(event.get("prune")))


def _parameter_changed(event: dict[str, Any]) -> Any:
    desk = settings_desk()
    with desk.alone():  # `robots publish` may be compiling the same texts
        texts = changed_sections(event["detail"], parameters(), desk)
        report = publish(texts, desk, whole_file=False) if texts else Report("", [])
    return _answer(report)


def _answer(report: Report) -> Any:
    logger.info("settings", sections={one.section: one.status for one in report.sections}, told=report.told)
    return msgspec.to_builtins(report)
