"""Looks up what an administrator took back, for decisions that are about to change cards (T3).

Only decisions that act ask, so events that change nothing cost nothing.
"""

from collections.abc import Callable, Iterable, Sequence

from crm_robots.portal.seen import Seen
from crm_robots.records.memory import MemoryTable
from crm_robots.shared.decision import Decision
from crm_robots.shared.hands_off import ROBOT, HandsOff, held, is_own_doing, respected, touched
from crm_robots.shared.plan import Cause, Record
from crm_robots.shared.portal import PortalRules

type Decided = tuple[Record, Decision, Cause]


class HandsOffRule:
    """`portal`: whose user the robots write as."""

    def __init__(self, memory: MemoryTable, portal: Callable[[], PortalRules | None]) -> None:
        self._memory = memory
        self._portal = portal

    def __call__(self, decided: Sequence[Decided], seen: Seen) -> list[Decided]:
        """The decisions that may be carried out, without what is to be left alone."""
        known = self._known(
            item for record, decision, _ in decided if decision.steps for item in (record.item, *touched(decision))
        )
        if not known:
            return list(decided)
        user = self._user()
        left: list[Decided] = []
        for record, decision, cause in decided:
            told = cause if cause.run or cause.by else _with_author(cause, seen)
            own = known.get(record.item) if decision.steps else None
            if own and is_own_doing(own, record.item, told, user):
                continue
            kept = {item: held(known[item], item, told, user) for item in touched(decision) & known.keys()}
            found = respected(decision, record.item, kept)
            if found is not None:
                left.append((record, found, cause))
        return left

    def by_day(self, items: Iterable[str]) -> dict[str, frozenset[str]]:
        """Fields of these cards that the day's run leaves alone."""
        return {item: frozenset(one.fields) for item, one in self._known(items).items()}

    def _known(self, items: Iterable[str]) -> dict[str, HandsOff]:
        records = self._memory.load(ROBOT, sorted(set(items)))
        found = {item: record.remembered(HandsOff) for item, record in records.items() if record.version}
        return {item: one for item, one in found.items() if one.fields}

    def _user(self) -> int:
        portal = self._portal()
        return portal.webhook_user_id if portal else 0


def _with_author(cause: Cause, seen: Seen) -> Cause:
    return Cause(cause.event, cause.item, cause.ts, cause.run, seen.of(cause.item).by or 0, cause.answer)
