"""What a timer remembers for the head's desk: since when it is watched, who raised it, which warnings helped."""

from datetime import UTC, date, datetime, timedelta

import msgspec

_KEPT = timedelta(days=36)
_MOST = 20
_SURELY_LATER = timedelta(days=1)
"""Days of UTC and of the portal differ by one at most."""


class Raise(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person gave the client a better status."""

    at: int
    """Unix seconds."""
    by: int
    on_drop_day: bool = False
    """On the day on which the status had dropped, or was due."""


class Past(msgspec.Struct, frozen=True, omit_defaults=True):
    """Kept in the timer's row, and written only together with it: it costs no write of its own."""

    watched: date | None = None
    raises: tuple[Raise, ...] = ()
    rescued: tuple[date, ...] = ()
    """Days on which a call or a deal ended a term whose warning had gone out."""

    def watched_since(self, day: date | None) -> "Past":
        """The first day counts."""
        return self if self.watched or day is None else msgspec.structs.replace(self, watched=day)

    def with_rescue(self, day: date | None) -> "Past":
        """One warned term more that ended well."""
        if day is None:
            return self
        kept = (*(one for one in self.rescued if day - one <= _KEPT), day)
        return msgspec.structs.replace(self, rescued=kept[-_MOST:])

    def with_raise(self, one: Raise) -> "Past":
        """One raise more."""
        first = one.at - int(_KEPT.total_seconds())
        kept = (*(other for other in self.raises if other.at >= first), one)
        return msgspec.structs.replace(self, raises=kept[-_MOST:])


def rescued_before(warned_for: date | None, last_call: int, deal_since: date | None) -> date | None:
    """The day on which a call, else the deal that opens now, ended the warned term that began on `warned_for`."""
    if warned_for is None:
        return None
    called = datetime.fromtimestamp(last_call, UTC).date() if last_call else None
    return called if called and called > warned_for + _SURELY_LATER else deal_since
