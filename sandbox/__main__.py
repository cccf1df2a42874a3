"""`python -m sandbox`: the portal at http://127.0.0.1:8600 until Ctrl-C. State is kept in a file between runs."""

import argparse
import os
import socket
import sys
from importlib import import_module
from pathlib import Path

import uvicorn

from sandbox.portal.clock import Clock
from sandbox.portal.core import Portal
from sandbox.portal.storage import Storage
from sandbox.seed import ROBOT_CODE, company
from sandbox.server import make_app
from sandbox.web.robots import Robots

HOST = "127.0.0.1"
PORT = 8600
STATE = Path(".local/sandbox.sqlite3")


def options() -> argparse.Namespace:
    """What the command line and the environment say."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("SANDBOX_PORT") or PORT))
    parser.add_argument("--state", type=Path, default=Path(os.environ.get("SANDBOX_STATE") or STATE))
    parser.add_argument("--fresh", action="store_true", help="forget what was kept")
    parser.add_argument("--code", default=ROBOT_CODE, help="secret of the robots' incoming webhook in a new portal")
    parser.add_argument("--zone", default="Europe/Moscow", help="zone of the portal's server")
    parser.add_argument("--no-limits", action="store_true", help="neither request nor run-time limits")
    parser.add_argument(
        "--simple-crm",
        action=argparse.BooleanOptionalAction,
        default=os.environ.get("SANDBOX_SIMPLE_CRM") == "1",
        help="simple CRM mode: a portal without leads",
    )
    parser.add_argument(
        "--robots",
        default=os.environ.get("SANDBOX_ROBOTS", ""),
        help="module:class that tells the pages of the robots beside this portal",
    )
    parser.add_argument("--certfile", help="serve https with this certificate")
    parser.add_argument("--keyfile", help="and this key")
    return parser.parse_args()


def listen(port: int) -> socket.socket:
    """A socket on loopback, or a sentence that says why not."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
    except OSError:
        sys.exit(f"Port {port} is busy. Choose another with SANDBOX_PORT={port + 1}")
    return sock


def open_portal(given: argparse.Namespace) -> Portal:
    """The portal as it was left, or a new one with the demo company."""
    given.state.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if given.fresh:
        for path in given.state.parent.glob(f"{given.state.name}*"):
            path.unlink()
    scheme = "https" if given.certfile else "http"
    portal = Portal(Clock(given.zone), Storage(given.state), domain=f"{HOST}:{given.port}", scheme=scheme)
    if portal.empty:
        company(portal, given.code)
    portal.simple_crm = given.simple_crm
    portal.limits.requests = portal.limits.operating = not given.no_limits
    return portal


def robots_of(name: str, portal: Portal) -> Robots | None:
    """Whoever is named `module:class`, made for this portal's address."""
    if not name:
        return None
    module, _, made = name.partition(":")
    found: Robots = getattr(import_module(module), made)(portal.address)
    return found


def main() -> None:
    """Serves until it is stopped."""
    given = options()
    sock = listen(given.port)
    portal = open_portal(given)
    config = uvicorn.Config(
        make_app(portal, robots_of(given.robots, portal)),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        ssl_certfile=given.certfile,
        ssl_keyfile=given.keyfile,
    )
    sys.stdout.write(f"Bitrix24 sandbox: {portal.address}/\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[sock])


if __name__ == "__main__":
    main()
