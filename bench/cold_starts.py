"""How long a function takes to start from the built bundle, and whether all of it is compiled.

Each start is a process of its own; starts of `boto3.client` and of the functions alternate. Processor time (user and
system) is measured, because it depends less on other load than the clock does.
"""

import importlib.util
import statistics
import subprocess
from pathlib import Path

from bench.row import Row, at_most, emit
from local_aws import deploy, settings

TABLE = "Starting"
STARTS = 9
PYTHON = settings.ROOT / ".tools/uv/bin/python"
LAYERS = ("RobotsLayer/python", "DependenciesLayer/python")
YARDSTICK = 'import boto3; boto3.client("dynamodb")'
GOALS = {"ReceiveWebhook": 1.0}
ROBOTS = 1.5
NO_ROBOT = {"Settings"}  # started by an administrator's command; it loads the checks that robots do not need
READY = {
    "ReceiveWebhook": "[client(name) for name in ('ssm', 'sqs')]",
    "Qualification": "[client(name) for name in ('ssm', 'dynamodb', 'sqs')]; import httpx; httpx.Client()",
}
"""What the first event of a container creates in addition. Lambda gives a whole processor at start, and a share of one
later."""
ENVIRONMENT = {"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1", "PATH": "/usr/bin:/bin"}


def main() -> None:
    """Emits a row per function, and one for the bytecode."""
    settings.LOCAL.mkdir(parents=True, exist_ok=True)
    deploy.build()
    functions = sorted(path.parent.name for path in deploy.BUNDLE.glob("*/app.py"))
    works = {("", YARDSTICK)} | {(name, "import app") for name in functions}
    works |= {
        (name, f"import app; from crm_robots.records.clients import client; {more}") for name, more in READY.items()
    }
    taken: dict[tuple[str, str], list[float]] = {work: [] for work in sorted(works)}
    for _ in range(STARTS):
        for work, seconds in taken.items():
            seconds.append(_start(*work))
    yardstick = statistics.median(taken.pop(("", YARDSTICK)))
    for (name, what), seconds in taken.items():
        emit(_row(name, statistics.median(seconds) / yardstick, ready=what != "import app"))
    emit(_bytecode())


def _row(function: str, ratio: float, *, ready: bool) -> Row:
    figure = f'import of {function}, against `boto3.client("dynamodb")`'
    if ready:
        return Row(TABLE, f"{figure}: with its clients made", f"{ratio:.2f} ×")
    if function in NO_ROBOT:
        return Row(TABLE, figure, f"{ratio:.2f} ×")
    return at_most(TABLE, figure, ratio, GOALS.get(function, ROBOTS))


def _start(function: str, work: str) -> float:
    """Seconds of the processor that this takes in a new process, the interpreter's own start left out."""
    folders = [str(deploy.BUNDLE / part) for part in (function, *LAYERS) if part]
    program = (
        f"import sys, time; sys.path[:0] = {folders}; start = time.process_time(); {work}; "
        "print(time.process_time() - start)"
    )
    command = [str(PYTHON), "-I", "-S", "-c", program]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout.split()[-1])


def _bytecode() -> Row:
    sources = list(deploy.BUNDLE.rglob("*.py"))
    share = 100 * sum(map(has_valid_bytecode, sources)) / len(sources)
    return Row(TABLE, f"of {len(sources)} files, with valid bytecode", f"{share:.0f} %", "100 %", share == 100)


def has_valid_bytecode(source: Path) -> bool:
    """Compiled from this source, with a hash that is never checked: timestamps in a zip become wrong (PEP 552)."""
    compiled = Path(importlib.util.cache_from_source(str(source)))
    if not compiled.exists():
        return False
    head = compiled.read_bytes()[:16]
    wanted = importlib.util.MAGIC_NUMBER + (0b01).to_bytes(4, "little")
    return head == wanted + importlib.util.source_hash(source.read_bytes())


if __name__ == "__main__":
    main()
