"""The settings in force against the parameters that administrators see."""

from collections.abc import Collection, Iterator

import msgspec
from crm_robots.records.parameters import Parameters
from crm_robots.records.settings_store import OFF, SettingsTable, Stored
from crm_robots.robots.registry import ROWS
from crm_robots.settings.review import hash_of
from crm_robots.settings.sections import SECTIONS

from admin.doctor import names
from admin.doctor.finding import Finding, note, ok, wrong
from admin.speech import say
from admin.stack import Stack


def robots_on(stack: Stack) -> Collection[str]:
    """Sections whose rules are in force."""
    return [name for name, record in _stored(stack).items() if record.rules != OFF and name != "portal"]


def only_leads(stack: Stack) -> bool:
    """Whether nothing but robots on leads is switched on."""
    on = {name: record.rules for name, record in _stored(stack).items() if record.rules != OFF and name != "portal"}
    leads = {row.section for row in ROWS if row.on_leads}
    return bool(on) and all(name in leads and not _watches_deals(rules) for name, rules in on.items())


def _watches_deals(rules: bytes | str) -> bool:
    found = msgspec.json.decode(rules)
    return isinstance(found, dict) and bool(found.get("deals"))


def settings(stack: Stack) -> Iterator[Finding]:
    """One line per section."""
    parameters = Parameters(stack.client("ssm"), stack.name).below("settings")
    for name, record in _stored(stack).items():
        yield _trouble(name, parameters.get(name, ""), record) or _well(name, record)


def _stored(stack: Stack) -> dict[str, Stored]:
    return SettingsTable(stack.client("dynamodb"), stack.table("Settings")).load(*SECTIONS)


def _trouble(name: str, text: str, record: Stored) -> Finding | None:
    title = _title(name)
    if record.refused_hash == hash_of(text):
        return wrong(title, say("section.refused", kept=_kept(record)), say("section.refused.todo"))
    if record.unfinished:
        return wrong(title, say("section.unfinished", version=record.version), say("section.todo"))
    if name == "portal" and not record.version:
        return wrong(title, say("section.never"), say("section.todo"))
    if record.source_hash and record.source_hash != hash_of(text):
        return wrong(title, say("section.differs", kept=_kept(record)), say("section.todo"))
    return None


def _well(name: str, record: Stored) -> Finding:
    if not record.source_hash:
        return note(_title(name), say("section.never"), say("section.todo"))
    if record.rules == OFF:
        return note(_title(name), say("section.off"))
    return ok(_title(name), say("section.well", version=record.version, at=record.published_at))


def _title(name: str) -> str:
    return names.about(names.SETTINGS, name)


def _kept(record: Stored) -> str:
    return say("settings.kept", version=record.version) if record.version else say("section.nothing_kept")
