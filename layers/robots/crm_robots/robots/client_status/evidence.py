"""Looks for the calls that justify a change (S3): with the client itself, and with a company's contacts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec

from crm_robots.engine.item_robot import result_of
from crm_robots.portal import calls
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import AccessLost, Gone, Refused
from crm_robots.robots.client_status.calls import newest
from crm_robots.robots.client_status.rules import CallRules
from crm_robots.shared.calls import Call
from crm_robots.shared.items import ItemRef

_NOTHING: Mapping[str, Reply] = MappingProxyType({})
_EARLIER = timedelta(days=1)
"""A call counts by its end, while the portal filters by its start."""


class Wanted(msgspec.Struct, frozen=True):
    """A client, and between which moments (unix seconds) a call with it is looked for."""

    client: ItemRef
    since: int
    until: int


def questions(wanted: Iterable[Wanted], timezone: str) -> dict[str, Command]:
    """Calls with these clients; and who their contacts are, for companies."""
    asked: dict[str, Command] = {}
    for one in wanted:
        asked |= _calls(one.client, one.since, timezone)
        if one.client.kind == "company":
            asked[f"contacts_{one.client}"] = calls.contacts_of(int(one.client.id))
    return asked


def justified(
    portal: Bitrix24, wanted: Iterable[Wanted], known: Mapping[str, Reply], rules: CallRules, timezone: str
) -> dict[ItemRef, int]:
    """When the newest call of each client took place; clients without one are missing.

    `known`: answers to `questions` that came along with something else.
    """
    wanted = list(wanted)
    missing = {name: ask for name, ask in questions(wanted, timezone).items() if name not in known}
    answers = dict(known) | (portal.read(missing) if missing else {})
    own = {one.client: _found(answers, one.client, timezone) for one in wanted}
    found = newest_calls(portal, own, wanted, rules)
    others = [one for one in wanted if one.client not in found and one.client.kind == "company"]
    return found | _with_contacts(portal, others, answers, rules, timezone)


def _with_contacts(
    portal: Bitrix24, wanted: Iterable[Wanted], answers: Mapping[str, Reply], rules: CallRules, timezone: str
) -> dict[ItemRef, int]:
    contacts: dict[ItemRef, list[ItemRef]] = {}
    asked: dict[str, Command] = {}
    wanted = list(wanted)
    for one in wanted:
        contacts[one.client] = calls.linked(_result(answers, f"contacts_{one.client}"), "contact")
        for contact in contacts[one.client]:
            asked |= _calls(contact, one.since, timezone)
    if not asked:
        return {}
    more = portal.read(asked)
    theirs = {
        company: [call for contact in people for call in _found(more, contact, timezone)]
        for company, people in contacts.items()
    }
    return newest_calls(portal, theirs, wanted, rules)


def newest_calls(
    portal: Bitrix24, candidates: Mapping[ItemRef, list[Call]], wanted: Iterable[Wanted], rules: CallRules
) -> dict[ItemRef, int]:
    """Of each client's candidates the newest that counts and lies within what was wanted."""
    lengths = told_lengths(portal, (call for found in candidates.values() for call in found), rules)
    moments = {one.client: newest(candidates[one.client], rules, lengths, one.until) for one in wanted}
    sinces = {one.client: one.since for one in wanted}
    return {client: at for client, at in moments.items() if at is not None and at >= sinces[client]}


def ask_lengths(activities: Iterable[int]) -> dict[str, Command]:
    """What `told_lengths` wants to know of activities that may turn out to be calls."""
    return {f"length_{number}": calls.lengths_of(number) for number in activities}


def told_lengths(
    portal: Bitrix24, candidates: Iterable[Call], rules: CallRules, answers: Mapping[str, Reply] = _NOTHING
) -> dict[int, int]:
    """Seconds by activity, where telephony tells. It is asked about its own calls, of which an unanswered one leaves
    the same activity, and about all if short ones do not count.

    Its scope is optional: without it the activity's own times decide, unless its word is the proof (S10).
    `answers`: to what was asked before.
    """
    proof = rules.proof == "telephony"
    ids = sorted({call.id for call in candidates if call.by_telephony or rules.min_seconds or proof})
    told = {number: answers[f"length_{number}"] for number in ids if f"length_{number}" in answers}
    told |= _statistics(portal, [number for number in ids if number not in told], needed=proof)
    lost = next((one.error for one in told.values() if isinstance(one.error, AccessLost)), None)
    if proof and lost:
        # Nobody is sent back because a right was taken from the robots: the work waits for it (F2).
        raise lost
    return {number: seconds for number, reply in told.items() if (seconds := _seconds(reply)) is not None}


def _seconds(reply: Reply) -> int | None:
    if isinstance(reply.error, AccessLost | Refused | Gone):
        return None
    return calls.length_in(result_of({"it": reply}, "it"))


def _statistics(portal: Bitrix24, ids: Sequence[int], *, needed: bool) -> dict[int, Reply]:
    try:
        answers = portal.read({str(number): calls.lengths_of(number) for number in ids}) if ids else {}
    except AccessLost as error:
        if error.method != calls.STATISTICS or needed:
            raise
        return {}
    return {int(number): reply for number, reply in answers.items()}


def _calls(client: ItemRef, since: int, timezone: str) -> dict[str, Command]:
    bound, owned = calls.calls_with(client, datetime.fromtimestamp(since, ZoneInfo(timezone)) - _EARLIER)
    return {f"bound_{client}": bound, f"owned_{client}": owned}


def _found(answers: Mapping[str, Reply], client: ItemRef, timezone: str) -> list[Call]:
    rows = [_result(answers, f"{word}_{client}") for word in ("bound", "owned")]
    return [call for result in rows for call in calls.to_calls(result, timezone)]


def _result(answers: Mapping[str, Reply], name: str) -> object:
    """An answer; one about a client that is gone is empty."""
    return None if isinstance(answers[name].error, Gone) else result_of(answers, name)
