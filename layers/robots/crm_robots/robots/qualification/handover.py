"""Q8: who gets a lead without gaps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import msgspec

from crm_robots.robots.qualification.rules import Direction
from crm_robots.shared.people import Directory

_RECENT_SECONDS = 300
"""So long a hand-over is counted by ourselves: the portal's count may have been taken before it."""


class Pick(msgspec.Struct, frozen=True):
    """Who got a lead, and when on the portal's clock."""

    user: int
    ts: int

    def is_recent(self, ts: int) -> bool:
        """Whether that was within minutes of this time."""
        return abs(ts - self.ts) <= _RECENT_SECONDS


class Turns(msgspec.Struct, omit_defaults=True):
    """What is remembered of a department."""

    turn: int = 0
    last: dict[int, int] = {}
    """Person to the turn in which they last got a lead."""
    recent: dict[int, Pick] = {}
    """Lead to who got it, for a few minutes."""

    def current(self, ts: int) -> dict[int, Pick]:
        """Hand-overs that the portal may not count yet."""
        return {lead: pick for lead, pick in self.recent.items() if pick.is_recent(ts)}


@dataclass(slots=True)
class Team:
    """The people of a department, with their open leads; recent hand-overs are not among the portal's counts."""

    members: tuple[int, ...]
    open_leads: Mapping[int, int]
    turns: Turns = field(default_factory=Turns)

    def count(self, user: int, lead: int, ts: int) -> int:
        """Open leads of that person, other than this one."""
        recent = self.turns.current(ts)
        return self.open_leads.get(user, 0) + sum(one.user == user for key, one in recent.items() if key != lead)

    def choose(self, lead: int, ts: int, away: Collection[int] = ()) -> int | None:
        """The one with the fewest open leads; of several, who has waited longest. A lead drawn for just now stays."""
        drawn, here = self.turns.current(ts).get(lead), [user for user in self.members if user not in away]
        if drawn and drawn.user in here:
            return drawn.user
        ranked = sorted(here, key=lambda user: (self.count(user, lead, ts), self.turns.last.get(user, 0), user))
        return ranked[0] if ranked else None

    def take(self, lead: int, user: int, ts: int) -> None:
        """Notes that the person gets the lead."""
        if lead in self.turns.current(ts) and self.turns.recent[lead].user == user:
            return
        self.turns.turn += 1
        self.turns.last = self.turns.last | {user: self.turns.turn}
        self.turns.recent = self.turns.current(ts) | {lead: Pick(user, ts)}


def keeps(direction: Direction, responsible: int | None, directory: Directory) -> bool:
    """Whether the lead already is with somebody it may stay with."""
    if direction.user:
        return responsible == direction.user
    return directory.is_member(responsible, direction.department)
