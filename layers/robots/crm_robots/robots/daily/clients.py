"""Clients whose timers are due -> calls, cards -> one step down, or a word in time (D2 to D4)."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import batched
from zoneinfo import ZoneInfo

import msgspec

from crm_robots.engine.executor import Failures
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.items import list_items, to_item
from crm_robots.portal.lists import PAGE, rows_of
from crm_robots.records.memory import Contended
from crm_robots.robots.client_status.cards import is_known
from crm_robots.robots.client_status.evidence import Wanted
from crm_robots.robots.client_status.rules import LOST
from crm_robots.robots.client_status.settle import with_due
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.daily.addressees import addressees
from crm_robots.robots.daily.case import Case
from crm_robots.robots.daily.decide import drop, warn, with_comment
from crm_robots.robots.daily.hand_over import HandOvers
from crm_robots.robots.daily.news import News, together
from crm_robots.robots.daily.people import People
from crm_robots.robots.daily.recent_calls import RecentCalls
from crm_robots.robots.daily.schedule import Run
from crm_robots.robots.daily.steps import Verdict, next_status, verdict
from crm_robots.robots.daily.timers import DayWindow
from crm_robots.shared.decision import Decision
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.plan import Cause, Record, to_json

SLICE = 500
"""So many are decided upon and performed at a time: ten full batches, and a few seconds between look and step."""
_DAY = timedelta(days=1)

type Decided = tuple[Record, Decision, Cause]


class Effects:
    """What becomes of the other timers. `feed`: hands a change to the robot that missed it."""

    def __init__(self, window: DayWindow, feed: Callable[[ItemRef], None]) -> None:
        self._window = window
        self.feed = feed

    def note_call(self, item: str, at: int) -> None:
        """A call that nobody told us of."""
        self._window.tools.timers.note_call(item, at)

    def plan_anew(self, record: Record) -> None:
        """The day on which the timer is looked at follows its calls."""
        try:
            self._window.timers.save(record)
        except Contended:
            # Whoever wrote the row meanwhile has planned it as well.
            return

    def forget(self, item: str) -> None:
        """The card is gone (F3)."""
        self._window.tools.timers.remove(item)


class Clients:
    """The clients of one run.

    `untold_since`: the first day whose news nobody has heard yet; None: the last run told everybody. `tells`: people
    hear of this run as soon as its steps are done.
    """

    def __init__(
        self,
        window: DayWindow,
        run: Run,
        people: People,
        hand_overs: HandOvers,
        effects: Effects,
        *,
        untold_since: date | None = None,
        tells: bool = True,
    ) -> None:
        self.window = window
        self.run = run
        self.people = people
        self._hand_overs = hand_overs
        self._effects = effects
        self._untold_since = untold_since
        self._tells = tells
        self._calls = RecentCalls(window.portal, window.rules.calls, window.portal_rules.timezone)
        self.news: dict[str, News] = {}
        """What happened and is still to be told, by card."""
        self._witnessed: set[int] = set()

    def due(self, items: Sequence[str]) -> tuple[list[Decided], Failures]:
        """What is to be done about these cards; plans that a crash left open are finished on the way."""
        self.window.timers.news.clear()
        records, failures = self.window.load(items)
        waiting = {item: record for item, record in records.items() if self._waits(record)}
        self._count(records.values())
        decided, broken = self.decide(waiting)
        return decided, failures | broken

    def decide(self, waiting: Mapping[str, Record]) -> tuple[list[Decided], Failures]:
        """Calls come first; cards are looked at as shortly before the step as can be."""
        timers = {item: record.remembered(Timer) for item, record in waiting.items()}
        wanted = self._calls_wanted(timers)
        answers = self._asked(self.asks(waiting))
        found, is_fresh = self._calls.newest(wanted, answers) if wanted else ({}, True)
        called = {str(client): at for client, at in found.items()}
        verdicts = {item: self._verdict(record, timers, called) for item, record in waiting.items()}
        due = {item: what for item, what in verdicts.items() if what is not Verdict.NOTHING}
        cards = self._cards(answers if is_fresh else self._asked(self._cards_wanted(due)))
        standing = {item: what for item, what in due.items() if self._stands(item, timers[item], cards)}
        decided, failures = self._decided(waiting, timers, standing, cards)
        return decided + self._days_only(waiting, timers, due, cards), failures

    def asks(self, waiting: Mapping[str, Record]) -> dict[str, Command]:
        """What `decide` asks the portal first."""
        timers = {item: record.remembered(Timer) for item, record in waiting.items()}
        maybe = [item for item, timer in timers.items() if self._verdict_of(timer) is not Verdict.NOTHING]
        return self._cards_wanted(maybe) | self._calls.questions(self._calls_wanted(timers))

    def _days_only(
        self,
        records: Mapping[str, Record],
        timers: Mapping[str, Timer],
        due: Container[str],
        cards: Mapping[str, Item],
    ) -> list[Decided]:
        """Clients who got their days back by a call that nobody told us of: the card says so, too (S8)."""
        spared = (item for item in records if item in cards and item not in due)
        found: list[Decided] = []
        for item in spared:
            decision = with_due(cards[item], Decision(timers[item]), self.window.calendar)
            if decision.steps:
                found.append((records[item], decision, Cause("schedule", item, self.run.ts, self.run.id)))
        return found

    def perform(self, decided: Sequence[Decided]) -> Failures:
        """Sees it through. Whatever came true is news."""
        failures = self.window.perform(decided)
        self._count(record for record, _, _ in decided if record.item not in failures)
        return failures

    def _asked(self, commands: Mapping[str, Command]) -> Mapping[str, Reply]:
        return self.window.portal.read(commands) if commands else {}

    def _cards_wanted(self, items: Iterable[str]) -> dict[str, Command]:
        """The cards as they are now, 2,500 a request."""
        refs = [ItemRef.parse(item) for item in items]
        return {
            f"card_{kind}_{number}": list_items(kind, ids, self._select(kind))
            for kind in self.window.rules.entities
            for number, ids in enumerate(batched((ref.id for ref in refs if ref.kind == kind), PAGE, strict=False))
        }

    def _cards(self, answers: Mapping[str, Reply]) -> dict[str, Item]:
        """By `company:5`; deleted ones are missing."""
        found: dict[str, Item] = {}
        for name, reply in answers.items():
            if name.startswith("card_"):
                kind = name.split("_")[1]
                found |= {str(card.ref): card for card in (to_item(kind, row) for row in rows_of(reply, "items"))}
        return found

    def _select(self, kind: str) -> list[str]:
        names = ["title"] if kind == "company" else ["name", "lastName"]
        return ["id", *names, "assignedById", "opened", *self.window.rules.fields_of(kind)]

    def _waits(self, record: Record) -> bool:
        """It has a timer, and no step of this run behind it."""
        news = self.window.timers.news.get(record.item)
        return bool(record.version) and (news is None or news.run != self.run.day)

    def _count(self, records: Iterable[Record]) -> None:
        for record in records:
            news = self.window.timers.news_of(record)
            if news and news.run == self.run.day:
                self.news[record.item] = news

    def _verdict_of(self, timer: Timer) -> Verdict:
        return verdict(timer, self.window.calendar, self.run.day)

    def _calls_wanted(self, timers: Mapping[str, Timer]) -> list[Wanted]:
        """Which calls would give a due client its days back, though nobody told us of them."""
        if not self.window.rules.calls.reset_timer:
            return []
        return [
            Wanted(ItemRef.parse(item), self._after(timer), self.run.ts)
            for item, timer in timers.items()
            if self._verdict_of(timer) is Verdict.DROP
        ]

    def _after(self, timer: Timer) -> int:
        """The end of the day on which the term began: a call on that day gives it nothing."""
        term = self.window.calendar.term(timer)
        start = (term.start if term else self.run.day) + _DAY
        midnight = datetime.combine(start, time(), ZoneInfo(self.window.portal_rules.timezone))
        return max(int(midnight.timestamp()), timer.last_call + 1)

    def _verdict(self, record: Record, timers: dict[str, Timer], called: Mapping[str, int]) -> Verdict:
        """What is to be done once the calls are known; a timer that gets its days back is planned anew."""
        at = called.get(record.item)
        if at:
            self._effects.note_call(record.item, at)
            timers[record.item] = msgspec.structs.replace(timers[record.item], last_call=at)
        timer = timers[record.item]
        what = self._verdict_of(timer)
        if what is Verdict.NOTHING:
            record.memory = to_json(timer)
            self._effects.plan_anew(record)
        return what

    def _stands(self, item: str, timer: Timer, cards: Mapping[str, Item]) -> bool:
        """The card is there and says what its timer knows; a change that we missed is the robot's to judge."""
        if item not in cards:
            self._effects.forget(item)
            return False
        if is_known(cards[item], timer, self.window.calendar):
            return True
        self._effects.feed(cards[item].ref)
        return False

    def _decided(
        self,
        records: Mapping[str, Record],
        timers: Mapping[str, Timer],
        verdicts: Mapping[str, Verdict],
        cards: Mapping[str, Item],
    ) -> tuple[list[Decided], Failures]:
        if not verdicts:
            return [], {}
        case = self._case()
        lost = [cards[item] for item, what in verdicts.items() if what is Verdict.DROP and self._loses(timers[item])]
        overs = self._hand_overs.of(self._free(lost), self.run, case)
        decided: list[Decided] = []
        failures: Failures = {}
        for item, what in verdicts.items():
            card, timer = cards[item], timers[item]
            try:
                found = (
                    warn(card, timer, case) if what is Verdict.WARN else drop(card, timer, case, overs.get(card.ref))
                )
            except Exception as error:  # one client must not hold up the others' day
                failures[item] = error
                continue
            decision, news = found[0], self._with_witness(together(self._untold(item, timer), found[1]), case)
            self.window.timers.news[item] = news
            cause = Cause("schedule", item, self.run.ts, self.run.id)
            whole = with_due(card, with_comment(decision, news), self.window.calendar)
            decided.append((records[item], whole, cause))
        return decided, failures

    def _free(self, lost: Sequence[Item]) -> list[Item]:
        """Those whose responsible was not given back by an administrator (T3)."""
        rule = self.window.tools.hands_off
        kept = rule.by_day(str(card.ref) for card in lost) if rule and lost else {}
        return [card for card in lost if "ASSIGNED_BY_ID" not in kept.get(str(card.ref), ())]

    def _untold(self, item: str, timer: Timer) -> News | None:
        """What an earlier run did with the client, and nobody has heard yet."""
        news, since = self.window.timers.news.get(item), self._untold_since
        is_untold = news and since and since <= news.run < self.run.day and news.still_true(timer.status)
        return news if is_untold else None

    def _loses(self, timer: Timer) -> bool:
        return next_status(timer.status, self.window.rules) == LOST

    def _case(self) -> Case:
        """Who works here, and who leads whom, is today's (S11)."""
        return Case(self.run.day, self.window.calendar, self.window.portal_rules, self.people.now)

    def _with_witness(self, news: News, case: Case) -> News:
        """One comment of each listener goes with their message: found after a crash, it says that both went out."""
        if not news.comment or not self._tells:
            return news
        for person in addressees(news, case.directory, case.portal.admins):
            if person not in self._witnessed and listens(person, case):
                self._witnessed.add(person)
                return msgspec.structs.replace(news, witness=person)
        return news


def listens(person: int, case: Case) -> bool:
    """Nobody writes to the dismissed. People whom REST does not show are given the benefit of the doubt."""
    return person not in case.directory.users or case.directory.is_active(person)


def slices(decided: Sequence[Decided]) -> Iterable[tuple[Decided, ...]]:
    """Those that act on the portal fill the batches together."""
    return batched(sorted(decided, key=lambda one: not one[1].steps), SLICE, strict=False)
