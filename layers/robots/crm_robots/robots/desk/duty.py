"""The desk as a duty of the schedule: after the day's run the snapshot, ended links, the week's letters."""

from typing import Any

from crm_robots.engine.rounds import Round
from crm_robots.engine.tools import Tools
from crm_robots.robots.client_status.own_address import OwnAddress
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.daily.schedule import RunLog
from crm_robots.robots.desk.gather import Gathering
from crm_robots.robots.desk.heads import heads
from crm_robots.robots.desk.links import LinkBook
from crm_robots.robots.desk.snapshot import Snapshots
from crm_robots.robots.desk.telling import Letters

_RUNS, _LOG = "daily-run", "daily"


def run(round_: Round) -> dict[str, Any]:
    """What was done; nothing at all as long as the day's run is not over."""
    tools = round_.tools
    settings = tools.settings.load("client_status", ClientStatusRules)
    if settings is None or round_.enough():
        return {"status": "off" if settings is None else "later"}
    log = tools.memory.load(_RUNS, [_LOG])[_LOG].remembered(RunLog)
    day = max(log.done, default=None)
    if day is None or log.current is not None:
        return {"status": "not_due"}
    snapshots = Snapshots(tools.memory)
    before = snapshots.index()
    is_new = before.day is None or before.day < day
    letters = Letters(tools, settings, snapshots, LinkBook(tools.memory), OwnAddress(tools.memory))
    if not is_new and letters.done(day):
        return {"status": "done", "day": day.isoformat()}
    with round_.alone():
        people = _people(tools)
        if is_new:
            snapshots.keep(*Gathering(tools, settings, day, round_.firing.ts, before, people).made())
            LinkBook(tools.memory).withdraw(heads(people), round_.firing.ts)
        sent = letters.send(day, round_.firing.ts, people)
    return {"status": "made", "day": day.isoformat(), "letters": sent}


def _people(tools: Tools) -> Any:
    return tools.directory_now() if tools.directory_now else tools.directory()
