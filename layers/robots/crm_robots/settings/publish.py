"""Puts sections in force: provisions the portal, compiles, stores, and tells the admins of refused sections."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from aws_lambda_powertools import Logger

from crm_robots.portal.errors import PortalError
from crm_robots.portal.telephony import RIGHT
from crm_robots.portal.writes.messages import notification
from crm_robots.robots.client_status.settings import ClientStatus
from crm_robots.robots.registry import ROWS
from crm_robots.settings.desk import Desk
from crm_robots.settings.difference import changes, works
from crm_robots.settings.portal_data import PortalData
from crm_robots.settings.problems import Problem, SettingsError, describe
from crm_robots.settings.provision.fields import provide
from crm_robots.settings.provision.prune import prune
from crm_robots.settings.report import Report, SectionReport
from crm_robots.settings.review import Draft, Review, compiled, hash_of, located, review, wanted_fields
from crm_robots.settings.vocabulary import catalog_of
from crm_robots.shared.markup import Markup, quoted_lines
from crm_robots.shared.portal import PortalRules

logger = Logger()

_REFUSED = {
    "ru": Markup("Настройки роботов приняты не полностью. Для этих разделов действует прежняя версия:"),
    "en": Markup("Some settings of the robots were refused. For these sections the last good version stays in force:"),
}
_LONGEST_MESSAGE = 4000


def check(texts: Mapping[str, str], desk: Desk, *, shows_rules: bool = False) -> Report:
    """What publishing would do, without doing it. `shows_rules`: with what each section compiles to (T4)."""
    judged = review(texts, desk, whole_file=True)
    sections = [_foreseen(draft) for draft in judged.drafts.values()]
    report = _with_mode(Report(judged.language, sections, list(judged.unknown)), judged)
    if shows_rules and not report.refused:
        report.rules = {name: _as_json(draft.rules) for name, draft in judged.drafts.items()}
    return report


def _as_json(rules: Any) -> str:
    return msgspec.json.encode(rules, order="deterministic").decode()


def publish(texts: Mapping[str, str], desk: Desk, *, whole_file: bool, prunes: bool = False) -> Report:
    """Each section without faults is in force afterwards; the others keep their last good version.

    `prunes`: dropdown items that the file does not have and no card uses are removed.
    """
    judged = review(texts, desk, whole_file=whole_file)
    reports, data = [], judged.portal
    if data.directory.users:
        desk.keep_directory(data.directory)
    for draft in judged.drafts.values():
        report, data = _take(draft, data, judged.language, desk, prunes=prunes)
        reports.append(report)
    for draft, report in zip(judged.drafts.values(), reports, strict=True):
        _arrange(draft, report, data, judged.language, desk)
    _keep_words(data, judged.language, desk)
    outcome = _with_mode(Report(judged.language, reports, list(judged.unknown)), judged)
    outcome.told = _tell(judged, texts, desk)
    return outcome


def _keep_words(data: PortalData, language: str, desk: Desk) -> None:
    """The journal calls things as the portal does (T1). Where nothing is switched on, nothing was read."""
    rules = _decoded(desk.table.load("portal")["portal"].rules, PortalRules)
    if data.fields and rules is not None:
        desk.table.keep_words(catalog_of(data, language, rules.timezone))


def _with_mode(report: Report, judged: Review) -> Report:
    on = {draft.name: draft.model for draft in judged.drafts.values() if draft.model and draft.name != "portal"}
    leads = {row.section for row in ROWS if row.on_leads}
    report.simple_crm = judged.portal.simple_crm
    clients = on.get("client_status")
    if isinstance(clients, ClientStatus) and clients.calls.proof == "telephony" and judged.portal.silent_telephony:
        report.missing_right = RIGHT[judged.language]
    # The same section may also watch over deals, for companies that work without leads.
    report.only_leads = bool(on) and all(name in leads and not getattr(on[name], "deals", None) for name in on)
    return report


def settled(name: str, text_hash: str, desk: Desk) -> bool:
    """Whether that text of the section was published or refused before, by the command or the console."""
    stored = desk.table.load(name)[name]
    return text_hash in (stored.source_hash, stored.refused_hash)


def _foreseen(draft: Draft) -> SectionReport:
    report = SectionReport(draft.name, "refused", draft.stored.version, problems=draft.problems)
    if draft.problems:
        return report
    if draft.provision:
        report.note(draft.provision)
    if draft.model and works(draft.stored):
        report.changes = changes(draft.name, draft.stored, draft.model, draft.text)
    report.stops = draft.model is None and works(draft.stored)
    report.status = "holds" if draft.model else "off"
    return report


def _take(
    draft: Draft, data: PortalData, language: str, desk: Desk, *, prunes: bool
) -> tuple[SectionReport, PortalData]:
    report = _foreseen(draft)
    if report.status == "holds":
        try:
            wanted = wanted_fields(draft, language)
            data = provide(desk.bitrix24, wanted, data, language)
            if prunes:
                pruned = prune(desk.bitrix24, wanted, data, language)
                data, report.pruned, report.in_use, report.beyond = pruned.data, pruned.removed, pruned.in_use, {}
            made = compiled(draft, data, language)
            _store(draft, made.rules, report, desk)
            desk.table.keep_names(draft.name, made.used)
        except SettingsError as error:
            draft.problems += located(error.problems, draft.text)
            report = _foreseen(draft)
    elif report.status == "off":
        _store(draft, None, report, desk)
        desk.table.keep_names(draft.name, [])
    return report, data


def _arrange(draft: Draft, report: SectionReport, data: PortalData, language: str, desk: Desk) -> None:
    """Done last, because an arranged card hides fields that are made later. If it is refused, the rules stay in
    force."""
    if draft.section.arrange is None or report.status not in ("published", "unchanged"):
        return
    try:
        report.arranged = draft.section.arrange(desk.bitrix24, draft.model, data, language)
    except PortalError as error:
        key, words = f"{draft.name}.arrange_card", error.description or str(error)
        report.problems.append(Problem(key, "portal_refused", found=error.method, expected=words))


def _store(draft: Draft, rules: Any, report: SectionReport, desk: Desk) -> None:
    """Makes a new version only if the rules differ. The work that follows from it is done before it counts as
    finished."""
    before, text = draft.stored, _as_json(rules)
    changed = text != before.rules or (rules is not None and not before.version)
    record = msgspec.structs.replace(
        before,
        rules=text,
        version=before.version + changed,
        source=draft.text,
        source_hash=draft.hash,
        refused_hash="",
        published_at=desk.now(),
        unfinished=before.unfinished or (before.rules if changed else ""),
    )
    desk.table.save(record)
    if record.unfinished and draft.section.after_publish and rules is not None:
        draft.section.after_publish(_decoded(record.unfinished, type(rules)), rules, desk)
    if record.unfinished:
        desk.table.save(msgspec.structs.replace(record, unfinished=""))
    report.version = record.version
    if rules is not None:
        report.status = "published" if changed else "unchanged"


def _decoded(rules: str, kind: type[Any]) -> Any:
    """The rules so far; None if there were none, or an older version of the project wrote them."""
    try:
        return msgspec.json.decode(rules, type=kind | None)
    except msgspec.DecodeError:
        return None


def _tell(judged: Review, texts: Mapping[str, str], desk: Desk) -> int:
    """One message for each refused text, to each admin; returns how many were told."""
    refused = {f"?{problem.key}": [problem] for problem in judged.unknown}
    refused |= {draft.name: draft.problems for draft in judged.drafts.values() if draft.problems}
    records = desk.table.load("portal", *refused)
    problems: list[Problem] = []
    for name, found in refused.items():
        text_hash = hash_of(texts.get(name.removeprefix("?"), ""))
        if records[name].refused_hash != text_hash:
            problems += found
            desk.table.save(msgspec.structs.replace(records[name], refused_hash=text_hash))
    rules = msgspec.json.decode(records["portal"].rules, type=PortalRules | None)
    if not problems or rules is None:
        return 0
    return _notify(desk, rules.admins, _message(problems, judged.language))


def _message(problems: Sequence[Problem], language: str) -> Markup:
    text = Markup("\n").join([_REFUSED[language], *(f"• {describe(problem, language)}" for problem in problems)])
    return text if len(text) <= _LONGEST_MESSAGE else quoted_lines(text[: _LONGEST_MESSAGE - 1] + "…")


def _notify(desk: Desk, admins: Sequence[int], text: Markup) -> int:
    """If the messenger refuses, the publication stays."""
    commands = {f"admin{one}": notification(one, text) for one in admins}
    try:
        replies = desk.bitrix24.batch(commands)
    except PortalError as error:
        logger.warning("admins could not be told", error=str(error))
        return 0
    for reply in replies.values():
        if reply.error:
            logger.warning("an admin could not be told", error=str(reply.error))
    return sum(1 for reply in replies.values() if reply.executed and not reply.error)
