"""One line of the performance table."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`figure` is what was measured, `measured` and `goal` are texts; `met` is None where there is no goal."""

    table: str
    figure: str
    measured: str
    goal: str = ""
    met: bool | None = None


def emit(*rows: Row) -> None:
    """Prints rows for the process that runs the module: one JSON object per line."""
    for row in rows:
        sys.stdout.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def at_most(table: str, figure: str, value: float, goal: float, unit: str = " ×") -> Row:
    """A row whose value must not exceed its goal."""
    return Row(table, figure, f"{value:.2f}{unit}", f"≤ {goal:g}{unit}", value <= goal)
