"""`robots daily [--at TIME] [--dry-run]`: runs the day now, or as of a time."""

import time
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from crm_robots.portal.errors import AccessLost, Busy, PortalError
from crm_robots.robots.daily.schedule import Run
from rich.console import Console
from rich.table import Table

from admin.at_work import look_whether_we_may, portal_of, server_time
from admin.moments import At, moment
from admin.session import AsJson, Session, StackName, escaped, session
from admin.speech import say
from admin.trouble import Trouble, of_portal

_SECONDS_A_CALL = 120
"""Seconds after which the function returns; it is called again to continue."""
_PAUSE = 3.0
_PATIENCE = 3600

DryRun = Annotated[bool, typer.Option("--dry-run")]

_COUNTED = ("dropped", "lost", "handed_over", "warned", "people")
_HEADS = ("what", "client", "status", "due", "responsible", "handed_to", "item")
_NOTHING_DONE = ("off", "not_due", "done")


def daily(
    ctx: typer.Context,
    at: At = None,
    dry_run: DryRun = False,  # noqa: FBT002
    stack: StackName = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Run the day for all clients' statuses and wait until it is finished. Without --at it runs now, even before
    notifications.at."""
    run = session(ctx, stack, as_json)
    run.name_the_place()
    look_whether_we_may(run.stack)
    event: dict[str, Any] = {"time": _moment(run, at), "by_hand": True, "now": at is None}
    if dry_run:
        with run.busy(say("busy.ahead")):
            foreseen = run.stack.invoke("DailyRun", event | {"dry_run": True})["preview"]
        run.answer(foreseen, lambda console: _show_preview(console, foreseen))
        return
    with run.busy(say("busy.day")):
        report = _finished(run, event | {"seconds": _SECONDS_A_CALL})
    report["run"] = Run(date.fromisoformat(report["day"]), 0).id if report["day"] else None
    run.answer(report, lambda console: _show(console, report))


def _moment(run: Session, at: str | None) -> str:
    """The given time; now means the portal's clock."""
    return (moment(run.stack, at) or _now(run)).isoformat()


def _now(run: Session) -> datetime:
    try:
        return server_time(portal_of(run.stack))
    except AccessLost:
        raise
    except Busy as error:
        raise Trouble("daily.not_begun", why=of_portal(error)) from None
    except PortalError:
        # A portal that does not tell its time: use this machine's clock.
        return datetime.now(UTC)


def _finished(run: Session, event: dict[str, Any]) -> dict[str, Any]:
    """Calls the function until the day is finished; waits for a run that the schedule has begun."""
    deadline, swept = time.monotonic() + _PATIENCE, None
    while True:
        answer = run.stack.invoke("DailyRun", event)
        report: dict[str, Any] = answer.get("day") or {"status": "failed", "error": _failed(answer)}
        report["swept"] = swept = swept or answer.get("sweep")
        if report["status"] == "failed" or time.monotonic() > deadline:
            raise Trouble("daily.unfinished", why=_why(report))
        if report["status"] not in ("running", "unfinished"):
            if answer["failures"]:
                raise Trouble("daily.something_else", why=_failed(answer))
            return report
        if report["status"] == "running":
            time.sleep(_PAUSE)


def _failed(answer: dict[str, Any]) -> str:
    return ", ".join(f"{duty} ({error})" for duty, error in answer["failures"].items())


def _why(report: dict[str, Any]) -> str:
    why = report.get("error") or report["status"]
    return say("daily.waiting", count=report["waiting"], why=why) if report.get("waiting") else str(why)


def _show(console: Console, report: dict[str, Any]) -> None:
    if report["status"] in _NOTHING_DONE:
        console.print(say(f"daily.{report['status']}"))
    else:
        is_told = report["status"] != "untold"
        keys = [name if is_told or name != "people" else "people_untold" for name in _COUNTED]
        counts = ", ".join(say(f"daily.{key}", count=report[name]) for key, name in zip(keys, _COUNTED, strict=True))
        console.print(f"{report['day']}: {counts}.")
        console.print(f"robots journal --run {report['run']}")
        if not is_told:
            console.print(say("daily.untold"))
    if report["swept"]:
        console.print(say("daily.swept", count=report["swept"]))


def _show_preview(console: Console, foreseen: dict[str, Any]) -> None:
    if foreseen["day"] is None:
        console.print(say("daily.off"))
        return
    rows = foreseen["clients"]
    if not rows:
        console.print(say("daily.nobody", day=foreseen["day"]))
        return
    table = Table(*(say(f"head.{name}") for name in _HEADS), box=None, pad_edge=False)
    for row in rows:
        change = f"{row['status']} → {row['becomes']}" if row["becomes"] else row["status"]
        people = (row["responsible"], row["handed_to"])
        cells = (say(f"action.{row['action']}"), row["client"], change, row["due"] or "", *people, row["item"])
        table.add_row(*(escaped(cell) for cell in cells))
    console.print(f"[bold]{foreseen['day']}[/bold]")
    console.print(table)
