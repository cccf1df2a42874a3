"""`make demo`: starts the portal and the stack, plays the story, and stays until Ctrl-C (EXIT=1: ends after it).

MODE=simple: the portal has no leads (simple CRM mode), and the story is one of deals.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from admin.sandbox_page import LocalRobots
from demo.settings import write_settings
from demo.story import CHAPTERS, WITHOUT_LEADS
from demo.theatre import Theatre
from local_aws import server
from local_aws.__main__ import Wishes, read_port, up
from local_aws.settings import LOCAL, STACK_FILE, TroubleError, make_local
from sandbox.__main__ import HOST, PORT, listen
from sandbox.portal.clock import Clock
from sandbox.portal.core import Portal
from sandbox.portal.storage import Storage
from sandbox.seed import company
from sandbox.server import make_app

TOKEN = "demo-outgoing-webhook-token"  # noqa: S105 - it guards a portal of this machine only
STATE = LOCAL / "demo.sqlite3"


def main() -> None:
    """Exit status 1: some step of the story did not happen. 2: it could not begin."""
    stay = not os.environ.get("EXIT")
    # Clean up on SIGTERM and on Ctrl-C; a shell may have told its background jobs to ignore the latter.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        missing = play(stay=stay)
    except TroubleError as trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        missing = 0
    finally:
        server.stop()
    sys.exit(1 if missing else 0)


def play(*, stay: bool) -> int:
    """Everything from the empty portal to the last chapter; returns how many steps did not happen."""
    port = int(os.environ.get("SANDBOX_PORT") or PORT)
    simple = _is_simple()
    portal = _empty_portal(port)
    portal.simple_crm = simple
    office = company(portal)
    with _served(portal, port):
        server.stop()  # memory of another portal does not fit this one
        up(Wishes(office.webhook, TOKEN, write_settings(simple=simple), read_port()))
        webhooks = json.loads(STACK_FILE.read_text())["webhooks"]
        portal.subscribe(f"{webhooks}/webhooks/all", ["*"], TOKEN)
        theatre = Theatre(portal, office, _language())
        for chapter in WITHOUT_LEADS if simple else CHAPTERS:
            chapter(theatre)
        theatre.end()
        if stay:
            theatre.stay()
            while True:
                time.sleep(3600)
    return theatre.missing


def _is_simple() -> bool:
    mode = os.environ.get("MODE", "")
    if mode not in ("", "simple"):
        raise TroubleError(f"MODE={mode}: there is only MODE=simple, a portal without leads")
    return mode == "simple"


def _language() -> str:
    return "ru" if os.environ.get("LANG", "").startswith("ru") else "en"


def _empty_portal(port: int) -> Portal:
    make_local()
    for path in Path(LOCAL).glob(f"{STATE.name}*"):
        path.unlink()
    portal = Portal(Clock(), Storage(STATE), domain=f"{HOST}:{port}", scheme="http")
    portal.limits.requests = portal.limits.operating = True
    return portal


@contextmanager
def _served(portal: Portal, port: int) -> Iterator[None]:
    """The portal over HTTP, in a thread of this process, so that people can act on it directly."""
    sock = listen(port)
    config = uvicorn.Config(make_app(portal, LocalRobots(portal.address)), log_level="warning", access_log=False)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        running.should_exit = True
        thread.join(timeout=10)


if __name__ == "__main__":
    main()
