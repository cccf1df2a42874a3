"""The portal's time, which can be moved, and the machine's time, by which limits are counted."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


class Clock:
    """Real time plus an offset, so that a demo can jump weeks.

    `now` is what cards, events (`ts`) and `server.time` show. `wall` is what request limits and the `time` block of
    answers use: a jump of the demo must not block a client for weeks.
    """

    def __init__(self, zone: str = "Europe/Moscow") -> None:
        self.zone = ZoneInfo(zone)
        self.offset = timedelta()

    def now(self) -> datetime:
        """The portal's moment, in the zone of its server."""
        return datetime.now(self.zone) + self.offset

    def wall(self) -> float:
        """Unix seconds of the machine."""
        return time.time()

    def advance(self, by: timedelta) -> None:
        """Moves the portal's time, not the machine's."""
        self.offset += by

    def set(self, moment: datetime) -> None:
        """Makes `moment` the portal's now; it goes on from there."""
        self.advance(moment - self.now())


class SimulatedClock(Clock):
    """Stands still until it is moved. Limits use it too, so waiting costs no real time."""

    def __init__(self, start: datetime, zone: str = "Europe/Moscow") -> None:
        super().__init__(zone)
        self._moment = start.astimezone(self.zone)

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._moment

    def wall(self) -> float:
        """The same moment: simulated clients sleep in simulated time."""
        return self._moment.timestamp()

    def advance(self, by: timedelta) -> None:
        """Moves the moment."""
        self._moment = (self._moment.astimezone(ZoneInfo("UTC")) + by).astimezone(self.zone)


def iso(moment: datetime) -> str:
    """Bitrix24's spelling of a moment: seconds, with the offset of the server's zone."""
    return moment.isoformat(timespec="seconds")
