"""`make fuzz`: python -m tests.fuzz SECONDS, or python -m tests.fuzz TARGET <options of libFuzzer>."""

import contextlib
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

WORK = Path(".local/fuzz")
_LONGEST = {"webhook": 70_000, "settings": 9_000, "spreadsheet": 20_000, "typed": 2_000}


def run_all(seconds: int) -> int:
    """Every target in a process of its own; exit status 1 if one of them found something."""
    from tests.fuzz.seeds import seeds

    failed = []
    for target, longest in _LONGEST.items():
        found, given = WORK / target / "found", WORK / target / "seeds"
        for folder in (found, given):
            folder.mkdir(parents=True, exist_ok=True)
        for seed in seeds(target):
            (given / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        print(f"{target}: {seconds} s", flush=True)
        options = [
            *(f"-max_total_time={seconds}", f"-max_len={longest}", "-dict=tests/fuzz/words.dict"),
            *(f"-artifact_prefix={WORK / target}/", "-verbosity=0", "-print_final_stats=1"),
        ]
        command = [sys.executable, "-m", "tests.fuzz", target, *options, found, given]
        if subprocess.run(command, check=False).returncode:
            failed.append(target)
    if failed:
        print(f"Something does not hold: {', '.join(failed)}. Mend it, and put the file that was written below {WORK}")
        print("into tests/fuzz/corpus, so that every test run tries it again.")
    return 1 if failed else 0


def run_one(target: str) -> None:
    """Looks for an input at which the target raises, guided by the lines that inputs reach."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is made for Linux on x86_64 alone; tests/test_fuzz.py repeats what was found with it")
    quietly = contextlib.redirect_stderr(io.StringIO())
    with quietly, atheris.instrument_imports(include=["crm_robots", "functions", "admin", "yaml"]):
        from tests.fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    os.environ |= {"LOG_LEVEL": "CRITICAL", "POWERTOOLS_LOG_LEVEL": "CRITICAL"}
    if sys.argv[1].isdecimal():
        sys.exit(run_all(int(sys.argv[1])))
    run_one(sys.argv[1])
