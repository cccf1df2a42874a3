"""Whole lists, many pages in a request.

A page holds 50 rows. Pages are asked for by offset, side by side, inside windows that begin after the last
known id; so offsets and memory stay small. Rows can slip between two pages if others are deleted meanwhile; the count
shows it, and they are fetched.
https://github.com/bitrix24/b24restdocs/blob/main/settings/how-to-call-rest-api/list-methods-pecularities.md
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, pairwise
from typing import Any, Protocol

from crm_robots.portal.commands import MOST_COMMANDS, Command, Reply

PAGE = 50
_WINDOW = 500 * PAGE
Row = dict[str, Any]


class Reader(Protocol):
    """What lists need of the client."""

    def read(self, commands: Mapping[str, Command]) -> dict[str, Reply]:
        """The replies to any number of harmless commands."""


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
    portal: Reader, method: str, params: Mapping[str, Any], *, rows: str | None, key: str | None, expect: int
) -> Iterator[Row]:
    """All rows by ascending id. `expect`: how many there may be; a good guess saves the request that counts.

    `rows`: where in the result they are, if it is not a list itself. `key`: the id's name in filter and
    order.
    """
    listing = _Listing(method, params, rows, key or ("id" if method == "crm.item.list" else "ID"))
    after: int | None = None
    while True:
        found, total = _window(portal, listing, after, expect)
        yield from (found[each] for each in sorted(found))
        if total <= _WINDOW or not found:
            return
        after, expect = max(found), total - _WINDOW


def item_pages(portal: Reader, kinds: Mapping[int, int], select: Sequence[str]) -> Iterator[tuple[int, list[Row], int]]:
    """All items of several types in shared requests: type, rows by ascending id, how many are still to come.

    `kinds`: entity type id to how many items there may be. Pages of all types fill the batches together, and a guess
    too low still fills the first one.
    """
    first = PAGE * MOST_COMMANDS // max(1, len(kinds))
    listings = {
        kind: _Listing("crm.item.list", {"entityTypeId": kind, "select": list(select), **_ORIGINAL}, "items", "id")
        for kind in kinds
    }
    left: dict[int, tuple[int | None, int]] = {kind: (None, max(first, expect)) for kind, expect in kinds.items()}
    while left:
        windows = _windows(portal, {kind: (listings[kind], *where) for kind, where in left.items()})
        left = {}
        for kind, (found, total) in windows.items():
            rows = [found[each] for each in sorted(found)]
            coming = max(0, total - len(rows))
            yield kind, rows, coming
            if coming and rows:
                left[kind] = (max(found), coming)


_ORIGINAL = {"useOriginalUfNames": "Y"}


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
class _Listing:
    method: str
    params: Mapping[str, Any]
    rows: str | None
    key: str

    @property
    def page(self) -> int:
        return 10 if self.method == "crm.timeline.logmessage.list" else PAGE

    def command(self, start: int, after: int | None = None, before: int | None = None) -> Command:
        filter_name = next((name for name in self.params if name.lower() == "filter"), "filter")
        limits = {f">{self.key}": after, f"<{self.key}": before}
        filtered = dict(self.params.get(filter_name) or {})
        filtered |= {name: limit for name, limit in limits.items() if limit is not None}
        start_name = "START" if self.method == "department.get" else "start"
        params = {**self._order(), **self.params, start_name: start}
        return Command(self.method, params | ({filter_name: filtered} if filtered else {}))

    def _order(self) -> dict[str, Any]:
        if self.method in {"user.get", "department.get"}:
            return {"sort": self.key, "order": "ASC"}
        return {"order": {self.key: "ASC"}}


def _window(portal: Reader, listing: _Listing, after: int | None, expect: int) -> tuple[dict[int, Row], int]:
    """The rows after an id, up to the window's size, and how many there are in all."""
    return _windows(portal, {0: (listing, after, expect)})[0]


def _windows(
    portal: Reader, wanted: Mapping[int, tuple[_Listing, int | None, int]]
) -> dict[int, tuple[dict[int, Row], int]]:
    """The windows of several listings, which share requests and the room in memory."""
    room = _WINDOW // len(wanted)
    ahead = {
        name: range(0, min(room, _guessed(expect) if len(wanted) == 1 else max(1, expect)), listing.page)
        for name, (listing, _, expect) in wanted.items()
    }
    replies = _asked(portal, wanted, ahead)
    totals = {name: _total(replies[name, 0], wanted[name][0]) for name in wanted}
    rest = {
        name: range(ahead[name][-1] + listing.page, min(totals[name], room), listing.page)
        for name, (listing, _, _) in wanted.items()
    }
    replies |= _asked(portal, wanted, rest)
    windows: dict[int, tuple[dict[int, Row], int]] = {}
    for name, (listing, after, _) in wanted.items():
        paged = [rows_of(reply, listing.rows) for (owner, _), reply in replies.items() if owner == name]
        found = {row_id(row): row for page in paged for row in page}
        if len(found) < min(totals[name], room):
            found |= _slipped(portal, listing, after, paged)
        windows[name] = (found, totals[name])
    return windows


def _asked(
    portal: Reader, wanted: Mapping[int, tuple[_Listing, int | None, int]], pages: Mapping[int, range]
) -> dict[tuple[int, int], Reply]:
    places = {f"at{name}_{start}": (name, start) for name, starts in pages.items() for start in starts}
    commands = {text: wanted[name][0].command(start, wanted[name][1]) for text, (name, start) in places.items()}
    return {places[text]: reply for text, reply in portal.read(commands).items()}


def _total(first: Reply, listing: _Listing) -> int:
    return first.total or len(rows_of(first, listing.rows))


def _guessed(expect: int) -> int:
    """How many rows to ask for before the count is known: a guess of many fills the last request with margin."""
    full = PAGE * MOST_COMMANDS
    return max(1, min(_WINDOW, -(-expect // full) * full if expect > full else expect))


def _slipped(portal: Reader, listing: _Listing, after: int | None, paged: Sequence[Sequence[Row]]) -> dict[int, Row]:
    """The rows between the last of each page and the first of the next."""
    edges = [(row_id(page[0]), row_id(page[-1])) for page in paged if page]
    gaps = [(left[1], right[0]) for left, right in pairwise([(0, after or 0), *edges]) if left[1] < right[0] - 1]
    found: dict[int, Row] = {}
    while gaps:
        replies = portal.read({f"gap{low}": listing.command(-1, low, high) for low, high in gaps})
        paged = [rows_of(reply, listing.rows) for reply in replies.values()]
        found |= {row_id(row): row for page in paged for row in page}
        gaps = [
            (row_id(page[-1]), high) for (_, high), page in zip(gaps, paged, strict=True) if len(page) == listing.page
        ]
    return found
