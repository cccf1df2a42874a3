"""The day's run on a whole company in process."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from crm_robots.engine.rounds import Round
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import timer_of
from crm_robots.robots.daily.preview import Preview, preview
from crm_robots.robots.daily.run import DailyRun, Report
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.firing import Firing
from crm_robots.shared.items import ItemRef

from tests.support.chaos import Killed
from tests.support.client_status import FIELD
from tests.support.world import BASE, EXAMPLE, World

ROBOTS = {"client-status": ClientStatusRobot}
DAY = timedelta(days=1)


def settings(**changes: str) -> str:
    """The example's portal and client_status sections; `old="new"` pairs of text are replaced by `changes`."""
    text = EXAMPLE.read_text()
    portal = text[text.index("portal:") : text.index("qualification:")]
    status = text[text.index("client_status:") :]
    for old, new in changes.items():
        found = f"{old.replace('__', ' ')}:"
        lines = [f"{line[: line.index(found)]}{found} {new}" if found in line else line for line in status.splitlines()]
        assert lines != status.splitlines(), old
        status = "\n".join(lines)
    return portal + status


def fire(world: World, at: str | datetime | None = None, enough: Any = lambda: False, **more: Any) -> Report:
    """One firing; `at`: `09:15` of the portal's day, by default nine o'clock."""
    moment = at if isinstance(at, datetime) else moment_of(world, at or "09:00")
    run = DailyRun(world.tools, lambda ref, ts: feed(world, ref, ts), nullcontext, sleep=lambda seconds: None)
    return run.fire(Firing(int(moment.timestamp()), **more), enough)


def round_of(world: World, at: str | datetime | None = None, **more: Any) -> Round:
    """The same firing for any duty; events go into the world's queues."""
    moment = at if isinstance(at, datetime) else moment_of(world, at or "09:00")
    given: dict[str, Any] = {
        "connect": lambda: world.tools,
        "put": lambda robots, event: [world.queue(robot, event) for robot in robots],
        "begins": lambda: "09:00",
        "is_portals_time": lambda: True,
        "alone": nullcontext,
        "enough": lambda: False,
        "go_on": lambda: None,
        "on_trouble": lambda error: None,
    }
    return Round(Firing(int(moment.timestamp())), **given | more)


def moment_of(world: World, at: str) -> datetime:
    """A time of the portal's day; its clock goes along, never back."""
    hour, minute = map(int, at.split(":"))
    moment = world.portal.clock.now().replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment > world.portal.clock.now():
        world.portal.clock.set(moment)
    return moment


def feed(world: World, ref: ItemRef, ts: int) -> None:
    world._pending["client-status"].append(CrmEvent(f"ONCRM{ref.kind.upper()}UPDATE", str(ref), ts, ts, BASE))


def look_ahead(world: World) -> Preview:
    return preview(world.tools, Firing(int(world.portal.clock.now().timestamp())))


def persistently(world: World, at: datetime) -> Report:
    """Fires until the day is over, whatever gets in the way."""
    for number in range(8):
        try:
            report = fire(world, at + number * timedelta(minutes=15))
        except Killed:
            world.restart()
            world.portal.clock.advance(timedelta(minutes=5))
            continue
        if report.status == "failed":
            world.portal.clock.advance(timedelta(minutes=5))
            continue
        return report
    raise AssertionError("the day does not end")


def client(
    world: World, whose: str = "Петров", status: str = "Горячий", kind: str = "company", name: str = "Ромашка"
) -> int:
    """A card with that status since this moment."""
    named = {"title": name} if kind == "company" else {"name": name, "lastName": "Орлова"}
    number = world.person(whose).create(kind, **named, assignedById=world.office.users[whose], **{FIELD: status})
    world.settle()
    return number


def label(world: World, kind: str, number: int) -> str:
    """The status that the card shows, as people read it."""
    value = world.person("Петров").read(kind, number).get(FIELD)
    rows = [row for row in world.portal.tables.user_fields if row["FIELD_NAME"] == FIELD]
    labels = {item["id"]: item["value"] for row in rows for item in row["LIST"]}
    return labels[int(value)] if value else ""


def timer(world: World, item: str) -> Timer | None:
    rows = world.tools.timers.rows([item])
    return timer_of(rows[item]) if item in rows else None


def messages(world: World, name: str) -> list[str]:
    """What a person was notified of, oldest first."""
    return [row["text"] for row in world.person(name).notifications()]


def posts(world: World, name: str) -> list[dict[str, Any]]:
    """Feed posts for this person alone."""
    return [row for row in world.portal.tables.posts if row["to"] == [f"U{world.office.users[name]}"]]
