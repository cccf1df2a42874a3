"""D14: a proposal as JSON, for programs and for the file that `rebalance --plan` keeps."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
from crm_robots.robots.daily.rebalance import Client, Kept, Move, Stay

from admin.session import to_json
from admin.trouble import Trouble


class _KeptMove(msgspec.Struct):
    client: str
    giver: int = msgspec.field(name="from")
    to: int = 0
    title: str = ""


class KeptProposal(msgspec.Struct):
    """`most`: the number that it was made for."""

    most: int
    moves: list[_KeptMove]

    @property
    def wanted(self) -> list[Kept]:
        """What it proposes."""
        return [Kept(one.client, one.title, one.giver, one.to) for one in self.moves]


def document(
    run: str | None, moves: Iterable[Move], stays: Iterable[Stay], day_of: Callable[[int], str | None]
) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "run": run,
        "moves": [_row(one.client, day_of) | {"to": one.to} for one in moves],
        "stays": [_row(one.client, day_of) | {"why": one.why} for one in stays],
    }


def keep(file: Path, found: dict[str, Any], most: int) -> None:
    """Writes the proposal of a dry run."""
    try:
        file.write_text(to_json({"most": most, **found}, indent=2) + "\n")
    except OSError as error:
        raise Trouble("file.not_written", 2, file=file, why=error.strerror) from None


def kept(file: Path) -> KeptProposal:
    """Reads it again."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=KeptProposal)
    except OSError as error:
        raise Trouble("plan.not_read", 2, file=file, why=error.strerror) from None
    except msgspec.DecodeError as error:
        raise Trouble("plan.none", 2, file=file, why=error) from None


def _row(client: Client, day_of: Callable[[int], str | None]) -> dict[str, Any]:
    row = {"client": client.item, "title": client.title, "from": client.manager}
    return row | {"last_call": day_of(client.last_call)}
