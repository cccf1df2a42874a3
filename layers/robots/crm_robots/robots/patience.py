"""How long a message waits before it is tried again, and when a robot gives up on it (F1, F2)."""

from enum import Enum

from crm_robots.aws.memory import Contended
from crm_robots.bitrix24.errors import AccessLost, Busy

_LONGEST = 900
_GIVE_UP_AFTER = 8 * 3600
"""Six hours without a person are promised; two more spare somebody a night."""
_FEWEST_TRIES = 12


class Trouble(Enum):
    """What kept a message from being worked off."""

    BUSY = "busy"
    ACCESS = "access"
    CONTENDED = "contended"
    BUG = "bug"


def trouble(error: Exception) -> Trouble:
    """Sorts an error."""
    if isinstance(error, AccessLost):
        return Trouble.ACCESS
    if isinstance(error, Busy):
        return Trouble.BUSY
    return Trouble.CONTENDED if isinstance(error, Contended) else Trouble.BUG


def wait(error: Exception, receives: int, chance: float) -> int:
    """Seconds until the next try: doubling, with a spread of a quarter by `chance` (0 to 1).

    The portal's own word goes first; a lost right is asked about once a minute at first, and ever more rarely.
    """
    kind = trouble(error)
    if kind is Trouble.CONTENDED:
        return 2
    first = 60 if kind is Trouble.ACCESS else 3
    doubled = min(_LONGEST, first * 2 ** min(receives - 1, 12))
    asked = getattr(error, "retry_after", None) or 0
    return int(max(doubled * (1 + chance / 4), min(asked, _LONGEST))) + 1


def gives_up(error: Exception, receives: int, waited: float) -> bool:
    """Whether the message goes to the dead letters. A lost right never burns tries: the queue waits for the right."""
    if trouble(error) in (Trouble.ACCESS, Trouble.CONTENDED):
        return False
    return receives >= _FEWEST_TRIES and waited >= _GIVE_UP_AFTER
