"""What the portal's limits allow at best: prepared requests, each sent as soon as the bucket takes it.

A process of its own, so that neither side of the comparison waits for the other's Python. It reads the address and the
bodies, says that it is ready, waits for a line, and tells how many seconds the portal took.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import batched
from typing import Any
from urllib.parse import urlsplit

from crm_robots.portal.commands import MOST_COMMANDS, Command, encode

_BURST, _PER_SECOND = 50, 2.0
_AGAIN = 0.02


@contextmanager
def ready(url: str, commands: Sequence[Command]) -> Iterator["subprocess.Popen[str]"]:
    """The process, which waits for `seconds` to be asked of it."""
    bodies = [
        json.dumps({"halt": 0, "cmd": {str(number): encode(one) for number, one in enumerate(some)}})
        for some in batched(commands, MOST_COMMANDS, strict=False)
    ]
    command = [sys.executable, "-m", "bench.limit"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        _tell(process, json.dumps({"url": url, "bodies": bodies}))
        _told(process)
        yield process


def go(process: "subprocess.Popen[str]") -> None:
    """Tells it to send."""
    _tell(process, "")


def seconds(process: "subprocess.Popen[str]") -> float:
    """Waits for the last answer."""
    return float(_told(process))


def _tell(process: Any, line: str) -> None:
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def _told(process: Any) -> str:
    return str(process.stdout.readline())


def main() -> None:
    """The process."""
    order = json.loads(sys.stdin.readline())
    url, bodies = urlsplit(order["url"]), order["bodies"]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    began = time.monotonic()

    def send(number: int) -> None:
        turn = began + max(0, number + 1 - _BURST) / _PER_SECOND
        time.sleep(max(0.0, turn - time.monotonic()))
        while _posted(url.netloc, f"{url.path}/batch", bodies[number]) == 503:
            time.sleep(_AGAIN)

    with ThreadPoolExecutor(len(bodies)) as pool:
        list(pool.map(send, range(len(bodies))))
    sys.stdout.write(f"{time.monotonic() - began}\n")


def _posted(host: str, path: str, body: str) -> int:
    connection = HTTPConnection(host)
    connection.request("POST", path, body)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


if __name__ == "__main__":
    main()
