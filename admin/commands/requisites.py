"""`robots requisites company 42 | --all`: holds companies' requisites against the directory of parties (C12)."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import batched
from typing import Annotated

import httpx
import typer
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import rows_of
from crm_robots.portal.papers import requisites_behind
from crm_robots.records.parameters import Parameters
from crm_robots.robots.conversion.checking import Check
from crm_robots.robots.conversion.companies import Companies
from crm_robots.robots.conversion.dadata import TOKEN, Dadata
from crm_robots.robots.conversion.rules import ConversionRules
from crm_robots.robots.conversion.texts import field_word
from crm_robots.shared.items import to_id
from crm_robots.shared.plan import Cause
from rich.console import Console

from admin.at_work import look_whether_we_may, server_time, tools_of
from admin.moments import At, moment
from admin.session import AsJson, Session, StackName, escaped, session
from admin.settings_in_force import reader
from admin.speech import language, say
from admin.trouble import Trouble

_AT_ONCE = 25
_PAGE = 50


def requisites(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument()] = "",
    number: Annotated[int | None, typer.Argument(min=1)] = None,
    every: Annotated[bool, typer.Option("--all")] = False,  # noqa: FBT002
    at: At = None,
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Complete empty requisites from the directory and report what differs. Overwrites nothing."""
    run = session(ctx, stack, as_json)
    if every is bool(kind or number) or (not every and (kind != "company" or not number)):
        raise Trouble("requisites.which", 2)
    run.name_the_place()
    settings = reader(run.stack).load("conversion", ConversionRules)
    if settings is None or not settings.rules.party_directory_url:
        raise Trouble("requisites.no_directory")
    look_whether_we_may(run.stack)
    work = tools_of(run.stack)
    url, now = settings.rules.party_directory_url, moment(run.stack, at) or server_time(work.portal)
    directory = Dadata(lambda: Parameters(run.stack.client("ssm"), run.stack.name).find(TOKEN), httpx.Client())
    companies = Companies(
        work, "conversion", settings.rules, settings.portal, lambda inn, bik: directory.ask(url, inn, bik)
    )
    cause = Cause("requisites", "", int(now.timestamp()), f"requisites-{int(now.timestamp())}")
    numbers = [number] if number else list(_all_companies(work.portal))
    found, is_up = _checked(run, companies, numbers, cause)
    document = {"run": cause.run, "companies": [_row(one) for one in found], "directory": "up" if is_up else "down"}
    run.answer(document, lambda console: _show(console, found, cause.run))
    if not is_up:
        if not as_json:  # a program reads it in the one document
            run.trouble(say("requisites.silent"))
        raise typer.Exit(1)


def _checked(run: Session, companies: Companies, numbers: list[int], cause: Cause) -> tuple[list[Check], bool]:
    found: list[Check] = []
    with run.progress(say("unit.companies")) as progress:
        for some in batched(numbers, _AT_ONCE, strict=False):
            checks, is_up = companies.check(some, cause)
            found += checks
            progress(len(found), len(numbers))
            if not is_up:
                return found, False
    return found, True


def _all_companies(portal: Bitrix24) -> Iterator[int]:
    """Companies that have a requisite with an INN, by the requisites' ids."""
    last, told = 0, set[int]()
    while True:
        rows = rows_of(portal.read({"requisites": requisites_behind(last)})["requisites"]) or []
        for row in rows:
            owner = to_id(row.get("ENTITY_ID"))
            if owner and row.get("RQ_INN") and owner not in told:
                told.add(owner)
                yield owner
        if len(rows) < _PAGE:
            return
        last = to_id(rows[-1].get("ID")) or 0


def _row(one: Check) -> dict[str, object]:
    return {
        "item": str(one.company.ref),
        "title": one.company.title,
        "completed": list(one.completed),
        "differences": [asdict(part) for part in one.differences],
        "closed": one.closed or None,
    }


def _show(console: Console, found: list[Check], run_name: str) -> None:
    for one in found:
        told = "; ".join(_told(one)) or say("requisites.nothing")
        console.print(escaped(f"{one.company.ref} {one.company.title}: {told}"))
    if any(one.completed for one in found):
        console.print(f"robots journal --run {run_name}")
    if not found:
        console.print(say("requisites.none"))


def _told(one: Check) -> Iterator[str]:
    spoken = language()
    if one.completed:
        yield say("requisites.completed", fields=", ".join(field_word(spoken, name) for name in one.completed))
    for part in one.differences:
        yield f"{field_word(spoken, part.field)}: {part.ours} → {part.theirs}"
    if one.closed:
        yield say(f"requisites.{one.closed.lower()}")
