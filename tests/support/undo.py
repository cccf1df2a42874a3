"""`robots undo` on a company in process."""

from collections.abc import Iterable

from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.window import Window
from crm_robots.robots.undo.undo import HOLDER, Undo
from crm_robots.robots.undo.undoing import Undoing
from crm_robots.shared.written import Entry

from tests.support.journal import entries
from tests.support.world import World


def undoer(world: World) -> Undo:
    """At the portal's time."""
    current = world.tools.settings.load("client_status", ClientStatusRules)
    window = Window(world.tools, current.rules, current.portal, HOLDER) if current else None
    return Undo(world.tools, window, int(world.portal.clock.now().timestamp()), sleep=lambda seconds: None)


def undo(world: World, item: str = "", run: str = "") -> Undoing:
    """`--entity` or `--run`."""
    return undoer(world).done(wanted(world, item, run))


def wanted(world: World, item: str = "", run: str = "") -> list[Entry]:
    """What the command hands over."""
    return [one for one in entries(world, item) if not run or one.run == run]


def told(found: Iterable[Entry]) -> list[str]:
    """Entries as people read them."""
    return [f"{one.told.label}: {one.told.old} → {one.told.new}" for one in found if one.told and one.told.label]
