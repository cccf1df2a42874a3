"""Pages of fifty: what list methods answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sandbox.portal.fields import Field
from sandbox.portal.filters import PAGE, Condition, Test, candidates, sort_rows
from sandbox.portal.store import Row, Table


@dataclass(frozen=True, slots=True)
class Page:
    """`total` and `next` stand beside `result` in the answer; None: the method has neither."""

    result: Any
    total: int | None = None
    next: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A compiled list request. `tests` are groups and rights, which no index can answer."""

    conditions: Sequence[Condition] = ()
    tests: Sequence[Test] = ()
    order: Sequence[tuple[Field, bool]] = ()
    start: int = 0
    size: int = PAGE


def _by_id(query: Query) -> bool:
    return not query.order or (query.order[0][0].name == "id" and not query.order[0][1])


def run(table: Table, query: Query) -> Page:
    """The rows of the page as `result`; `start: -1` counts nothing and goes no further than it must."""
    ids = candidates(table, query.conditions)
    rows = (table.rows[row_id] for row_id in (table.ids if ids is None else ids))
    matching = _matching(rows, query)
    if query.start < 0:
        if _by_id(query):
            return Page(list(islice(matching, query.size)), 0)
        return Page(sort_rows(list(matching), list(query.order))[: query.size], 0)
    found = list(matching)
    if not _by_id(query):
        sort_rows(found, list(query.order))
    end = query.start + query.size
    return Page(found[query.start : end], len(found), end if end < len(found) else None)


def _matching(rows: Iterable[Row], query: Query) -> Iterable[Row]:
    conditions, tests = query.conditions, query.tests
    return (row for row in rows if all(c.holds(row) for c in conditions) and all(test(row) for test in tests))
