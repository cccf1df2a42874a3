"""What a settings file changes against what is in force: keys, timers, and robots that would stop."""

from collections.abc import Iterator

from botocore.exceptions import ClientError
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.replanning import moving
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar
from crm_robots.settings.report import Report, SectionReport
from crm_robots.shared.portal import PortalRules
from rich.console import Console

from admin.effect import rules_of
from admin.session import escaped
from admin.settings_in_force import reader
from admin.speech import say
from admin.stack import Stack

_MOST = 40
_MATTERS = {"client_status", "portal"}
"""Sections on which the days of timers depend."""


def show_difference(console: Console, report: Report, stack: Stack) -> None:
    """Old → new for every key that changes, how many timers move, and loudly what would stop."""
    lines = [line for section in report.sections for line in _changed(section)]
    moved = _timers(report, stack)
    if lines or moved:
        console.print(f"[bold]{say('difference.title')}[/bold]")
    for line in [*lines, *moved]:
        console.print(f"    {escaped(line)}")
    for section in report.sections:
        if section.stops:
            console.print(f"[bold red]‼ {escaped(say('difference.stops', name=section.section))}[/bold red]")


def _changed(section: SectionReport) -> Iterator[str]:
    nothing = say("difference.nothing")
    for one in section.changes[:_MOST]:
        old, new = (nothing if value is None else value for value in (one.old, one.new))
        yield f"{one.key}: {old} → {new}"
    if len(section.changes) > _MOST:
        yield say("difference.more", name=section.section, count=len(section.changes) - _MOST)


def _timers(report: Report, stack: Stack) -> list[str]:
    """Counted only where something changes on which they depend."""
    if not any(one.changes for one in report.sections if one.section in _MATTERS):
        return []
    in_force = reader(stack)
    rules = rules_of(report, "client_status", ClientStatusRules)
    portal = rules_of(report, "portal", PortalRules) or in_force.portal()
    if rules is None or portal is None:
        return []
    calendar = Calendar(rules, portal.timezone)
    try:
        count = moving(TimersTable(stack.client("dynamodb"), stack.table("Timers")), calendar)
    except ClientError as error:
        return [say("difference.timers_unknown", why=error.response["Error"].get("Code", ""))]
    return [say("difference.timers", count=count)]
