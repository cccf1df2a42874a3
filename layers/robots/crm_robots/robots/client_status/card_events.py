"""Cards that were made, saved or deleted -> their timers (S2 to S4, S7, F3)."""

from collections.abc import Mapping, Sequence

from crm_robots.engine.executor import Failures
from crm_robots.engine.item_robot import cause_of
from crm_robots.portal.calls import moment
from crm_robots.portal.commands import Command
from crm_robots.robots.client_status.cards import Change, DealsSoFar, Sight, called_since, change_of, decide, knows_call
from crm_robots.robots.client_status.deals import so_far
from crm_robots.robots.client_status.evidence import Wanted, justified, questions
from crm_robots.robots.client_status.open_deals import all_deals, ask_all_deals
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.window import Answers, Window, added, ask_cards, cards_in
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import Work
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.plan import Cause, Record

_FEW = 5
"""Up to so many cards, calls are asked for in the first request, before we know whether a status changed."""


class Cards:
    """The events of tracked cards in one window."""

    def __init__(self, window: Window, works: Sequence[Work]) -> None:
        self.window = window
        self.failures: Failures = {}
        self.records: dict[str, Record] = {}
        self._changes: dict[Work, Change] = {}
        if works:
            self.records, self.failures = window.load(str(work.ref) for work in works)
        self.works = [work for work in works if str(work.ref) in self.records]
        for work in self.works:
            if work.is_deletion and self.records[str(work.ref)].version:
                window.tools.timers.remove(str(work.ref))
        self.works = [work for work in self.works if not work.is_deletion]

    def questions(self) -> dict[str, Command]:
        """The cards as they are now, the deals of new ones, and for a few the calls that a change would need."""
        asked = ask_cards("card", (work.ref for work in self.works), self.window.rules)
        asked |= ask_all_deals(work.ref for work in self.works if self._asks_deals(work))
        if len(self.works) <= _FEW:
            asked |= questions([self._wanted(work) for work in self.works if self._may_need_call(work)], self._zone)
        return asked

    def work_off(self, answers: Answers) -> None:
        """Compares, looks for calls where a person changed something, and writes what follows."""
        window, cards = self.window, cards_in(answers, "card")
        found_cards = [work for work in self.works if work.ref in cards]
        deals = self._deals_of_new(found_cards, cards, answers)
        sights = {
            work: Sight(
                cards[work.ref],
                self._timer(work),
                work.ts,
                added=self._is_new(work),
                deals=deals.get(work, DealsSoFar()),
            )
            for work in found_cards
        }
        self._changes = {work: change_of(sight, window.calendar, window.portal_rules) for work, sight in sights.items()}
        bound = [work for work, change in self._changes.items() if change is Change.BOUND and self._unsure(work)]
        wanted = [self._wanted(work) for work in bound]
        found = justified(window.portal, wanted, answers, window.rules.calls, self._zone) if wanted else {}
        decided: list[tuple[Record, Decision, Cause]] = []
        for work, change in self._changes.items():
            called = work not in bound or work.ref in found
            decision = decide(sights[work], change, window.calendar, window.portal_rules, called=called)
            decided.append((self._record(work), decision, cause_of(work)))
        self.failures |= window.perform(decided)

    def stays_changed(self, work: Work) -> bool:
        """The portal would not take the status back: who looks again finds the card as it is."""
        return self._changes.get(work) in (Change.BOUND, Change.OWED) and bool(self._record(work).refusal)

    def _deals_of_new(
        self, works: Sequence[Work], cards: Mapping[ItemRef, Item], answers: Answers
    ) -> dict[Work, DealsSoFar]:
        """New cards whose deals were asked for: their events may have been handled before the card was tracked."""
        new = [work for work in works if f"all_{work.ref}" in answers and self._asks_deals(work)]
        deals = all_deals(self.window.portal, [work.ref for work in new], answers)
        return {
            work: so_far(
                [(deal, moment(deal.text("MOVED_TIME"), self._zone)) for deal in deals[work.ref]],
                born=self._born(work, cards[work.ref]),
                ts=work.ts,
            )
            for work in new
        }

    def _is_new(self, work: Work) -> bool:
        timer = self._timer(work)
        return (timer.owed and not timer.status) or (added(work) and not self._record(work).version)

    def _asks_deals(self, work: Work) -> bool:
        """New cards get the status that their deals call for; so do those of which the stop-list lets go."""
        return bool(self._timer(work).stopped) or (self.window.rules.assign_new and self._is_new(work))

    def _born(self, work: Work, card: Item) -> int:
        return 0 if self._timer(work).stopped else moment(card.text("CREATED_TIME"), self._zone) or 0

    @property
    def _zone(self) -> str:
        return self.window.portal_rules.timezone

    def _record(self, work: Work) -> Record:
        return self.records[str(work.ref)]

    def _timer(self, work: Work) -> Timer:
        return self._record(work).remembered(Timer)

    def _unsure(self, work: Work) -> bool:
        return not knows_call(self._timer(work), work.ts, self.window.calendar)

    def _may_need_call(self, work: Work) -> bool:
        tracked = bool(self._timer(work).status)
        return tracked and self.window.rules.calls.required_for_change and self._unsure(work)

    def _wanted(self, work: Work) -> Wanted:
        return Wanted(work.ref, called_since(work.ts, self.window.calendar), work.ts)
