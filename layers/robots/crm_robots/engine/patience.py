"""How long a message waits before it is tried again, and when a robot gives up on it (F1, F2)."""

from enum import Enum

from crm_robots.portal.errors import AccessLost, Busy
from crm_robots.records.memory import Contended


class Trouble(Enum):
    """What kept a message from being worked off."""

    BUSY = "busy"
    ACCESS = "access"
    CONTENDED = "contended"
    BUG = "bug"


_LONGEST = 900
_FIRST = {Trouble.ACCESS: 20}
_OFTEN = 20
"""Seconds between tries of young work, so that a short outage is over for everybody soon after it ended."""
_SOON = 2
"""Seconds after which two who met try again: one of them has usually finished by then."""
_LONGEST_MEETING = 30
_GIVE_UP_AFTER = 8 * 3600
"""Six hours without a person are promised; two more spare somebody a night."""
_FEWEST_TRIES = 12


def trouble(error: Exception) -> Trouble:
    """Sorts an error."""
    if isinstance(error, AccessLost):
        return Trouble.ACCESS
    if isinstance(error, Busy):
        return Trouble.BUSY
    return Trouble.CONTENDED if isinstance(error, Contended) else Trouble.BUG


def wait(error: Exception, receives: int, waited: float, chance: float) -> int:
    """Seconds until the next try: doubling, with a spread of a quarter by `chance` (0 to 1).

    Yet no longer than a quarter of the seconds that the work has `waited`: an outage of a minute is over within
    seconds, one of an hour within a quarter of an hour. The portal's own word goes first.
    """
    kind = trouble(error)
    if kind is Trouble.CONTENDED:
        return _until_free(error, receives, waited)
    doubled = min(_FIRST.get(kind, 3) * 2 ** min(receives - 1, 12), max(_OFTEN, waited / 4), _LONGEST)
    asked = getattr(error, "retry_after", None) or 0
    return int(max(doubled * (1 + chance / 4), min(asked, _LONGEST))) + 1


def _until_free(error: Exception, receives: int, waited: float) -> int:
    """Seconds until somebody else is probably done with the item. One who is not for long keeps it for minutes."""
    told: float | None = getattr(error, "retry_after", None)
    doubled = min(_SOON * 2 ** min(receives - 1, 8), waited / 3)
    return int(min(max(_SOON, doubled if told is None else told), _LONGEST_MEETING))


def gives_up(error: Exception, receives: int, waited: float) -> bool:
    """Whether the message goes to the dead letters. A lost right never burns tries: the queue waits for the right."""
    if trouble(error) is Trouble.ACCESS:
        return False
    return receives >= _FEWEST_TRIES and waited >= _GIVE_UP_AFTER


def place_of(error: Exception) -> str:
    """File and line at which it was raised, for the log."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
