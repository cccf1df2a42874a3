"""Compiles the administrator's settings. Called by `robots publish` and `robots check`, and by the parameters' changes.

The command sends `{"action": "publish"|"check", "sections": {name: YAML}, "prune": bool, "rules": bool}` and gets
a report, or `{"error": text}`.
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
from crm_robots.wiring import parameters, settings_desk

logger = Logger()


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], context: Any) -> Any:  # noqa: ARG001 - Lambda's signature
    """Handles both callers. A failed event is raised, so that Lambda repeats it; a command gets the reason."""
    if "action" not in event:
        return _parameter_changed(event)
    try:
        return _answer(_asked(event))
    except AccessLost as error:
        return {"error": f"the portal refuses us: {in_words(error.right, 'en')} ({error.method})"}
    except (PortalError, Taken, MissingParameter) as error:
        return {"error": str(error)}


def _asked(event: dict[str, Any]) -> Report:
    desk = settings_desk()
    if event["action"] == "check":
        return check(event["sections"], desk, shows_rules=bool(event.get("rules")))
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
