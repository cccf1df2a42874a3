"""After a crash: which actions of an open plan does the portal already have?"""

from collections.abc import Sequence
from typing import Any

from crm_robots.bitrix24.client import Bitrix24
from crm_robots.bitrix24.commands import Command, Reply
from crm_robots.bitrix24.errors import Gone, Refused
from crm_robots.bitrix24.writes import write_of
from crm_robots.domain.actions import Notify, PostToFeed
from crm_robots.robots.performance import Performance
from crm_robots.robots.references import waits


def look(portal: Bitrix24, performance: Performance) -> None:
    """Marks as done what is done. Things made within the step are looked for first, since others refer to them.

    Gives the plan up where a person has made meanwhile what we made too: then theirs has to be completed.
    """
    twins: dict[str, Command] = {}
    seen: set[int] = set()
    asked: list[int] = []
    while round_ := _askable(performance, seen):
        questions = {index: _questions(performance, index) for index in round_}
        replies = portal.read({name: one for asking in questions.values() for name, one in asking.items()})
        for index in round_:
            twin = _take(performance, index, [replies[name] for name in questions[index]])
            if twin is not None:
                twins[f"twin{index}"] = twin
        seen |= set(round_)
        asked += round_
    if twins:
        portal.batch(twins)
        performance.give_up()
    _settle_messages(performance, witnesses=set(asked))


def _askable(performance: Performance, seen: set[int]) -> list[int]:
    return [
        index
        for index in performance.left
        if index not in seen
        and write_of(performance.actions[index]).look is not None
        and not waits(performance.action(index))
    ]


def _questions(performance: Performance, index: int) -> dict[str, Command]:
    action = performance.action(index)
    looks = write_of(action).looks(action)
    return {f"{index}_{place}": look for place, look in enumerate(looks)}


def _take(performance: Performance, index: int, replies: Sequence[Reply]) -> Command | None:
    """Notes what the replies say of an action; returns a command that removes what it made for nothing."""
    for reply in replies:
        if reply.error is not None and not isinstance(reply.error, Gone | Refused):
            raise reply.error
    results = [reply.result for reply in replies if reply.error is None]
    if not results:
        if isinstance(replies[0].error, Gone):
            performance.skip(index)
        return None
    action = performance.action(index)
    write = write_of(action)
    found = write.found(action, _joined(results), performance.record.last_ids.get(write.trace(action), 0))
    if found.superseded:
        performance.skip(index)
    elif found.done:
        performance.done(index, found.id)
    return write.remove(action, found.twin) if found.twin is not None else None


def _joined(results: Sequence[Any]) -> Any:
    """The rows of several looks together; the result of a single one as it is."""
    return results[0] if len(results) == 1 else [row for rows in results for row in rows or ()]


def _settle_messages(performance: Performance, *, witnesses: set[int]) -> None:
    """A message cannot be asked about. An action of its batch that can is its witness: both happened or neither.

    Without a witness an unanswered message counts as sent: twice is worse than once too few, and the portal usually
    finishes what it no longer answers.
    """
    happened = bool(witnesses - set(performance.left))
    for index in list(performance.left):
        is_message = isinstance(performance.actions[index], Notify | PostToFeed)
        if is_message and (happened or (not witnesses and performance.plan.unanswered)):
            performance.done(index, None)
