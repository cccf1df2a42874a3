"""A status that clients still have cannot be removed; changed days move every timer."""

from collections.abc import Iterator

import msgspec

from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.settings import ClientStatus
from crm_robots.settings.desk import Desk
from crm_robots.settings.problems import Problem, SettingsError
from crm_robots.settings.validate import validate
from crm_robots.shared.portal import PortalRules


def statuses_in_use(section: ClientStatus, before: str, desk: Desk) -> Iterator[Problem]:
    """Counts the timers of each status that is gone; only then the timers have to be read."""
    now = {status.code for status in section.statuses}
    for code, label in _labels(before).items():
        if code not in now and (count := desk.count_timers(code)):
            yield Problem("client_status.statuses", "status_in_use", found=f"{label} ({code})", expected=str(count))


def replan_timers(before: ClientStatusRules | None, rules: ClientStatusRules, desk: Desk) -> None:
    """P5. Only what moves a day counts: other changes need not read the timers, and few need the cards."""
    by_cards = _by_cards(rules) != _by_cards(before) if before else any(_by_cards(rules))
    if before and not by_cards and _days(before) == _days(rules):
        return
    portal = msgspec.json.decode(desk.table.load("portal")["portal"].rules, type=PortalRules | None)
    zone = portal.timezone if portal else "UTC"
    desk.replan_timers(rules, zone)
    if by_cards or rules.due_field:
        desk.take_over_cards(rules, zone)


def _by_cards(rules: ClientStatusRules) -> tuple[object, ...]:
    """What timers take from other fields of their cards."""
    return rules.due_field, rules.skip_when.marks, rules.snooze


def _days(rules: ClientStatusRules) -> tuple[object, ...]:
    statuses = tuple((status.code, status.days) for status in rules.statuses)
    counted = (rules.count_days, rules.holidays_country, rules.calls.reset_timer, rules.warning.days_before)
    return statuses, counted


def _labels(before: str) -> dict[str, str]:
    if not before:
        return {}
    try:
        section = validate("client_status", ClientStatus, before)
    except SettingsError:  # written by an older version of the project
        return {}
    return {status.code: status.label for status in section.statuses} if section else {}
