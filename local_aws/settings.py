"""Addresses and credentials of the local AWS."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = Path(os.environ.get("LOCAL_DIR") or ROOT / ".local")  # tests keep a stack of their own elsewhere
STACK_FILE = LOCAL / "stack.json"
STACK = "crm-robots"
REGION = "us-east-1"  # MiniStack keeps regions apart; this is where its clients look by default


class TroubleError(Exception):
    """A problem that the person at the keyboard can solve; the text says how."""


@dataclass(frozen=True)
class Stack:
    """What `.local/stack.json` says of the running stack."""

    webhooks: str  # {base}: outgoing webhooks go to {base}/webhooks/...
    endpoint: str
    stack: str
    region: str = REGION

    def save(self) -> None:
        """Replaces the file in one step, so that nobody reads half of it."""
        draft = STACK_FILE.with_suffix(".new")
        draft.write_text(json.dumps(asdict(self), indent=2) + "\n")
        draft.replace(STACK_FILE)


def make_local() -> None:
    """The folder of everything that runs here: tables, logs and secrets of a portal, so for nobody else to read."""
    LOCAL.mkdir(mode=0o700, parents=True, exist_ok=True)
    LOCAL.chmod(0o700)


def base_of(endpoint: str, api: str) -> str:
    """{base} of the API with this id."""
    return f"{endpoint}/restapis/{api}/prod/_user_request_"


def turn_to(endpoint: str) -> None:
    """From now on this process and its child processes use the local AWS only."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1,localhost",
        "SAM_CLI_TELEMETRY": "0",
    }
