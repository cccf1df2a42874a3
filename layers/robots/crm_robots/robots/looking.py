"""After a crash: which actions of an open plan does the portal already have?"""

from crm_robots.bitrix24.client import Bitrix24
from crm_robots.bitrix24.commands import Command, Reply
from crm_robots.bitrix24.errors import Gone, Refused
from crm_robots.bitrix24.writes import write_of
from crm_robots.domain.actions import Notify, PostToFeed
from crm_robots.robots.performance import Performance
from crm_robots.robots.references import waits


def look(portal: Bitrix24, performance: Performance) -> None:
    """Marks as done what is done. Things made within the step are looked for first, since others refer to them."""
    seen: set[int] = set()
    asked: list[int] = []
    while round_ := _askable(performance, seen):
        replies = portal.read({str(index): _question(performance, index) for index in round_})
        for index in round_:
            _take(performance, index, replies[str(index)])
        seen |= set(round_)
        asked += round_
    _settle_messages(performance, witnesses=set(asked))


def _askable(performance: Performance, seen: set[int]) -> list[int]:
    return [
        index
        for index in performance.left
        if index not in seen
        and write_of(performance.actions[index]).look is not None
        and not waits(performance.action(index))
    ]


def _question(performance: Performance, index: int) -> Command:
    action = performance.action(index)
    question = write_of(action).look
    if question is None:
        raise ValueError("an action without a look was asked about")
    return question(action)


def _take(performance: Performance, index: int, reply: Reply) -> None:
    if isinstance(reply.error, Gone):
        performance.skip(index)
        return
    if isinstance(reply.error, Refused):
        return
    if reply.error is not None:
        raise reply.error
    action = performance.action(index)
    write = write_of(action)
    found = write.found(action, reply.result, performance.record.last_ids.get(write.trace(action), 0))
    if found.superseded:
        performance.skip(index)
    elif found.done:
        performance.done(index, found.id)


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
