"""S3 and S6: which activities are completed calls with a client, and when they took place."""

from collections.abc import Iterable, Mapping

import msgspec

from crm_robots.robots.client_status.rules import CallRules


class Call(msgspec.Struct, frozen=True):
    """A completed call. Planned ones are no calls yet."""

    id: int
    start: int
    """Unix seconds."""
    end: int
    """Unix seconds; the same as `start` where the portal knows no length."""

    @property
    def seconds(self) -> int | None:
        """Its length; None where the portal does not tell."""
        return self.end - self.start if self.end > self.start else None

    def counts(self, rules: CallRules, lengths: Mapping[int, int]) -> bool:
        """Long enough, as far as anybody knows. `lengths` are telephony's, which knows best."""
        seconds = lengths.get(self.id, self.seconds)
        return seconds is None or seconds >= rules.min_seconds


def newest(calls: Iterable[Call], rules: CallRules, lengths: Mapping[int, int], until: int) -> int | None:
    """When the newest call that counts took place, at `until` at the latest; None when there is none.

    One that starts later was only ticked off before its time.
    """
    moments = (min(call.end, until) for call in calls if call.start <= until and call.counts(rules, lengths))
    return max(moments, default=None)
