"""Links to the desk's page: unguessable, kept as hashes only, and taken back from who heads nobody any more (D12)."""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from crm_robots.records.memory import MemoryTable
from crm_robots.shared.plan import to_json
from crm_robots.shared.tokens import digest_of

_ROBOT, _HOLDERS = "desk", "desk:holders"
_TOKEN = re.compile(r"u([1-9][0-9]{0,9})-[A-Za-z0-9_-]{32}")
_DAY = 86_400
_MOST = 30

type State = Literal["unknown", "over", "open"]


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """One link. `made` is the portal's clock, `until` ours."""

    digest: str
    made: int
    until: int
    days: int
    withdrawn: bool = False


class Links(msgspec.Struct, frozen=True, omit_defaults=True):
    """All links of one person."""

    links: tuple[Link, ...] = ()


class Holders(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who ever got a link."""

    people: tuple[int, ...] = ()


class LinkBook:
    """Links of one memory table."""

    def __init__(self, memory: MemoryTable, clock: Callable[[], float] = time.time) -> None:
        self._memory = memory
        self._clock = clock

    def make(self, user: int, ts: int, days: int) -> str:
        """The token of a new link."""
        token = f"u{user}-{secrets.token_urlsafe(24)}"
        records = self._memory.load(_ROBOT, [_HOLDERS, _row(user)])
        holders, own = records[_HOLDERS], records[_row(user)]
        people = holders.remembered(Holders).people
        if user not in people:
            holders.memory = to_json(Holders((*people, user)))
            self._memory.save(holders)
        made = Link(digest_of(token), ts, int(self._clock()) + days * _DAY, days)
        own.memory = to_json(Links((*own.remembered(Links).links, made)[-_MOST:]))
        self._memory.save(own)
        return token

    def state(self, token: str, received: float) -> tuple[State, int]:
        """What a token opens now, and whose page it is."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return "unknown", 0
        user, digest = int(found[1]), digest_of(token)
        links = self._memory.load(_ROBOT, [_row(user)])[_row(user)].remembered(Links).links
        one = next((link for link in links if link.digest == digest), None)
        if one is None:
            return "unknown", 0
        return ("over" if one.withdrawn or received >= one.until else "open"), user

    def withdraw(self, heads: Iterable[int], ts: int) -> None:
        """Ends links of people who head nobody any more, and those whose days are over by the portal's clock."""
        people = self._memory.load(_ROBOT, [_HOLDERS])[_HOLDERS].remembered(Holders).people
        may = set(heads)
        records = self._memory.load(_ROBOT, map(_row, people))
        for user in people:
            record = records[_row(user)]
            links = record.remembered(Links).links
            now = tuple(
                msgspec.structs.replace(one, withdrawn=True)
                if user not in may or ts >= one.made + one.days * _DAY
                else one
                for one in links
            )
            if now != links:
                record.memory = to_json(Links(now))
                self._memory.save(record)


def _row(user: int) -> str:
    return f"desk:links:{user}"
