"""The administrator's file on its way to the settings function, and what the function says of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import typer
from crm_robots.settings.problems import Problem, SettingsError, describe
from crm_robots.settings.report import Report, SectionReport
from crm_robots.settings.source import LARGEST, Piece, parse, split
from rich.console import Console

from admin.session import Session, escaped
from admin.speech import language, say
from admin.stack import Stack
from admin.trouble import Trouble

REFUSED = 2
"""Exit status for a file with faults."""
_LARGEST_FILE = 256 * 1024
"""Bytes of a whole file, comments and all: each of its sections has at most 8 KB."""

_MARKS = {"off": "[dim]–[/dim]", "refused": "[red]✗[/red]"}
_WELL = "[green]✓[/green]"
_MIND = "[yellow]![/yellow]"


def read_pieces(file: Path) -> dict[str, Piece]:
    """The file's sections. `Trouble`: there is no file; `SettingsError`: it cannot be read as settings."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST_FILE + 1)
        if len(content) > _LARGEST_FILE:
            raise Trouble("settings.too_large", REFUSED, file=file, most=_LARGEST_FILE // 1024)
        text = content.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise Trouble("settings.no_text", REFUSED, file=file) from None
    except FileNotFoundError:
        raise Trouble("file.none", REFUSED, file=file) from None
    except OSError as error:
        raise Trouble("file.trouble", REFUSED, file=file, why=error.strerror) from None
    pieces = split(text)
    too_large = [_too_large(name, piece) for name, piece in pieces.items() if len(piece.text.encode()) > LARGEST]
    if too_large:
        raise SettingsError(too_large)
    return pieces


def speak_as(run: Session, pieces: Mapping[str, Piece]) -> None:
    """In the language that the file asks for, from the first line on; a first publication finds no settings."""
    try:
        portal = parse(pieces["portal"].text, "").value
    except (KeyError, SettingsError):
        return
    if isinstance(portal, Mapping) and portal.get("language", "ru") in ("ru", "en"):
        run.answer_in(str(portal.get("language", "ru")))


def ask(stack: Stack, action: str, pieces: Mapping[str, Piece], **more: bool | str) -> Report:
    """Lets the settings function check or publish the sections."""
    payload = {"action": action, "sections": {name: piece.text for name, piece in pieces.items()}, **more}
    payload["language"] = language()
    answer = stack.invoke("Settings", payload)
    if "error" in answer:
        raise Trouble("plain", text=answer["error"])
    report = msgspec.convert(answer, Report)
    for section in report.sections:
        offset = pieces[section.section].offset if section.section in pieces else -1
        section.problems = [_in_file(problem, offset) for problem in section.problems]
    return report


def differ(run: Session, report: Report) -> None:
    """Shows people what the file changes, in the file's language; programs find it in the report."""
    if run.as_json:
        return
    from admin.difference import show_difference  # it loads the robots' rules, which a program does not wait for

    run.answer_in(report.language)
    show_difference(run.out, report, run.stack)


def answer(run: Session, report: Report) -> None:
    """Prints the report in the file's own language; of a refused file the exit status says so too."""
    run.answer_in(report.language)
    run.answer(as_document(report), lambda console: _show(console, report))
    if report.refused:
        raise typer.Exit(REFUSED)
    if report.in_vain:
        raise typer.Exit(1)


def refuse(run: Session, error: SettingsError) -> None:
    """Reports a file that was not sent to the function because of its faults."""
    answer(run, Report(run.language, [], list(error.problems)))


def as_document(report: Report) -> dict[str, Any]:
    """The report for a program; every problem has its sentence as `text`."""
    document: dict[str, Any] = msgspec.to_builtins(report)
    del document["rules"]
    document["refused"] = report.refused
    document["problems"] = [_with_text(problem, report.language) for problem in report.problems]
    for section, one in zip(report.sections, document["sections"], strict=True):
        one["problems"] = [_with_text(problem, report.language) for problem in section.problems]
    return document


def _with_text(problem: Problem, language: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(problem)
    return found | {"text": describe(problem, language)}


def _show(console: Console, report: Report) -> None:
    for section in report.sections:
        kept = say("settings.kept" if section.version else "settings.nothing_kept", version=section.version)
        text = say(f"settings.{section.status}", name=section.section, version=section.version, kept=kept)
        console.print(f"{_MARKS.get(section.status, _WELL)} {escaped(text)}")
        for line in (*_made(section), *(describe(one, report.language) for one in section.problems)):
            console.print(f"    {escaped(line)}")
    for problem in report.problems:
        console.print(f"{_MARKS['refused']} {escaped(describe(problem, report.language))}")
    if report.missing_right:
        console.print(f"{_MIND} {escaped(say('settings.no_statistics', right=report.missing_right))}")
    if report.simple_crm:
        rest = say("settings.nothing_else" if report.only_leads else "settings.leads_idle")
        console.print(f"{_MIND} {escaped(say('settings.simple_crm', rest=rest))}")
    if report.told:
        console.print(say("settings.told", count=report.told))


def _made(section: SectionReport) -> list[str]:
    """What publishing made, or would make, and what the portal has beyond the file."""
    when = "will" if section.status == "holds" else "did"
    lines = [say(f"made.{when}_create", name=name, label=label) for name, label in section.created.items()]
    for key, items in (("add", section.added), ("rename", section.renamed)):
        lines += [say(f"made.{when}_{key}", name=name, items=", ".join(labels)) for name, labels in items.items()]
    lines += [say("made.pruned", name=name, items=", ".join(labels)) for name, labels in section.pruned.items()]
    for name, used in section.in_use.items():
        told = ", ".join(say("made.cards", label=label, count=count) for label, count in used.items())
        lines.append(say("made.in_use", name=name, items=told))
    lines += [say("made.beyond", name=name, items=", ".join(labels)) for name, labels in section.beyond.items()]
    return lines + [say("made.arranged", title=title) for title in section.arranged]


def _in_file(problem: Problem, offset: int) -> Problem:
    """A line of the section's text as a line of the file; none where the text was written anew."""
    line, also = (one + offset if one and offset >= 0 else 0 for one in (problem.line, problem.also))
    return msgspec.structs.replace(problem, line=line, also=also)


def _too_large(name: str, piece: Piece) -> Problem:
    return Problem(name, "too_large", found=str(len(piece.text.encode())), expected=str(LARGEST))
