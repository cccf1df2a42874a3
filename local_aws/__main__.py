"""`make up` and `make down`: PORTAL, TOKENS, SETTINGS and AWS_PORT come from the environment."""

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from urllib.parse import urlsplit

from local_aws import credentials, deploy, functions, server
from local_aws.settings import LOCAL, ROOT, STACK, Stack, TroubleError, base_of, make_local, turn_to

_WEBHOOK_PATH = re.compile(r"/rest/[^/]+/[^/]+/?")
USAGE = "make up PORTAL=https://<portal>/rest/<user>/<code>/ TOKENS=<token,token> SETTINGS=<file>"


@dataclass(frozen=True)
class Wishes:
    """What `make up` was asked for. `portal` and `tokens` are secrets: never shown."""

    portal: str
    tokens: str
    settings: Path
    port: int

    @classmethod
    def read(cls) -> "Wishes":
        """Takes the values from the environment, or says which one is wrong."""
        # Secrets leave the environment: whatever is started from here on has no use for them.
        portal, tokens = (os.environ.pop(name, "").strip() or _asked(name) for name in ("PORTAL", "TOKENS"))
        settings = os.environ.get("SETTINGS", "").strip()
        if not (portal and tokens and settings):
            raise TroubleError(f"PORTAL, TOKENS and SETTINGS are needed: {USAGE}")
        url = urlsplit(portal)
        if url.scheme not in {"http", "https"} or not url.hostname or not _WEBHOOK_PATH.fullmatch(url.path):
            raise TroubleError(f"PORTAL is not the URL of an incoming webhook: {USAGE}")
        if not tokens.replace(",", "").strip():
            raise TroubleError(f"TOKENS holds no token: {USAGE}")
        if not Path(settings).is_file():
            raise TroubleError(f"SETTINGS: there is no file {settings}")
        return cls(portal, tokens, Path(settings).resolve(), read_port())


def _asked(name: str) -> str:
    """A secret that is typed in stands in no history of commands and no list of processes."""
    return getpass(f"{name}: ").strip() if sys.stdin.isatty() else ""


def read_port() -> int:
    """AWS_PORT, 4566 by default."""
    text = os.environ.get("AWS_PORT") or "4566"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise TroubleError(f"AWS_PORT: {text} is not a port; take a number between 1 and 65535")
    return int(text)


def up(wishes: Wishes) -> None:
    """Starts local AWS, stack, secrets and settings. A second call updates what runs."""
    make_local()
    with _alone():
        _up(wishes)


@contextmanager
def _alone() -> Iterator[None]:
    """The operating system releases the lock of a process that is killed."""
    with (LOCAL / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TroubleError("Another `make up` is at work in this folder; wait until it is done.") from None
        yield


def _up(wishes: Wishes) -> None:
    print("Starting the local AWS …", flush=True)
    aws = server.ensure(wishes.port)
    turn_to(aws.endpoint)
    if _is_another_portal(wishes.portal):
        print("Another portal: starting from nothing, since ids mean something else there …", flush=True)
        server.stop()
        aws = server.ensure(wishes.port)
    print("Building and deploying …", flush=True)
    deploy.bring_up_to_date()
    credentials.store(wishes.portal, wishes.tokens)
    stack = Stack(base_of(aws.endpoint, deploy.outputs()["ApiId"]), aws.endpoint, STACK)
    stack.save()
    functions.renew()
    published = _published(wishes.settings)
    functions.renew()
    functions.warm_up(stack, wishes.portal, wishes.tokens.strip(", ").partition(",")[0].strip())
    if not published:
        raise TroubleError(
            "The stack runs, but the settings were not published; put right what is said above and run it again."
        )
    print(f"Ready. Point outgoing webhooks at {stack.webhooks}/webhooks/all")


def _is_another_portal(portal: str) -> bool:
    before = credentials.stored(credentials.PORTAL)
    return before is not None and urlsplit(before).netloc != urlsplit(portal).netloc


def _published(settings: Path) -> bool:
    print(f"Publishing {settings.name} …", flush=True)
    robots = Path(sys.executable).with_name("robots")
    return subprocess.run([robots, "publish", settings], cwd=ROOT, check=False).returncode == 0


def main() -> None:
    """Runs the command. A problem that the person can solve is one clear text and exit status 2."""
    try:
        match sys.argv[1:]:
            case ["up"]:
                up(Wishes.read())
            case ["down"]:
                print("The local AWS is stopped." if server.stop() else "The local AWS was not running.")
            case _:
                raise TroubleError("python -m local_aws up | down")
    except TroubleError as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
