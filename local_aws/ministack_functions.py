"""How MiniStack runs functions on this machine. Imports nothing of ours.

Each execution environment is a process that takes a second to start. So there are few of them, they stay, and an
invocation waits for a warm one.
"""

import hashlib
import os
import queue
import tempfile
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import cloudwatch_logs, lambda_svc

ANSWERING = "-receive-webhook"
"""Ending of the name of the function whose callers wait, many at a time."""
ENVIRONMENTS = {ANSWERING: 4}
FEW = 2
AFTER_OTHERS = 5
"""Niceness of robots, so that the function that answers webhooks gets the processor first."""
STARTS = 3
"""How often an environment is started at most for an invocation."""
END_OF_LOG = "\x1e"
KEPT_LOGS = 1000
"""Invocations per function of which the log is kept."""


def install() -> None:
    """Installs these changes in MiniStack."""
    limit_environments()
    unpack_once()
    mark_the_end_of_logs()
    start_again()
    let_robots_go_last()
    let_invocations_finish()
    forget_old_logs()
    # The groups of a FIFO queue run side by side, as on AWS; a group that is being worked on is left out of the next
    # batch by the queue itself.
    lambda_svc._sqs_esm_concurrency = lambda *_: FEW


def limit_environments() -> None:
    """Makes an invocation wait for a warm environment instead of starting another."""
    run = lambda_svc._execute_function_warm
    slots: dict[str, threading.BoundedSemaphore] = {}

    def run_in_turn(function: dict[str, Any], *args: Any) -> Any:
        config = function.get("config", function)
        most = ENVIRONMENTS.get(_kind(config["FunctionName"]), FEW)
        with slots.setdefault(config["FunctionArn"], threading.BoundedSemaphore(most)):
            return run(function, *args)

    lambda_svc._execute_function_warm = run_in_turn


def unpack_once() -> None:
    """Lets environments share what they unpack: MiniStack unpacks every layer anew for each, for seconds."""
    folder = Path(tempfile.mkdtemp(prefix="unpacked-"))
    one_at_a_time = threading.Lock()

    class SharedZip(zipfile.ZipFile):
        """A zip whose content is linked into place."""

        def namelist(self) -> list[str]:
            return []  # asked for only to check for paths that lead outside; these zips are ours

        def extractall(self, path: Any = None, *_: Any) -> None:
            kept = folder / hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest()
            with one_at_a_time:
                if not kept.exists():
                    super().extractall(kept, super().namelist())
            for entry in kept.iterdir():
                (Path(path) / entry.name).symlink_to(entry)

    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": SharedZip})


def mark_the_end_of_logs() -> None:
    """Lets a function say where the log of an invocation ends; MiniStack waits for 5 to 50 ms whether more comes."""
    found = "handler_fn = getattr(mod, handler_name)"
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    if found not in script:
        raise RuntimeError("MiniStack's worker has changed")
    marking = f"""
def _marking(handler):
    def run(event, context):
        try:
            return handler(event, context)
        finally:
            print({END_OF_LOG!r}, file=sys.stderr, flush=True)
    return run

"""
    head, start, body = script.partition("\ndef run():")
    lambda_runtime._PYTHON_WORKER_SCRIPT = (
        head + marking + start + body.replace(found, "handler_fn = _marking(getattr(mod, handler_name))")
    )
    lambda_runtime.Worker._drain_stderr_bounded = _log_of


def _log_of(worker: Any) -> str:
    lines = []
    try:
        while (line := worker._stderr_queue.get(timeout=0.25)) != END_OF_LOG:
            lines.append(line)
    except queue.Empty:
        pass  # it died before it could say so
    return "\n".join(lines)


def start_again() -> None:
    """An environment that dies while it starts is started again, as on AWS; its events are not affected."""
    spawn = lambda_runtime.Worker._spawn

    def spawn_patiently(worker: Any) -> None:
        for _ in range(STARTS - 1):
            try:
                spawn(worker)
            except (RuntimeError, OSError):
                worker._proc = None
            else:
                return
        spawn(worker)

    lambda_runtime.Worker._spawn = spawn_patiently


def let_robots_go_last() -> None:
    """Lowers the priority of every function except the one that answers webhooks."""
    spawn = lambda_runtime.Worker._spawn

    def spawn_nicely(worker: Any) -> None:
        spawn(worker)
        if _kind(worker.func_name) != ANSWERING:
            os.setpriority(os.PRIO_PROCESS, worker._proc.pid, AFTER_OTHERS)

    lambda_runtime.Worker._spawn = spawn_nicely


def let_invocations_finish() -> None:
    """An update retires environments but does not end one that is at work: a webhook would get a 502."""
    release = lambda_svc.release_worker
    retired: set[Any] = set()

    def retire(name: str, qualifier: Any = None, account: Any = None, region: Any = None) -> None:
        wanted = (account, region, name, qualifier)
        taken: list[Any] = []
        with lambda_runtime._lock:
            for key in list(lambda_runtime._workers):
                if all(part in (None, found) for part, found in zip(wanted, key.split(":"), strict=True)):
                    taken += lambda_runtime._workers.pop(key)
            retired.update(worker for worker in taken if worker.in_use)
        lambda_runtime.kill_workers([worker for worker in taken if worker not in retired])

    def release_or_end(worker: Any) -> None:
        release(worker)
        if worker in retired:
            retired.remove(worker)
            lambda_runtime.kill_workers([worker])

    lambda_svc.invalidate_worker, lambda_svc.release_worker = retire, release_or_end


def forget_old_logs() -> None:
    """Memory stays bounded: MiniStack keeps the log of every invocation for ever."""
    emit = lambda_svc._emit_lambda_logs

    def emit_and_forget(function: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        emit(function, *args, **kwargs)
        config = function.get("config", function)
        group = cloudwatch_logs._log_groups.get((config.get("LoggingConfig") or {}).get("LogGroup"), {})
        streams = group.get("streams", {})
        while len(streams) > KEPT_LOGS:
            streams.pop(next(iter(streams)), None)

    lambda_svc._emit_lambda_logs = emit_and_forget


def _kind(function: str) -> str:
    return ANSWERING if function.endswith(ANSWERING) else function
