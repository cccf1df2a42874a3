"""P8: once a day the admins hear of what the settings name and the portal no longer has."""

from collections.abc import Sequence
from datetime import date

import msgspec

from crm_robots.engine.rounds import Round
from crm_robots.portal.client import Bitrix24
from crm_robots.records.settings_store import SettingsTable
from crm_robots.settings.drift import Used, drift
from crm_robots.settings.problems import Problem, describe
from crm_robots.settings.reading import read_portal
from crm_robots.shared.actions import Notify
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.firing import has_time_come
from crm_robots.shared.markup import Markup
from crm_robots.shared.plan import Cause
from crm_robots.shared.portal import PortalRules

ROBOT = "settings"
_ITEM = "drift"
_TEXTS = {
    "ru": "Настройки роботов и портал разошлись; исправьте файл настроек и опубликуйте его:\n{list}",
    "en": "The robots' settings and the portal differ; mend the settings file and publish it:\n{list}",
}


class DriftMemory(msgspec.Struct, frozen=True):
    """The day of the last look, and what the admins know of."""

    day: date | None = None
    told: tuple[str, ...] = ()


def watch_drift(round_: Round, table: SettingsTable) -> int | None:
    """How much is gone; None where it is not the time, or nothing is published."""
    tools = round_.tools
    portal = tools.settings.portal()
    if portal is None or not round_.is_portals_time():
        return None
    has_come, today = has_time_come(round_.firing, round_.begins(), portal.timezone)
    record = tools.memory.load(ROBOT, [_ITEM])[_ITEM]
    if failures := tools.executor.resume([record]):
        raise next(iter(failures.values()))
    memory = record.remembered(DriftMemory)
    if not has_come or memory.day == today:
        return None
    problems = gone(tools.portal, table, portal.language)
    decision = decide(problems, memory, today, portal)
    if failures := tools.executor.perform([(record, decision, Cause("schedule", _ITEM, round_.firing.ts))]):
        raise next(iter(failures.values()))
    return len(problems)


def gone(portal: Bitrix24, table: SettingsTable, language: str) -> list[Problem]:
    """What the sections in force name and the portal does not have now; two requests on most portals."""
    used = table.names(Used)
    return list(drift(used, read_portal(portal, language))) if used else []


def decide(problems: Sequence[Problem], memory: DriftMemory, day: date, portal: PortalRules) -> Decision:
    """What was told is told again only after it was mended."""
    known = {f"{one.key} {one.found}": one for one in problems}
    after = DriftMemory(day, tuple(sorted(known)))
    news = [one for name, one in known.items() if name not in memory.told]
    if not news:
        return Decision(after)
    lines = Markup("\n").join(f"• {describe(one, portal.language)}" for one in news)
    text = Markup(_TEXTS[portal.language]).format(list=lines)
    return Decision(after, step(*(Notify(user_id=admin, text=text, rule="P8") for admin in portal.admins)))
