"""Problems that the administrator can solve."""

from typing import TYPE_CHECKING, Any

from admin.speech import language, say

if TYPE_CHECKING:
    from crm_robots.portal.errors import PortalError


class Trouble(Exception):  # noqa: N818 - it is shown as a line, not handled by its name
    """One clear line for the person at the keyboard, by its key; the command ends with `code`."""

    def __init__(self, key: str, code: int = 1, /, **values: Any) -> None:
        self.code = code
        super().__init__(say(key, **values))


def of_portal(error: "PortalError") -> str:
    """Why a call to the portal failed, for the person at the keyboard."""
    # The portal's client is slow to load, and most problems have nothing to do with it.
    from crm_robots.portal.access import in_words
    from crm_robots.portal.errors import AccessLost, Busy
    from crm_robots.portal.limiter import NO_TURN, PARKED

    if isinstance(error, AccessLost):
        return say("portal.refuses", right=in_words(error.right, language()), method=error.method)
    if isinstance(error, Busy) and (error.code == NO_TURN or error.description == PARKED):
        # If robots are refused, the limiter holds all requests back; a command may then wait without seeing the
        # refusal.
        return say("portal.held_back")
    return say("portal.silent", error=error) if isinstance(error, Busy) else str(error)
