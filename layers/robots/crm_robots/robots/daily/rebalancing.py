"""D14: clients change hands by a command, as lost ones do (D4): plans first, one run of the journal."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched

import msgspec

from crm_robots.engine.executor import Failures
from crm_robots.engine.tools import Tools
from crm_robots.portal.client_deals import all_open_deals
from crm_robots.portal.errors import Busy
from crm_robots.portal.items import to_item
from crm_robots.portal.people import read_directory
from crm_robots.records.memory import Contended
from crm_robots.records.settings_reader import InForce
from crm_robots.robots.client_status.evidence import Wanted
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import Row, timer_of
from crm_robots.robots.client_status.window import Window
from crm_robots.robots.daily import rebalance
from crm_robots.robots.daily.decide import HandOver, hand_over
from crm_robots.robots.daily.hand_over import absent_ones, away, with_activities
from crm_robots.robots.daily.handed import HandedOver
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.rebalance import Client, Move, Proposal, Stay, Teams, Terms
from crm_robots.robots.daily.recent_calls import RecentCalls
from crm_robots.robots.daily.texts import handed_comment
from crm_robots.shared.decision import Decision
from crm_robots.shared.items import ENTITY_TYPE_IDS, Item, ItemRef
from crm_robots.shared.markup import NOTHING
from crm_robots.shared.people import Directory
from crm_robots.shared.plan import Cause, Record
from crm_robots.shared.stop_list import stopped

HOLDER = "rebalance"
QUIET_DAYS = 30
REFUSED = "Bitrix24 refused the change"
IN_USE = "a robot is working on the card; try again"
_CHUNK = 2500
"""Cards that one request reads."""
_AT_ONCE = 500
"""Clients whose hand-overs are written down together."""
_PATIENCE = 60
"""Seconds for which a card is tried again that a robot is working on, or a portal that is busy."""
_PAUSE = 2
_DAY = 24 * 3600

type Propose = Callable[[Sequence[Client], Teams], Proposal]
"""Makes a proposal of clients and of those who may receive."""
type Found = dict[str, Item]


class Rebalancing:
    """One call of the command, as of a moment in the portal's zone."""

    def __init__(
        self,
        tools: Tools,
        settings: InForce[ClientStatusRules],
        moment: datetime,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._tools = tools
        self._window = Window(tools, settings.rules, settings.portal, HOLDER)
        self._portal = tools.portal
        self._skips_absent = absent_ones(settings)
        self._moment = moment
        self._now = int(moment.timestamp())
        self.day = self._window.calendar.today(self._now)
        self._sleep = sleep
        self._directory: Directory | None = None

    @property
    def run_name(self) -> str:
        """Under which name the journal keeps it."""
        return f"rebalance-{self._now}"

    @property
    def directory(self) -> Directory:
        """Who works here now."""
        if self._directory is None:
            self._directory = read_directory(self._portal, self._tools.directory())
        return self._directory

    def proposal(self, terms: Terms, propose: Propose, *, finishes: bool) -> Proposal:
        """What is to be done, held against the portal's calls. `finishes`: what a crash left open is finished first."""
        clients = {one.item: one for one in self._clients(finishes=finishes)}
        givers = rebalance.above(clients.values(), terms)
        receivers = rebalance.teams(givers, self.directory, ())
        people = {one for team in receivers.values() for one in team}
        if people and self._skips_absent:
            receivers = rebalance.teams(givers, self.directory, away(self._portal, people, self._moment))
        asked: set[str] = set()
        while True:
            found = propose(list(clients.values()), receivers)
            unasked = [move.client for move in found.moves if move.client.item not in asked]
            if not unasked:
                return found
            asked |= {one.item for one in unasked}
            clients |= {one.item: one for one in self._called(unasked)}

    def carry_out(self, moves: Sequence[Move], progress: Callable[[int], None]) -> tuple[list[Move], list[Stay]]:
        """What came true, as the portal shows it, and what did not."""
        why: dict[str, str] = {}
        for count, some in enumerate(batched(moves, _AT_ONCE, strict=False), 1):
            why |= self._move(some)
            progress(min(count * _AT_ONCE, len(moves)))
        cards = self._cards(move.client.item for move in moves)
        done = [move for move in moves if _has(cards, move.client.item, move.to)]
        left = [move for move in moves if not _has(cards, move.client.item, move.to)]
        return done, [Stay(move.client, why.get(move.client.item, REFUSED)) for move in left]

    def _clients(self, *, finishes: bool) -> Iterator[Client]:
        """Every tracked client, as timers are read."""
        busy = set(all_open_deals(self._tools.scanner))
        waiting: dict[str, Row] = {}
        for rows in self._tools.timers.all():
            waiting |= {row["item"]["S"]: row for row in rows if row["status"]["S"]}
            if len(waiting) >= _CHUNK:
                yield from self._judged(waiting, busy, finishes=finishes)
                waiting = {}
        yield from self._judged(waiting, busy, finishes=finishes)

    def _judged(self, rows: Mapping[str, Row], busy: set[ItemRef], *, finishes: bool) -> Iterator[Client]:
        cut_off = [item for item, row in rows.items() if f'"run":"{HOLDER}-' in row.get("plan", {}).get("S", "")]
        if finishes and cut_off:
            for error in self._window.load(cut_off)[1].values():
                raise error
        for item, card in self._cards(rows).items():
            if card.responsible_id:
                timer = timer_of(rows[item])
                why = rebalance.OPEN_DEAL if timer.in_deal or card.ref in busy else self._kept(card, timer)
                yield Client(item, card.title, card.responsible_id, timer.status, timer.last_call, why)

    def _kept(self, card: Item, timer: Timer) -> str:
        if timer.stopped or stopped(card, self._window.rules.skip_when):
            return rebalance.STOPPED
        if timer.pause and timer.pause.holds(self.day):
            return rebalance.PAUSED
        return rebalance.CALLED if self._is_recent(timer.last_call) else ""

    def _is_recent(self, call: int) -> bool:
        return bool(call) and (self.day - self._window.calendar.today(call)).days <= QUIET_DAYS

    def _called(self, clients: Sequence[Client]) -> Iterator[Client]:
        """Those with a call that nobody told us of: before there was a timer, say."""
        rules, zone = self._window.rules.calls, self._window.portal_rules.timezone
        since = self._now - (QUIET_DAYS + 1) * _DAY
        wanted = [Wanted(ItemRef.parse(one.item), since, self._now) for one in clients]
        calls = RecentCalls(self._portal, rules, zone)
        newest, _ = calls.newest(wanted, self._portal.read(calls.questions(wanted)))
        for one in clients:
            call = newest.get(ItemRef.parse(one.item), 0)
            if self._is_recent(call):
                yield msgspec.structs.replace(one, last_call=call, kept=rebalance.CALLED)

    def _cards(self, items: Iterable[str]) -> Found:
        refs = [ItemRef.parse(item) for item in items]
        found: Found = {}
        for kind in self._window.rules.entities:
            numbers = [int(ref.id) for ref in refs if ref.kind == kind]
            named = ["title"] if kind == "company" else ["name", "lastName"]
            select = ["id", *named, "assignedById", *self._window.rules.skip_when.fields_of(kind)]
            rows = self._portal.items(ENTITY_TYPE_IDS[kind], numbers, select) if numbers else {}
            found |= {str(card.ref): card for card in (to_item(kind, row) for row in rows.values())}
        return found

    def _move(self, moves: Sequence[Move]) -> dict[str, str]:
        """Why clients stayed, as far as that is known."""
        left = {move.client.item: move for move in moves}
        HandedOver(self._tools.memory).add([self._news(move) for move in moves])
        waited = 0
        stayed: dict[str, str] = {}
        while left:
            failures = self._try(left, stayed)
            left = {item: move for item, move in left.items() if item in failures}
            for error in failures.values():
                if not isinstance(error, Contended) and (not isinstance(error, Busy) or waited >= _PATIENCE):
                    raise error
            if waited >= _PATIENCE:
                return stayed | dict.fromkeys(left, IN_USE)
            if left:
                self._sleep(_PAUSE)
                waited += _PAUSE
        return stayed

    def _try(self, left: Mapping[str, Move], stayed: dict[str, str]) -> Failures:
        records, failures = self._window.load(left)
        cards = self._cards(records)
        found: dict[str, Item] = {}
        for item in records:
            if _has(cards, item, left[item].client.manager):
                found[item] = cards[item]
            elif not _has(cards, item, left[item].to):
                stayed[item] = rebalance.OTHER_MANAGER if item in cards else rebalance.GONE
        overs = with_activities(self._portal, {card.ref: left[item].to for item, card in found.items()})
        decided = [self._decided(records[item], card, left[item], overs[card.ref]) for item, card in found.items()]
        return failures | self._window.perform(decided)

    def _decided(self, record: Record, card: Item, move: Move, over: HandOver) -> tuple[Record, Decision, Cause]:
        language = self._window.portal_rules.language
        is_told = self._window.rules.timeline
        told = handed_comment(self._news(move), self.directory, language) if is_told else NOTHING
        decision = hand_over(card, record.remembered(Timer), over, told)
        return record, decision, Cause(HOLDER, record.item, self._now, run=self.run_name)

    def _news(self, move: Move) -> News:
        client = move.client
        return News(
            run=self.day,
            item=client.item,
            name=client.title,
            kind="handed",
            old=client.status,
            new=client.status,
            responsible=client.manager,
            heir=move.to,
        )


def came_true(window: Window, news: Sequence[News]) -> list[News]:
    """Those whose card is still with the new manager; plans that a crash left open are finished on the way."""
    if not news:
        return []
    window.load(one.item for one in news)
    found: dict[str, int | None] = {}
    for kind in window.rules.entities:
        numbers = [int(one.ref.id) for one in news if one.ref.kind == kind]
        rows = window.portal.items(ENTITY_TYPE_IDS[kind], numbers, ["id", "assignedById"]) if numbers else {}
        found |= {str(card.ref): card.responsible_id for card in (to_item(kind, row) for row in rows.values())}
    return [one for one in news if found.get(one.item) == one.heir]


def _has(cards: Mapping[str, Item], item: str, person: int) -> bool:
    return item in cards and cards[item].responsible_id == person
