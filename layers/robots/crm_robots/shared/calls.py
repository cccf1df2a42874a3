"""Calls with clients, as the portal's activities tell of them."""

import msgspec


class Call(msgspec.Struct, frozen=True):
    """A completed call. Planned ones are no calls yet."""

    id: int
    start: int
    """Unix seconds."""
    end: int
    """Unix seconds; the same as `start` where the portal knows no length."""
    by_telephony: bool = False
    """The portal's own telephony connected it, and knows whether anybody answered."""

    @property
    def seconds(self) -> int | None:
        """Its length; None where the portal does not tell."""
        return self.end - self.start if self.end > self.start else None
