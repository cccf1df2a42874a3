"""S3 and S6: which activities are completed calls with a client, and when they took place."""

from collections.abc import Iterable, Mapping

from crm_robots.robots.client_status.rules import CallRules
from crm_robots.shared.calls import Call


def counts(call: Call, rules: CallRules, lengths: Mapping[int, int]) -> bool:
    """Answered and long enough, as far as anybody knows. `lengths` are telephony's, which knows best, and alone counts
    where its word is wanted (S10).
    """
    if rules.proof == "telephony" and call.id not in lengths:
        return False
    seconds = lengths.get(call.id, call.seconds)
    return seconds is None or seconds >= rules.min_seconds


def newest(calls: Iterable[Call], rules: CallRules, lengths: Mapping[int, int], until: int) -> int | None:
    """When the newest call that counts took place, at `until` at the latest; None when there is none.

    One that starts later was only ticked off before its time.
    """
    moments = (min(call.end, until) for call in calls if call.start <= until and counts(call, rules, lengths))
    return max(moments, default=None)
