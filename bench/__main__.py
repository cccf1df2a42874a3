"""Runs every module of this package that measures something, each in a process of its own, and writes the tables.

A module counts if it has a `main`; it prints rows with `bench.row.emit`. The tables go to docs/speed.md, six figures of
them to the READMEs. `python -m bench NAME…` runs some only and writes no page. Exits with 1 when a goal is missed.
"""

import json
import pkgutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bench
from bench import figures
from bench.row import Row

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "speed.md"
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
_HELPERS = {"__main__", "figures", "limit", "row"}
_BY_THE_CLOCK = ("portal_traffic", "faults", "other_clients")
"""These measure real time, so they run together and before everything else. The others count, or measure processor
time."""
_LONG = ("local_stack", "daily_run", "cold_starts")
"""The longest of the others; started first."""
_LAST = ("costs",)
"""Uses what the others measured."""
_AT_ONCE = 2


def main(wanted: list[str]) -> int:
    """Returns the exit status."""
    rows = _measured(wanted or _modules())
    text = tables(rows)
    sys.stdout.write(text)
    if not wanted:
        PAGE.write_text(inserted(PAGE.read_text(), text))
        figures.write(ROOT, rows)
    return 1 if any(row.met is False for row in rows) else 0


def _modules() -> list[str]:
    found = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    folder = Path(bench.__path__[0])
    measuring = [n for n in found if n not in _HELPERS and "\ndef main(" in (folder / f"{n}.py").read_text()]
    return [*(name for name in measuring if name not in _LAST), *_LAST]


def _measured(names: Sequence[str]) -> list[Row]:
    others = [*_LONG, *(name for name in names if name not in (*_BY_THE_CLOCK, *_LONG, *_LAST))]
    found: dict[str, list[Row]] = {}
    for some, at_once in ((_BY_THE_CLOCK, len(_BY_THE_CLOCK)), (others, _AT_ONCE), (_LAST, 1)):
        chosen = [name for name in some if name in names]
        with ThreadPoolExecutor(at_once) as pool:
            found |= zip(chosen, pool.map(_run, chosen), strict=True)
    return [row for name in names for row in found[name]]


def _run(name: str) -> list[Row]:
    sys.stderr.write(f"{name} …\n")
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True, check=True
    )
    sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    return [Row(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]


def tables(rows: Iterable[Row]) -> str:
    """Markdown: one table per title, in the order in which the titles came."""
    by_title: dict[str, list[Row]] = {}
    for row in rows:
        by_title.setdefault(row.table, []).append(row)
    return "".join(_table(title, some) for title, some in by_title.items())


def _table(title: str, rows: Iterable[Row]) -> str:
    marks = {True: "✓", False: "**missed**", None: ""}
    lines = [f"| {row.figure} | {row.measured} | {row.goal} | {marks[row.met]} |" for row in rows]
    return "\n".join([f"| {title} | measured | goal | |", "| --- | --- | --- | --- |", *lines, "", ""])


def inserted(page: str, text: str) -> str:
    """The page with the text between its markers."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
