"""After a crash: which actions of an open plan does the portal already have?"""

from collections.abc import Mapping, Sequence
from typing import Any

from crm_robots.engine.performance import Performance, is_message
from crm_robots.engine.references import waits
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Gone, PortalError, Refused
from crm_robots.portal.writes import Found, write_of
from crm_robots.shared.actions import Action, AddItem


def look(portal: Bitrix24, performances: Sequence[Performance]) -> dict[str, Exception]:
    """Marks as done what is done; returns, by item, what kept us from seeing. Everybody's questions share requests.

    Things made within the step are looked for first, since others refer to them. Gives a plan up where a person has
    made meanwhile what it was to make: it did not know of that, and theirs may have to be completed.
    """
    failures: dict[str, Exception] = {}
    views = [_View(one) for one in performances]
    while rounds := {view: found for view in views if (found := view.questions()) and view.item not in failures}:
        named = {f"l{number}": view for number, view in enumerate(rounds)}
        asked = {f"{name}_{key}": ask for name, view in named.items() for key, ask in rounds[view].items()}
        try:
            replies = portal.read(asked)
        except PortalError as error:
            return failures | {view.item: error for view in rounds}
        for name, view in named.items():
            try:
                view.take({key: replies[f"{name}_{key}"] for key in rounds[view]})
            except PortalError as error:
                failures[view.item] = error
    for view in (one for one in views if one.item not in failures):
        try:
            view.finish(portal)
        except PortalError as error:
            failures[view.item] = error
    return failures


class _View:
    """One performance under inspection."""

    def __init__(self, performance: Performance) -> None:
        self._performance = performance
        self._seen: set[int] = set()
        self._gone: set[int] = set()
        self._is_overtaken = False
        self._twins: dict[str, Command] = {}
        self.item = performance.record.item

    def questions(self) -> dict[str, Command]:
        """What can be asked now, and has not been."""
        asked: dict[str, Command] = {}
        for index in _askable(self._performance, self._seen):
            asked |= _questions(self._performance, index)
        return asked

    def take(self, replies: Mapping[str, Reply]) -> None:
        """Notes what the replies say."""
        by_index: dict[int, list[Reply]] = {}
        for key, reply in replies.items():
            by_index.setdefault(int(key.split("_")[0]), []).append(reply)
        self._seen |= set(by_index)
        for index, answers in by_index.items():
            if all(isinstance(reply.error, Gone) for reply in answers):
                self._gone.add(index)
            found = _take(self._performance, index, answers)
            self._is_overtaken |= found.theirs
            action = self._performance.action(index)
            removal = write_of(action).remove(action, found.twin) if found.twin is not None else None
            if removal is not None:
                self._twins[f"twin{index}"] = removal

    def finish(self, portal: Bitrix24) -> None:
        """Takes back what we made for nothing. Messages go by their witnesses; an item that is gone is none."""
        if self._is_overtaken:
            portal.batch(self._twins)
            self._performance.give_up()
        _settle_messages(self._performance, witnesses=self._seen - self._gone)


def _askable(performance: Performance, seen: set[int]) -> list[int]:
    return [
        index
        for index, action in enumerate(performance.actions)
        if index not in seen
        and (index in performance.left or _may_be_twinned(action))
        and write_of(action).look is not None
        and not waits(performance.action(index))
    ]


def _may_be_twinned(action: Action) -> bool:
    """What we certainly made is asked about all the same if a person may have made it since."""
    return isinstance(action, AddItem) and action.one_per_lead is not None


def _questions(performance: Performance, index: int) -> dict[str, Command]:
    action = performance.action(index)
    looks = write_of(action).looks(action)
    return {f"{index}_{place}": look for place, look in enumerate(looks)}


def _take(performance: Performance, index: int, replies: Sequence[Reply]) -> Found:
    """Notes what the replies say of an action. What a person made is not ours to note."""
    for reply in replies:
        if reply.error is not None and not isinstance(reply.error, Gone | Refused):
            raise reply.error
    results = [reply.result for reply in replies if reply.error is None]
    if not results:
        if isinstance(replies[0].error, Gone) and index in performance.left:
            performance.skip(index)
        return Found(done=False)
    action = performance.action(index)
    write = write_of(action)
    found = write.found(action, _joined(results), performance.record.last_ids.get(write.trace(action), 0))
    if index not in performance.left:
        return found
    if found.superseded:
        performance.skip(index)
    elif found.done and not found.theirs:
        performance.done(index, found.id)
    return found


def _joined(results: Sequence[Any]) -> Any:
    """The rows of several looks together; the result of a single one as it is."""
    return results[0] if len(results) == 1 else [row for rows in results for row in rows or ()]


def _settle_messages(performance: Performance, *, witnesses: set[int]) -> None:
    """A message cannot be asked about. An action of its batch that can is its witness: both happened or neither.

    Where a step halts, that is the one in front of the message: what is further ahead may have gone out earlier, or
    alone. Without a witness an unanswered message counts as sent: twice is worse than once too few, and the portal
    usually finishes what it no longer answers.
    """
    done = witnesses - set(performance.left)
    for index in [one for one in performance.left if is_message(performance.actions[one])]:
        nearest = max((one for one in witnesses if one < index), default=None)
        happened = nearest in done if performance.halts and nearest is not None else bool(done)
        if happened or (not witnesses and performance.plan.unanswered):
            performance.done(index, None)
