"""T4: what a settings file would do to clients and leads, against the settings in force."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar
from crm_robots.robots.daily.effect import Change, Settings, effect, next_run
from crm_robots.robots.daily.schedule import RunLog
from crm_robots.robots.daily.telling import ROBOT
from crm_robots.robots.qualification.effect import GapChange, gap_effect
from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.settings.report import Report
from crm_robots.shared.portal import PortalRules
from rich.console import Console

from admin.at_work import server_time, tools_of
from admin.session import Session, escaped
from admin.settings_in_force import reader
from admin.speech import say

_SHOWN = 20
_LOG = "daily"
_ORDER = [(action, added) for action in ("lost", "drop", "warn") for added in (True, False)]


class Effect(msgspec.Struct, frozen=True):
    """`day`: None where neither side runs the client-status robot."""

    day: str | None
    clients: list[Change]
    gaps: list[GapChange]

    def document(self) -> dict[str, Any]:
        """For a program; ids only."""
        status: dict[str, Any] = {"day": self.day}
        for action in ("drop", "lost", "warn"):
            of_action = [one for one in self.clients if one.action == action]
            status[action] = _by_side(of_action)
        return {"client_status": status, "qualification": {"gaps": _by_side(self.gaps)}}


def _by_side(changes: Sequence[Change | GapChange]) -> dict[str, list[str]]:
    return {
        "added": [one.item for one in changes if one.added],
        "removed": [one.item for one in changes if not one.added],
    }


def foresee(run: Session, report: Report, at: datetime | None) -> Effect:
    """Reads today's timers and the portal; writes nothing."""
    tools = tools_of(run.stack)
    now = at or server_time(tools.portal)
    in_force = reader(run.stack)
    status = in_force.load("client_status", ClientStatusRules)
    qualification = in_force.load("qualification", QualificationRules)
    portal = in_force.portal()
    new_portal = rules_of(report, "portal", PortalRules) or portal
    new_status = rules_of(report, "client_status", ClientStatusRules)
    clients: list[Change] = []
    day = None
    if portal and new_portal and (status or new_status):
        before, after = Settings(portal, status.rules if status else None), Settings(new_portal, new_status)
        rules = after.rules or before.rules
        log = tools.memory.load(ROBOT, [_LOG])[_LOG].remembered(RunLog)
        if rules:
            next_one = next_run(log, Calendar(rules, portal.timezone).today(now.timestamp()), int(now.timestamp()))
            day = next_one.day.isoformat()
            with run.progress(say("unit.clients")) as progress:
                clients = effect(tools, before, after, next_one, lambda done: progress(done, None))
    new_qualification = rules_of(report, "qualification", QualificationRules)
    gaps = list(gap_effect(tools.portal, qualification.rules if qualification else None, new_qualification))
    return Effect(day, clients, gaps)


def rules_of[Rules](report: Report, section: str, kind: type[Rules]) -> Rules | None:
    """What the section would be compiled to; None: off, or refused."""
    text = report.rules.get(section)
    return msgspec.json.decode(text, type=kind | None) if text else None


def show(console: Console, found: Effect, names: dict[int, str]) -> None:
    """Counts per manager, and the lists."""
    title = say("effect.of_day", day=found.day) if found.day else say("effect.title")
    console.print(f"[bold]{title}[/bold]")
    for action, added in _ORDER:
        of_kind = [one for one in found.clients if (one.action, one.added) == (action, added)]
        _group(console, _title(action, added=added), of_kind, names)
    for added in (True, False):
        _group(console, _title("gaps", added=added), [one for one in found.gaps if one.added is added], names)
    if not found.clients and not found.gaps:
        console.print(say("effect.nothing"))


def _title(what: str, *, added: bool) -> str:
    return say(f"effect.{what}" if added else f"effect.no_{what}")


def _group(console: Console, title: str, changes: Sequence[Change | GapChange], names: dict[int, str]) -> None:
    if not changes:
        return
    console.print(f"{title}: {len(changes)}")
    for manager, count in Counter(_manager(one, names) for one in changes).most_common():
        console.print(f"  {escaped(manager)}: {count}")
    for line in _lines(changes):
        console.print(f"    {escaped(line)}")


def _manager(change: Change | GapChange, names: dict[int, str]) -> str:
    return names.get(change.responsible or 0, "—")


def _lines(changes: Sequence[Change | GapChange]) -> Iterable[str]:
    for one in changes[:_SHOWN]:
        yield f"{one.item} {one.client if isinstance(one, Change) else one.title}"
    if len(changes) > _SHOWN:
        yield say("effect.more", count=len(changes) - _SHOWN)
