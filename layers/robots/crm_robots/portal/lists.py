"""Whole lists, 50 pages of 50 rows in a request, and no page that counts.

Rows come by ascending id, with `start = -1`. Pages chain within a batch: each begins after the last id of the page
before, `>id: $result[page][items][49][id]`; a page that is not full ends the chain, and what follows it is thrown away.
The first request also asks for the newest id. With it, the ids that are left are cut into ranges of about 2,400 rows,
which are read side by side. Who knows how many rows there are, and up to which id, begins with the ranges.
https://github.com/bitrix24/b24restdocs/blob/main/settings/performance/huge-data.md
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, Protocol

from crm_robots.portal.bulk import Patience, side_by_side
from crm_robots.portal.commands import MOST_COMMANDS, Command, Reply
from crm_robots.portal.errors import Busy, PortalError
from crm_robots.shared.reference import Reference

PAGE = 50
_FULL = PAGE * MOST_COMMANDS
_ALMOST_FULL = int(0.97 * _FULL)
_AT_ONCE = 10
"""Ranges that are read side by side, and held in memory."""
_LAST = "last"
_ORIGINAL = {"useOriginalUfNames": "Y"}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Guess:
    """About how many rows a list has, and up to which id. A wrong one costs requests, never rows."""

    rows: int = 0
    newest: int = 0

    @property
    def is_worth_it(self) -> bool:
        """Whether ranges can be cut by it; a short list is one request anyway."""
        return self.rows > _FULL and self.newest > 0


class Reader(Protocol):
    """What lists need of the client."""

    def read(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """The replies to any number of harmless commands."""

    def batch(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """Up to 50 commands in one request, by their names."""


def items(portal: Reader, entity_type_id: int, ids: Iterable[int], select: Sequence[str]) -> dict[int, Row]:
    """The items by id; absent ones are deleted, or hidden from the webhook's owner."""
    constant = {"entityTypeId": entity_type_id, "select": list({"id": None, **dict.fromkeys(select)})}
    commands = {
        f"ids{index}": Command(
            "crm.item.list",
            {**constant, "filter": {"@id": list(some)}, "start": -1, "useOriginalUfNames": "Y"},
        )
        for index, some in enumerate(batched(sorted(set(ids)), PAGE, strict=False))
    }
    replies = portal.read(commands).values()
    return {row_id(row): row for reply in replies for row in rows_of(reply, "items")}


def pages(
    portal: Reader,
    method: str,
    params: Mapping[str, Any],
    *,
    rows: str | None,
    after: int | None = None,
    guess: Guess | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Row]:
    """All rows by ascending id; `after`: only those behind it.

    `rows`: where in the result they are, if it is not a list itself.
    """
    listing = Listing(method, params, rows)
    for _, found, _ in _walked(portal, {0: _Walk(listing, after, guess)}, sleep):
        yield from found


def item_pages(
    portal: Reader,
    kinds: Mapping[int, Guess],
    select: Sequence[str],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[tuple[int, list[Row], int]]:
    """All items of several types in shared requests: type, rows by ascending id, about how many are still to come."""
    params = {kind: {"entityTypeId": kind, "select": list(select), **_ORIGINAL} for kind in kinds}
    walks = {kind: _Walk(Listing("crm.item.list", given, "items"), guess=kinds[kind]) for kind, given in params.items()}
    yield from _walked(portal, walks, sleep)


def rows_of(reply: Reply, rows: str | None) -> list[Row]:
    """The rows of one page; the portal writes lists as such, or as a map with numbers for keys."""
    if reply.error:
        raise reply.error
    found = reply.result
    if isinstance(found, dict) and rows is not None:
        found = found.get(rows) or []
    return list(found.values()) if isinstance(found, dict) else list(found or [])


def row_id(row: Row) -> int:
    """Universal methods spell it `id`, the older ones `ID`, as a number or as text."""
    return int(str(row["id"] if "id" in row else row["ID"]))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list method with its filter and fields."""

    method: str
    params: Mapping[str, Any]
    rows: str | None

    @property
    def key(self) -> str:
        """The id's name in filter, order and rows."""
        return "id" if self.rows else "ID"

    def page(self, after: int | Reference | None, before: int | None, *, newest: bool = False) -> Command:
        """One page between two ids, uncounted; `newest`: of the last rows instead of the first."""
        limits = {f">{self.key}": after, f"<{self.key}": before}
        wanted = dict(self.params.get("filter") or {}) | {name: one for name, one in limits.items() if one is not None}
        order = {"order": {self.key: "DESC" if newest else "ASC"}, "start": -1}
        return Command(self.method, {**self.params, **order, **({"filter": wanted} if wanted else {})})

    def last_of(self, page: str) -> Reference:
        """The id of a full page's last row."""
        return Reference(page, (*((self.rows,) if self.rows else ()), str(PAGE - 1), self.key))


@dataclass(slots=True)
class _Range:
    """Rows between two ids, of which some are read."""

    listing: Listing
    after: int | None
    before: int | None
    expected: int
    rows: list[Row] = field(default_factory=list)
    done: bool = False

    def chain(self, name: str, pages: int) -> dict[str, Command]:
        """So many pages, each behind the one before it."""
        commands: dict[str, Command] = {}
        after: int | Reference | None = self.after
        for page in (f"{name}_{place}" for place in range(pages)):
            commands[page] = self.listing.page(after, self.before)
            after = self.listing.last_of(page)
        return commands

    def pages(self, most: int) -> int:
        """How many pages are worth asking for."""
        left = self.expected - len(self.rows)
        return min(most, left // PAGE + 1) if left > 0 else min(most, 2)

    def take(self, replies: Iterable[Reply]) -> None:
        """Takes pages up to the first that is not full; raises what one was refused with."""
        for reply in replies:
            if not reply.executed:
                return
            found = rows_of(reply, self.listing.rows)
            self.rows += found
            self.after = row_id(found[-1]) if found else self.after
            if len(found) < PAGE:
                self.done = True
                return


class _Walk:
    """One list on its way from the first id to the last."""

    def __init__(self, listing: Listing, after: int | None = None, guess: Guess | None = None) -> None:
        self.head = _Range(listing, after, None, _FULL)
        self._listing = listing
        self._after = after
        self._newest = 0
        self._density = 1.0  # rows per id
        self.ended = False
        self.is_begun = guess is not None and guess.is_worth_it
        if guess and self.is_begun:
            self._newest, self._density = guess.newest, guess.rows / guess.newest

    def first(self, name: str, pages: int) -> dict[str, Command]:
        """The beginning, and the newest ids."""
        return self.head.chain(name, pages) | {f"{name}_{_LAST}": self._listing.page(self._after, None, newest=True)}

    def begun(self, newest: Reply) -> list[Row]:
        """What the first request brought."""
        found, self.ended = self.head.rows, self.head.done
        if not self.ended:
            self._newest = max(map(row_id, rows_of(newest, self._listing.rows)), default=0)
            self._passed(found)
        return found

    @property
    def coming(self) -> int:
        """About how many rows are left."""
        return 0 if self.ended else max(1, round((self._newest - (self._after or 0)) * self._density))

    def ranges(self, most: int) -> list[_Range]:
        """The next ranges, of about the same number of rows; the last of all is open for what comes meanwhile."""
        start, left = self._after or 0, self.coming
        count = max(1, -(-left // _ALMOST_FULL))
        width = max(1, int(max(self._newest - start, 1) / count))
        each = -(-left // count)
        edges = [start + width * number for number in range(1, min(count, most) + 1)]
        found = [_Range(self._listing, start + width * number, edge + 1, each) for number, edge in enumerate(edges)]
        if count <= most:
            found[-1].before = None
            self.ended = True
        self._edge = edges[-1]
        return found

    def read(self, ranges: Sequence[_Range]) -> list[Row]:
        """The rows of those ranges."""
        found = [row for one in ranges for row in one.rows]
        if not self.ended:
            self._passed(found, self._edge)
        return found

    def _passed(self, found: Sequence[Row], until: int | None = None) -> None:
        first = self._after or (row_id(found[0]) - 1 if found else 0)
        self._after = until or row_id(found[-1])
        if found:
            self._density = len(found) / max(1, self._after - first)


def _walked(
    portal: Reader, walks: Mapping[int, _Walk], sleep: Callable[[float], None]
) -> Iterator[tuple[int, list[Row], int]]:
    patience = Patience(sleep)
    unknown = {name: walk for name, walk in walks.items() if not walk.is_begun}
    newest = _begin(portal, unknown, patience) if unknown else {}
    for name, walk in unknown.items():
        yield name, walk.begun(newest[name]), walk.coming
    while left := {name: walk for name, walk in walks.items() if not walk.ended}:
        ranges = {name: walk.ranges(max(1, _AT_ONCE // len(left))) for name, walk in left.items()}
        _read_whole(portal, [one for some in ranges.values() for one in some], patience)
        for name, walk in left.items():
            yield name, walk.read(ranges[name]), walk.coming


def _begin(portal: Reader, walks: Mapping[int, _Walk], patience: Patience) -> dict[int, Reply]:
    """Reads the beginning of every list; returns its newest ids. Tried again as long as the portal is busy."""
    while True:
        share = max(1, patience.size // len(walks) - 1)
        commands = {name: walk.first(f"w{name}", share) for name, walk in walks.items()}
        together = {page: command for some in commands.values() for page, command in some.items()}
        ((answer, elapsed),) = side_by_side(portal, [together])
        if isinstance(answer, Busy):
            patience.bear(answer, len(together), elapsed)
            continue
        if not isinstance(answer, dict):
            raise answer
        replies = {name: [answer[page] for page in some] for name, some in commands.items()}
        busy = next((one.error for some in replies.values() for one in some if isinstance(one.error, Busy)), None)
        if busy:
            patience.bear(busy, len(together), elapsed)
            continue
        patience.answered(answer.values())
        for name, walk in walks.items():
            walk.head.take(replies[name][:-1])
        return {name: some[-1] for name, some in replies.items()}


def _read_whole(portal: Reader, ranges: Sequence[_Range], patience: Patience) -> None:
    """Goes on until every range is read to its end."""
    while left := [one for one in ranges if not one.done]:
        packs = _packed(left, patience.size)
        answers = side_by_side(portal, [_commands(pack) for pack in packs])
        troubles = [_take(pack, answer) for pack, (answer, _) in zip(packs, answers, strict=True)]
        trouble = next(((error, place) for place, error in enumerate(troubles) if error), None)
        if trouble:
            error, place = trouble
            patience.bear(error, len(_commands(packs[place])), answers[place][1])
        else:
            patience.answered(reply for answer, _ in answers if isinstance(answer, dict) for reply in answer.values())


type _Pack = list[tuple[str, _Range, int]]
"""Chains of one request: name, range, number of pages."""


def _packed(left: Iterable[_Range], size: int) -> list[_Pack]:
    packs: list[_Pack] = []
    for place, one in enumerate(left):
        pages = one.pages(size)
        room = next((pack for pack in packs if sum(taken for *_, taken in pack) + pages <= size), None)
        if room is None:
            packs.append(room := [])
        room.append((f"r{place}", one, pages))
    # A request costs the same however full it is: a chain alone in it may be longer than it probably needs to be.
    return [[(pack[0][0], pack[0][1], size)] if len(pack) == 1 and pack[0][2] > size // 2 else pack for pack in packs]


def _commands(pack: _Pack) -> dict[str, Command]:
    return {page: command for name, one, pages in pack for page, command in one.chain(name, pages).items()}


def _take(pack: _Pack, answer: dict[str, Reply] | PortalError) -> Busy | None:
    """Takes what a request brought; returns why not all of it came, if the portal was busy."""
    if isinstance(answer, Busy):
        return answer
    if not isinstance(answer, dict):
        raise answer
    trouble = None
    for name, one, pages in pack:
        try:
            one.take(answer[f"{name}_{place}"] for place in range(pages))
        except Busy as busy:
            trouble = busy
    return trouble
