"""The local AWS runs functions as AWS does where it matters to events."""

import subprocess

from local_aws.settings import ROOT

PYTHON = ROOT / ".tools/ministack/bin/python"
SCRIPT = f"""
import sys
from types import SimpleNamespace
sys.path.append({str(ROOT / "local_aws")!r})
import ministack_functions
from ministack.core import lambda_runtime
deaths = int(sys.argv[1])
starts = []
def spawn(worker):
    starts.append(worker)
    if len(starts) <= deaths:
        raise RuntimeError("Worker process exited immediately.")
lambda_runtime.Worker._spawn = spawn
ministack_functions.start_again()
try:
    lambda_runtime.Worker._spawn(SimpleNamespace(_proc=None))
except RuntimeError:
    print("failed", end=" ")
print(len(starts))
"""


def started(deaths: int) -> str:
    done = subprocess.run([PYTHON, "-c", SCRIPT, str(deaths)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_f4_an_environment_that_dies_while_it_starts_is_started_anew():
    """F4: its events would be hidden for the queue's whole time-out otherwise; AWS does the same."""
    assert [started(deaths) for deaths in (0, 2, 9)] == ["1", "3", "failed 3"]
