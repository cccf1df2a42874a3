"""Judges sections without writing anything: what `check` prints, and what publishing starts from."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from crm_robots.records.settings_store import Stored
from crm_robots.settings.base import SectionModel, Strict
from crm_robots.settings.desk import Desk
from crm_robots.settings.drift import Used
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.portal_data import PortalData
from crm_robots.settings.portal_section import Portal
from crm_robots.settings.problems import Problem, SettingsError, listed, nearest_names
from crm_robots.settings.provision.plan import Provision, plan
from crm_robots.settings.provision.specs import WantedField
from crm_robots.settings.reading import read_portal
from crm_robots.settings.section import Section
from crm_robots.settings.sections import SECTIONS
from crm_robots.settings.source import parse
from crm_robots.settings.validate import validate
from crm_robots.shared.names import folded
from crm_robots.shared.portal import PortalRules


@dataclass(slots=True)
class Draft:
    """One section during publishing."""

    name: str
    text: str
    stored: Stored
    model: Strict | None = None
    """None: switched off, refused, or absent."""
    problems: list[Problem] = field(default_factory=list)
    provision: Provision | None = None
    rules: Any = None
    """Compiled against the portal as it would become."""

    @property
    def hash(self) -> str:
        """Fingerprint of the text."""
        return hash_of(self.text)

    @property
    def section(self) -> Section:
        """Its row of the table."""
        return SECTIONS[self.name]


@dataclass(frozen=True, slots=True)
class Review:
    """All sections of one publication, judged."""

    drafts: dict[str, Draft]
    unknown: tuple[Problem, ...]
    language: str
    portal: PortalData


def hash_of(text: str) -> str:
    """A text's fingerprint; not empty even for no text."""
    return hashlib.sha256(text.encode()).hexdigest()


def review(texts: Mapping[str, str], desk: Desk, *, whole_file: bool) -> Review:
    """Validates the texts, reads the portal once and compiles each section against it as it would become.

    Of a whole file, sections that are absent are switched off, unless a misspelt section suggests a mistake.
    """
    unknown = tuple(_unknown(name) for name in texts if name not in SECTIONS)
    names = [name for name in SECTIONS if name in texts or (whole_file and not unknown)]
    stored = desk.table.load("portal", *names)
    drafts = {name: _draft(name, texts.get(name, ""), stored[name]) for name in names}
    language = language_of(drafts.get("portal"), stored["portal"])
    wanted = any(draft.model for draft in drafts.values())
    data = read_portal(desk.bitrix24, language) if wanted else PortalData()
    after = data
    for draft in drafts.values():
        if draft.model:
            after = _judge(draft, after, language, desk)
    _require_portal(drafts, stored["portal"])
    return Review(drafts, unknown, language, data)


def language_of(draft: Draft | None, stored: Stored) -> str:
    """The new portal section's language, else that of the one in force."""
    if draft and isinstance(draft.model, Portal):
        return draft.model.language
    rules = msgspec.json.decode(stored.rules, type=PortalRules | None)
    return rules.language if rules else "ru"


def wanted_fields(draft: Draft, language: str) -> list[WantedField]:
    """The user fields that the section wants."""
    return list(draft.section.fields(draft.model, language))


@dataclass(frozen=True, slots=True)
class Compiled:
    """The rules, and the names of the portal that they come from."""

    rules: Any
    used: list[Used]


def compiled(draft: Draft, data: PortalData, language: str) -> Compiled:
    """The section's rules; `SettingsError` names everything that the portal lacks for them."""
    facts = PortalFacts(draft.name, data, language)
    model = draft.model.in_language(language) if isinstance(draft.model, SectionModel) else draft.model
    rules = draft.section.compile(model, facts)
    if facts.problems:
        raise SettingsError(facts.problems)
    return Compiled(rules, [*facts.used, *_values(facts.used, wanted_fields(draft, language), data)])


def _values(used: Sequence[Used], wanted: Iterable[WantedField], data: PortalData) -> Iterator[Used]:
    """Items that the file lists and no rule names: they may be gone one day as well (P8)."""
    known = {(one.of, one.id) for one in used if one.what == "item"}
    for one in wanted:
        there = data.fields.get((one.kind, one.code))
        labels = {folded(item.label) for item in one.items}
        for item in there.items if there and not one.only_if_missing else ():
            if folded(item.value) in labels and (f"{one.kind} {one.code}", str(item.id)) not in known:
                yield Used(f"{one.key}.values", "value", item.value, str(item.id), f"{one.kind} {one.code}")


def _draft(name: str, text: str, stored: Stored) -> Draft:
    draft = Draft(name, text, stored)
    if not text:
        if name == "portal":
            draft.problems.append(Problem("portal", "missing"))
        return draft
    try:
        draft.model = validate(name, SECTIONS[name].model, text)
    except SettingsError as error:
        draft.problems += error.problems
    return draft


def _judge(draft: Draft, data: PortalData, language: str, desk: Desk) -> PortalData:
    """Notes what is wrong; returns the portal as it will be if nothing is."""
    draft.provision = plan(wanted_fields(draft, language), data)
    draft.problems += draft.provision.problems
    draft.problems += draft.section.objections(draft.model, draft.stored.source, desk)
    try:
        draft.rules = compiled(draft, draft.provision.after, language).rules
    except SettingsError as error:
        draft.problems += error.problems
    draft.problems = located(draft.problems, draft.text)
    return data if draft.problems else draft.provision.after


def located(problems: Sequence[Problem], text: str) -> list[Problem]:
    """The problems with the lines of their keys."""
    document = parse(text, "")

    def line(key: str) -> int:
        return document.line(tuple(int(part) if part.isdigit() else part for part in key.split(".")[1:]))

    return [msgspec.structs.replace(one, line=one.line or line(one.key)) for one in problems]


def _require_portal(drafts: Mapping[str, Draft], stored: Stored) -> None:
    """Without a portal section, now or from before, no robot can work."""
    portal = drafts.get("portal")
    if stored.version or (portal and portal.model and not portal.problems):
        return
    for draft in drafts.values():
        if draft.name != "portal" and draft.model:
            draft.problems.append(Problem(draft.name, "no_portal"))


def _unknown(name: str) -> Problem:
    near = nearest_names(name, SECTIONS)
    return Problem(name, "not_found", what="section", found=name, nearest=near, expected=listed(SECTIONS))
