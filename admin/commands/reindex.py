"""`robots reindex`: every tracked card is read, and its timer put right."""

import msgspec
import typer
from crm_robots.robots.client_status.due_days import DueDays
from crm_robots.robots.client_status.reindexing import Outcome, Reindexing
from crm_robots.shared.plan import Cause
from rich.console import Console

from admin.at_work import server_time, window
from admin.session import AsJson, StackName, session
from admin.speech import say
from admin.trouble import Trouble

_AT_ONCE = 8


def reindex(ctx: typer.Context, stack: StackName = None, as_json: AsJson = False) -> None:  # noqa: FBT002
    """Read every tracked card and correct its timer. Safe to repeat; changes no card and tells nobody."""
    run = session(ctx, stack, as_json)
    run.name_the_place()
    work = window(run.stack, "reindex")
    now = int(server_time(work.portal).timestamp())
    days = DueDays(work.portal, work.tools.journal, in_flight=_AT_ONCE)
    cause = Cause("reindex", "", now, f"reindex-{now}")
    reindexing = Reindexing(
        work.tools.scanner,
        work.tools.timers,
        work.calendar,
        work.calendar.today(now),
        lambda one: days.write(one, cause),
    )
    with run.progress(say("unit.cards")) as progress:
        outcome = reindexing.run(progress)
    run.answer(msgspec.to_builtins(outcome), lambda console: _show(console, outcome))
    if outcome.invisible:
        kinds = ", ".join(outcome.invisible)
        raise Trouble("reindex.invisible", kinds=kinds)


def _show(console: Console, outcome: Outcome) -> None:
    console.print(say("reindex.done", **msgspec.structs.asdict(outcome)))
