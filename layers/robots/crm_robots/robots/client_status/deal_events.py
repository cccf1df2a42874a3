"""Deals that were opened, moved, closed or deleted -> the statuses of their clients (S5)."""

from collections.abc import Container, Mapping, Sequence

import msgspec

from crm_robots.engine.executor import Failures
from crm_robots.engine.item_robot import cause_of
from crm_robots.portal.calls import moment
from crm_robots.portal.commands import Command
from crm_robots.records.memory import Contended
from crm_robots.robots.client_status.card_events import Cards
from crm_robots.robots.client_status.cards import status_of
from crm_robots.robots.client_status.deal_reading import ask_deals, deals_in, guess_clients, guessed
from crm_robots.robots.client_status.deals import DealMemory, Happening, decide, happenings, seen
from crm_robots.robots.client_status.open_deals import ask_open_deals, clients_with_open_deals
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.window import Answers, Window, ask_cards, cards_in
from crm_robots.shared.decision import Decision
from crm_robots.shared.events import CrmEvent, Work
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.markup import NOTHING
from crm_robots.shared.plan import Cause, Record, to_json

ROBOT = "client-status"
_FEW = 5
"""Up to so many deals, what they may turn out to need is asked for in the first request."""

type News = dict[str, list[tuple[Work, Happening]]]
"""By client: what deals' events mean to it."""


class Deals:
    """The events of deals in one window."""

    def __init__(self, window: Window, works: Sequence[Work]) -> None:
        self.window = window
        self.works = works
        self.failures: Failures = {}
        self.memories: dict[str, Record] = {}
        if works:
            self.memories = window.tools.memory.load(ROBOT, (str(work.ref) for work in works))

    def questions(self) -> dict[str, Command]:
        """The deals as they are now; for a few of them their clients too, known or guessed."""
        present = [int(work.ref.id) for work in self.works if not work.is_deletion]
        asked = ask_deals(present)
        if len(self.works) <= _FEW:
            known = {ItemRef.parse(client) for work in self.works for client in self._before(work).clients}
            asked |= ask_cards("client", known, self.window.rules) | ask_open_deals(known)
            if any(not self._before(work).state for work in self.works):
                asked |= guess_clients(len(present), self.window.rules)
        return asked

    def work_off(self, answers: Answers) -> None:
        """Tells each client what became of its deals, then remembers the deals."""
        if not self.works:
            return
        deals = deals_in(self.window.portal, answers)
        works = [work for work in self.works if work.is_deletion or work.ref in deals]
        now = {work: seen(None if work.is_deletion else deals[work.ref], self.window.rules) for work in works}
        news: News = {}
        for work in works:
            for client, happening in self._happenings(work, deals.get(work.ref), now[work]).items():
                news.setdefault(client, []).append((work, happening))
        if news:
            self._tell(news, {work.ref for work in works if now[work].state != "open"}, answers)
        for work in works:
            if str(work.ref) not in self.failures:
                self._remember(work, now[work])

    def _before(self, work: Work) -> DealMemory:
        return self.memories[str(work.ref)].remembered(DealMemory)

    def _happenings(self, work: Work, deal: Item | None, now: DealMemory) -> dict[str, Happening]:
        link = self.window.portal_rules.link_to(deal) if deal else NOTHING
        moved = moment(deal.text("MOVED_TIME"), self.window.portal_rules.timezone) if deal else None
        found = happenings(work.ref, self._before(work), now, link, moved=moved, ts=work.ts)
        marks = self.window.marks_of(deal.stage_id) if deal else {}
        return {client: msgspec.structs.replace(one, marks=marks) for client, one in found.items()} if marks else found

    def _tell(self, news: News, ended: set[ItemRef], answers: Answers) -> None:
        holders = {client: str(told[0][0].ref) for client, told in news.items()}
        records, failures = self.window.load(holders, holders)
        clients = {ItemRef.parse(item): _only_ends(news[item]) for item in records}
        cards = {card.ref: card for card in guessed(answers)} | cards_in(answers, "client")
        answers = self._asked_for(clients, cards, answers)
        cards |= cards_in(answers, "client")
        failures |= self._judged(records, cards, news)
        unsure = [ref for ref, only_ends in clients.items() if only_ends]
        busy = clients_with_open_deals(self.window.portal, unsure, answers, ended)
        decided = [
            self._decided(record, cards[ref], news[item], has_open=ref in busy)
            for item, record in records.items()
            if (ref := ItemRef.parse(item)) in cards and item not in failures
        ]
        failures |= self.window.perform(decided)
        for client, error in failures.items():
            self.failures |= {str(work.ref): error for work, _ in news[client]}

    def _judged(self, records: Mapping[str, Record], cards: Mapping[ItemRef, Item], news: News) -> Failures:
        """Cards that somebody has just cleared: whether that stands is settled first, then the deals are told again."""
        calendar = self.window.calendar
        works: list[Work] = []
        for item, record in records.items():
            card = cards.get(ItemRef.parse(item))
            if card and not status_of(card, calendar) and record.remembered(Timer).status:
                work = _newest(news[item])
                works.append(Work(card.ref, (CrmEvent(work.newest.event, item, work.ts),)))
        if not works:
            return {}
        judges = Cards(self.window, works)
        judges.work_off(self.window.portal.read(judges.questions()))
        later = Contended("whether a cleared card stays so was settled first")
        settled = [work for work in works if not judges.stays_changed(work)]
        return dict.fromkeys((str(work.ref) for work in settled), later) | judges.failures

    def _asked_for(self, clients: Mapping[ItemRef, bool], cards: Container[ItemRef], answers: Answers) -> Answers:
        """The answers, with what is still missing: cards, and open deals of clients for whom a deal has ended."""
        more = ask_cards("client", [ref for ref in clients if ref not in cards], self.window.rules)
        more |= ask_open_deals(ref for ref, ends in clients.items() if ends and f"open_{ref}" not in answers)
        return {**answers, **self.window.portal.read(more)} if more else answers

    def _decided(
        self, record: Record, card: Item, told: Sequence[tuple[Work, Happening]], *, has_open: bool
    ) -> tuple[Record, Decision, Cause]:
        work = _newest(told)
        news = [happening for _, happening in told]
        timer, window = record.remembered(Timer), self.window
        decision = decide(card, timer, news, window.calendar, window.portal_rules, ts=work.ts, has_open=has_open)
        return record, decision, cause_of(work)

    def _remember(self, work: Work, now: DealMemory) -> None:
        record = self.memories[str(work.ref)]
        if now.state == "gone":
            if record.version:
                self.window.tools.memory.forget(record)
            return
        memory = to_json(now)
        if memory != record.memory:
            record.memory = memory
            self.window.tools.memory.save(record)


def _newest(told: Sequence[tuple[Work, Happening]]) -> Work:
    return max((work for work, _ in told), key=lambda work: work.ts)


def _only_ends(told: Sequence[tuple[Work, Happening]]) -> bool:
    return all(happening.state != "open" for _, happening in told)
