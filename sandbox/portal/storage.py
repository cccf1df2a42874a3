"""Keeps tables in SQLite, so that a restart finds the portal as it was left."""

import sqlite3
from pathlib import Path

import msgspec

from sandbox.portal.store import Table


class Storage:
    """One SQLite file: every row as JSON, written in one transaction per flush."""

    def __init__(self, path: Path | str) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS rows (kind TEXT, id INTEGER, body BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID"
        )
        self._db.execute("CREATE TABLE IF NOT EXISTS counters (kind TEXT PRIMARY KEY, last_id INTEGER)")

    def load(self, table: Table) -> None:
        """Fills an empty table with what was saved."""
        decode = msgspec.json.decode
        for (body,) in self._db.execute("SELECT body FROM rows WHERE kind = ? ORDER BY id", (table.name,)):
            table.put(decode(body))
        counter = self._db.execute("SELECT last_id FROM counters WHERE kind = ?", (table.name,)).fetchone()
        table.last_id = max(table.last_id, counter[0] if counter else 0)
        table.dirty.clear()

    def save(self, tables: list[Table]) -> None:
        """Writes the rows that changed since the last time."""
        with self._db:
            for table in tables:
                changed, table.dirty = table.dirty, set()
                if not changed:
                    continue
                kept = [(table.name, i, msgspec.json.encode(table.rows[i])) for i in changed if i in table.rows]
                gone = [(table.name, i) for i in changed if i not in table.rows]
                self._db.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", kept)
                self._db.executemany("DELETE FROM rows WHERE kind = ? AND id = ?", gone)
                self._db.execute("INSERT OR REPLACE INTO counters VALUES (?, ?)", (table.name, table.last_id))

    def close(self) -> None:
        """Closes the file."""
        self._db.close()
