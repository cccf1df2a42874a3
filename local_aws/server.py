"""Starts and stops MiniStack."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from local_aws.settings import LOCAL, ROOT, STACK_FILE, TroubleError

PROCESS_FILE = LOCAL / "ministack.json"
LOG = LOCAL / "ministack.log"
WORK = LOCAL / "ministack"  # unpacked layers, objects; gone when MiniStack is
TOOLS = ROOT / ".tools"
SCRIPT = ROOT / "local_aws/ministack_process.py"


@dataclass(frozen=True)
class Server:
    """A MiniStack process that we started. `made_from`: hash of what decides how it behaves."""

    pid: int
    port: int
    made_from: str

    @property
    def endpoint(self) -> str:
        """By address, not name: names under .localhost do not resolve everywhere."""
        return f"http://127.0.0.1:{self.port}"

    def alive(self) -> bool:
        """A process id may have been given to another program since: the command line tells."""
        shown = Path(f"/proc/{self.pid}/cmdline")
        if Path("/proc/self").exists():
            return shown.exists() and bytes(SCRIPT) in shown.read_bytes()
        ps = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(self.pid)], capture_output=True, check=False)
        return bytes(SCRIPT) in ps.stdout

    def healthy(self) -> bool:
        """Whether it answers."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.endpoint}/_ministack/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def running() -> Server | None:
    """The MiniStack that `make up` left running, if it still is."""
    try:
        server = Server(**json.loads(PROCESS_FILE.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return server if server.alive() else None


def ensure(port: int) -> Server:
    """The MiniStack on `port`, started if it does not run yet; one on another port is stopped."""
    server = running()
    if server and server.port == port and server.made_from == _made_from() and _within(3, server.healthy):
        return server
    if server and server.port != port:
        _refuse_busy(port)  # checked before the running one is stopped
    if server:
        stop()
    return _start(port)


def stop() -> bool:
    """Stops MiniStack and its functions and deletes its data. Returns whether one was running."""
    server = running()
    if server:
        os.killpg(server.pid, signal.SIGTERM)
        if not _within(5, lambda: not server.alive()):
            os.killpg(server.pid, signal.SIGKILL)
            _within(5, lambda: not server.alive())
    for file in (PROCESS_FILE, STACK_FILE):
        file.unlink(missing_ok=True)
    shutil.rmtree(WORK, ignore_errors=True)
    return server is not None


def _start(port: int) -> Server:
    _refuse_busy(port)
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    translator = next((TOOLS / "sam/lib").glob("python3.*/site-packages"))
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            [TOOLS / "ministack/bin/python", "-P", SCRIPT, translator],  # -P: our folder hides no module
            cwd=WORK,
            env=_environment(port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = Server(process.pid, port, _made_from())
    PROCESS_FILE.write_text(json.dumps(asdict(server)))
    if not _within(60, lambda: server.healthy() or process.poll() is not None) or process.poll() is not None:
        stop()
        raise TroubleError(f"The local AWS did not start; {LOG} says why.")
    return server


def _environment(port: int) -> dict[str, str]:
    """MiniStack passes its environment on to the functions, so it holds only what a function on AWS would see."""
    kept = ("PATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "AUTH": "true",  # roles are enforced
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "HOME": str(WORK),  # functions must not read the person's own ~/.aws
        "LAMBDA_WARM_TTL_SECONDS": "86400",  # environments stay
        "IOT_MTLS_ENABLED": "0",  # MQTT would listen on a port of its own
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",  # nothing here needs Docker
        "PYTHONUNBUFFERED": "1",
        "S3_DATA_DIR": str(WORK / "objects"),
        "STATE_DIR": str(WORK / "state"),
        "TMPDIR": str(WORK),
        "TZ": "UTC",
    }


def _refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise TroubleError(
                f"Port {port} is in use by another program; choose another one: AWS_PORT={port + 10}"
            ) from None


def _made_from() -> str:
    sources = (*sorted(SCRIPT.parent.glob("ministack_*.py")), ROOT / "setup/ministack.txt", ROOT / "setup/sam.txt")
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _within(seconds: float, check: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
