"""Lives a story to its end: the storm, the calm in which everything must settle, and a sweep that must find nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from zlib import crc32

from tests.simulation.acting import Actor
from tests.simulation.checks import violations
from tests.simulation.life import Life, life
from tests.simulation.story import Act

_CALM_SECONDS = 12 * 3600.0
_MOST_STEPS = 60_000


@dataclass(frozen=True)
class Outcome:
    """`broken`: the promises that were not kept. `print`: a digest of all that happened."""

    broken: list[str] = field(default_factory=list)
    steps: int = 0
    requests: int = 0
    digest: int = 0


def live(seed: int, acts: Sequence[Act]) -> Outcome:
    """One life. The same seed and acts give the same life."""
    with life(seed) as lived:
        actor = Actor(lived)
        start = lived.scheduler.now
        for act in acts:
            lived.scheduler.at(start + act.at, lambda act=act: actor.do(act))  # type: ignore[misc]
        broken = _storm(lived, start + (acts[-1].at if acts else 0.0)) or _calm(lived) or violations(lived)
        broken = broken or _swept(lived)
        return Outcome(broken, lived.scheduler.steps, lived.requests, digest_of(lived))


def _storm(lived: Life, end: float) -> list[str]:
    return [] if lived.scheduler.run(end, _MOST_STEPS) else ["W7: the robots never rest"]


def _calm(lived: Life) -> list[str]:
    """Faults stop; whatever waits is worked off within hours, by itself."""
    begun = lived.scheduler.now
    lived.faults.clear()
    lived.portal.faults.clear()
    lived.short_visibility = lived.deaf = 0
    lived.portal.outbox.faults.drop = lived.portal.outbox.faults.duplicate = 0.0
    if not lived.scheduler.run(most=_MOST_STEPS):
        return ["W7: the world does not settle"]
    if lived.scheduler.now > begun + _CALM_SECONDS:
        return ["F1: it takes longer than a night until everything is worked off"]
    _mornings(lived)
    if lived.lost or _asks(lived):
        lived.sweep()
        lived.scheduler.run(most=_MOST_STEPS)
    return []


def _mornings(lived: Life) -> None:
    """Two more mornings: the day's run finishes what was cut off, and the sweep brings what was lost (D7, D9)."""
    for _ in range(2):
        now = lived.scheduler.clock.wall_time().astimezone(lived.scheduler.clock.zone)
        morning = (now + timedelta(days=1)).replace(hour=9, minute=5).timestamp()
        for quarter in range(3):
            lived.scheduler.at(morning + 900.0 * quarter, lived.days.fire)
        lived.scheduler.run(most=_MOST_STEPS)


def _asks(lived: Life) -> bool:
    """A question to a person may lapse, which the next look at its lead tells."""
    rows = lived.tables.scan("MemoryTable")["Items"]
    return any('"digest"' in row.get("memory", {}).get("S", "") for row in rows)


def _swept(lived: Life) -> list[str]:
    """D9, W7: seen once more, nothing is left to do: every effect is there, and nobody undoes anybody."""
    for table in lived.portal.tables.every():
        table.dirty.clear()
    lived.sweep()
    if not lived.scheduler.run(most=_MOST_STEPS):
        return ["W7: the world does not settle after a sweep"]
    written = {table.name: sorted(table.dirty) for table in lived.portal.tables.every() if table.dirty}
    return [f"W7: a sweep of a settled world wrote {written}"] if written else violations(lived)


def digest_of(lived: Life) -> int:
    """A digest of the portal's final state, the same in every process."""
    rows = "".join(repr(list(table.rows.values())) for table in lived.portal.tables.every())
    return crc32(rows.encode())
