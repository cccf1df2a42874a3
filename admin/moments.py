"""`--at TIME` of the commands that act at a time (W8)."""

from datetime import datetime
from typing import Annotated

import typer

from admin.settings_in_force import portal_zone
from admin.stack import Stack
from admin.trouble import Trouble

At = Annotated[
    str | None, typer.Option("--at", help="As of this time: ISO date and time, in the portal's zone; now by default.")
]


def moment(stack: Stack, at: str | None) -> datetime | None:
    """The time with an offset; without one it is read in the portal's zone. None: now."""
    if at is None:
        return None
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        raise Trouble(f"--at {at}: expected an ISO time, like 2026-03-02T09:00", 2) from None
    return found if found.tzinfo else found.replace(tzinfo=portal_zone(stack))
