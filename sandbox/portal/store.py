"""Rows by id with secondary indexes; the portal's whole memory is a handful of these tables."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

Row = dict[str, Any]
Key = Callable[[Row], Iterable[Hashable]]


class Table:
    """Rows of one kind. A row is replaced, never changed in place: indexes and storage rely on it."""

    def __init__(self, name: str, indexes: dict[str, Key] | None = None) -> None:
        self.name = name
        self.rows: dict[int, Row] = {}
        self.ids: list[int] = []
        self.last_id = 0
        self.dirty: set[int] = set()
        self._keys = indexes or {}
        self._index: dict[str, dict[Hashable, set[int]]] = {name: {} for name in self._keys}

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return (self.rows[row_id] for row_id in self.ids)

    def get(self, row_id: int) -> Row | None:
        """The row, or None."""
        return self.rows.get(row_id)

    def new_id(self) -> int:
        """The next id; ids are never used twice."""
        self.last_id += 1
        return self.last_id

    def add(self, row: Row) -> Row:
        """Stores a new row under the next id (or under its own `id`, where it has one)."""
        row_id = row.get("id") or self.new_id()
        self.put({**row, "id": row_id})
        return self.rows[row_id]

    def put(self, row: Row) -> None:
        """Stores `row` in place of the one with its id."""
        row_id = row["id"]
        old = self.rows.get(row_id)
        if old is None:
            self.last_id = max(self.last_id, row_id)
            insort(self.ids, row_id)
        self.rows[row_id] = row
        self._reindex(row_id, old, row)
        self.dirty.add(row_id)

    def remove(self, row_id: int) -> None:
        """Forgets the row."""
        old = self.rows.pop(row_id)
        self.ids.pop(bisect_left(self.ids, row_id))
        self._reindex(row_id, old, None)
        self.dirty.add(row_id)

    def indexed(self, name: str) -> bool:
        """Whether rows can be found by `name` without a scan."""
        return name in self._index

    def find(self, name: str, key: Hashable) -> set[int]:
        """Ids of the rows whose index `name` holds `key`."""
        return self._index[name].get(key, set())

    def since(self, name: str, key: Hashable) -> set[int]:
        """Ids of the rows whose index `name` holds `key` or something above it."""
        index: dict[Any, set[int]] = self._index[name]
        return set().union(*(ids for other, ids in index.items() if other >= key))

    def by(self, name: str, key: Hashable) -> list[Row]:
        """Rows whose index `name` holds `key`, by id."""
        return [self.rows[row_id] for row_id in sorted(self.find(name, key))]

    def after(self, row_id: int) -> Iterator[int]:
        """Ids above `row_id`, ascending."""
        return iter(self.ids[bisect_right(self.ids, row_id) :])

    def _reindex(self, row_id: int, old: Row | None, new: Row | None) -> None:
        for name, keys in self._keys.items():
            before = tuple(keys(old)) if old is not None else ()
            after = tuple(keys(new)) if new is not None else ()
            if before == after:
                continue
            index = self._index[name]
            for key in before:
                index[key].discard(row_id)
            for key in after:
                index.setdefault(key, set()).add(row_id)
