"""Numbers that one module measures and another one calculates with; they stay for `python -m bench NAME`."""

import json

from local_aws.settings import ROOT

FOLDER = ROOT / ".local/bench"


def keep(name: str, numbers: dict[str, float]) -> None:
    """Replaces what was kept under that name."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(numbers))


def recall(name: str) -> dict[str, float]:
    """What the module of that name kept, in this run or in an earlier one."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        raise SystemExit(f"bench.{name} has not run yet: its numbers are needed")
    numbers: dict[str, float] = json.loads(file.read_text())
    return numbers
