"""Times that people type: `--at` of the commands that act at a time (W8), `--since` of those that look back."""

import re
from datetime import datetime, tzinfo
from typing import Annotated

import typer

from admin.settings_in_force import portal_zone
from admin.stack import Stack
from admin.trouble import Trouble

At = Annotated[str | None, typer.Option("--at")]
_RUSSIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+(\d{1,2}):(\d{2}))?")


def moment(stack: Stack, at: str | None) -> datetime | None:
    """The time with an offset; without one it is read in the portal's zone. None: now."""
    return None if at is None else time_of(at, portal_zone(stack), "--at")


def time_of(text: str, zone: tzinfo, option: str) -> datetime:
    """`2026-03-02`, `2026-03-02T09:00+03:00`, `02.03.2026` or `02.03.2026 09:00`."""
    try:
        found = _read(text.strip())
    except ValueError:
        raise Trouble("time.none", 2, option=option, text=text) from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _read(text: str) -> datetime:
    if not (russian := _RUSSIAN.fullmatch(text)):
        return datetime.fromisoformat(text)
    day, month, year, hour, minute = (int(part or 0) for part in russian.groups())
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the zone is the portal's, or the caller's
