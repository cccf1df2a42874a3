"""Reads the cards, gives back what goes back, and reads them once more: only what was seen counts as undone (T3)."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from crm_robots.engine.executor import Executor, Failures
from crm_robots.engine.holding import Holding
from crm_robots.engine.tools import Tools
from crm_robots.portal.commands import Command
from crm_robots.portal.current import ask_items, ask_responsibles, items_in, responsibles_in
from crm_robots.records.memory import Contended
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.window import Window
from crm_robots.robots.undo.decide import begun, finished, of_card, of_client
from crm_robots.robots.undo.texts import Reason
from crm_robots.robots.undo.undoing import CardUndo, Scene, Stay, Undoing, undoing
from crm_robots.shared.decision import Decision
from crm_robots.shared.hands_off import ROBOT, HandsOff
from crm_robots.shared.items import ENTITY_TYPE_IDS, ItemRef
from crm_robots.shared.plan import Cause, Record, to_json
from crm_robots.shared.values import same_value
from crm_robots.shared.written import Entry

HOLDER = "undo"
_IN_FLIGHT = 4
_PATIENCE = 15
"""How often a card is tried again that a robot is working on."""
_PAUSE = 2.0
_CONTACTS = "CONTACT_IDS"

type Decided = tuple[Record, Decision, Cause]


class Undo:
    """One undo. `window`: of the client-status robot, on behalf of the undo; None where it is switched off."""

    def __init__(
        self, tools: Tools, window: Window | None, ts: int, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._tools = tools
        self._window = window
        self._ts = ts
        self._sleep = sleep
        self._executor = Executor(tools.portal, tools.memory, tools.journal, in_flight=_IN_FLIGHT)
        if window:
            executor = Executor(tools.portal, window.timers, tools.journal, in_flight=_IN_FLIGHT)
            window.holding = Holding(window.timers, executor)

    @property
    def run_name(self) -> str:
        """Under which name the journal keeps it."""
        return f"undo-{self._ts}"

    def foreseen(self, entries: Sequence[Entry]) -> Undoing:
        """What would be done now."""
        return undoing(entries, self._scene(entries, self._records(entries)))

    def done(self, entries: Sequence[Entry]) -> Undoing:
        """Does it. After a crash the same call finishes what was begun."""
        records = self._records(entries)
        self._executor.resume(records.values())
        if self._window:
            self._window.load(one for one in records if self._is_client(one) and _known(records[one]).begun)
        scene = self._scene(entries, records)
        wanted = undoing(entries, scene)
        before = {item: _known(record) for item, record in records.items()}
        for card in wanted.cards:
            record = records[card.item]
            record.memory = to_json(begun(before[card.item], card, self._ts, self._status_field))
            self._tools.memory.save(record)
        left = [card for card in wanted.cards if not card.is_done]
        failures = self._perform(left, scene, records, before)
        return self._seen(wanted, records, before, failures)

    @property
    def _status_field(self) -> str:
        return self._window.rules.status_field if self._window else ""

    def _is_client(self, item: str) -> bool:
        return self._window is not None and item.partition(":")[0] in self._window.rules.entities

    def _records(self, entries: Iterable[Entry]) -> dict[str, Record]:
        return self._tools.memory.load(ROBOT, (entry.item for entry in entries))

    def _perform(
        self,
        cards: Sequence[CardUndo],
        scene: Scene,
        records: Mapping[str, Record],
        before: Mapping[str, HandsOff],
    ) -> Failures:
        clients = {one.item: one for one in cards if self._is_client(one.item) and self._status_field in one.fields}
        words = self._tools.journal.words()
        decided: list[Decided] = []
        for card in cards:
            if card.item not in clients:
                after = finished(_known(records[card.item]), card.entries)
                decision = of_card(card, before[card.item], after, words, self._titles(scene))
                decided.append((records[card.item], decision, self._cause(card.item)))
        failures: Failures = self._executor.perform(decided)
        return failures | self._give_back(clients, scene)

    def _give_back(self, clients: dict[str, CardUndo], scene: Scene) -> Failures:
        """Statuses go through the timers, so that their echoes are known before they come (S7)."""
        window, waiting = self._window, dict(clients)
        failures: Failures = {}
        if window is None or not clients:
            return failures
        words, today = self._tools.journal.words(), window.calendar.today(self._ts)
        for attempt in range(_PATIENCE):
            records, failures = window.load(waiting)
            decided = [
                (
                    record,
                    of_client(
                        waiting[item],
                        scene.cards[item],
                        record.remembered(Timer),
                        window.calendar,
                        today,
                        words,
                        self._titles(scene),
                    ),
                    self._cause(item),
                )
                for item, record in records.items()
            ]
            failures |= window.perform(decided)
            waiting = {item: card for item, card in waiting.items() if isinstance(failures.get(item), Contended)}
            if not waiting or attempt == _PATIENCE - 1:
                break
            self._sleep(_PAUSE)
        return failures

    def _seen(
        self,
        wanted: Undoing,
        records: dict[str, Record],
        before: Mapping[str, HandsOff],
        failures: Failures,
    ) -> Undoing:
        """What the portal shows now. Entries of what was made are noted, too: a second call finds nothing."""
        scene = self._scene([one for card in wanted.cards for one in card.entries], records) if wanted.cards else None
        done: list[CardUndo] = []
        stayed = list(wanted.stayed)
        after: dict[str, HandsOff] = {}
        for card in wanted.cards:
            if scene and _holds(card, scene):
                done.append(card)
                after[card.item] = finished(_known(records[card.item]), card.entries)
            else:
                reason = Reason.BUSY if card.item in failures else Reason.REFUSED
                stayed += [Stay(one, reason) for one in card.entries]
                after[card.item] = _known(records[card.item]) if card.item in failures else before[card.item]
        for entry in wanted.made:
            known = after.get(entry.item) or _known(records[entry.item])
            after[entry.item] = finished(known, [entry]) if not known.begun else known
        for item, known in after.items():
            self._keep(records[item], known)
        return Undoing(tuple(done), tuple(stayed), wanted.made)

    def _keep(self, record: Record, known: HandsOff) -> None:
        text = to_json(known)
        if record.plan is None and record.memory != text:
            record.memory = text
            self._tools.memory.save(record)

    def _cause(self, item: str) -> Cause:
        return Cause("undo", item, self._ts, run=self.run_name)

    def _titles(self, scene: Scene) -> dict[str, str]:
        return {item: card.title for item, card in scene.cards.items()}

    def _scene(self, entries: Sequence[Entry], records: Mapping[str, Record]) -> Scene:
        changes = [one for one in entries if one.field and _is_card(one.item)]
        activities = [one.part.partition(":")[2] for one in changes if one.part.startswith("activity:")]
        asked = self._cards_wanted(changes) | ask_responsibles(map(int, activities))
        answers = self._tools.portal.read(asked) if asked else {}
        rules = self._window.rules if self._window else None
        return Scene(
            cards=items_in(answers),
            activities=responsibles_in(answers),
            known={item: _known(record) for item, record in records.items()},
            follows=frozenset(filter(None, [rules.due_field])) if rules else frozenset(),
            status_field=self._status_field,
        )

    def _cards_wanted(self, changes: Sequence[Entry]) -> dict[str, Command]:
        """The cards as they are now, 2,500 a request."""
        commands: dict[str, Command] = {}
        for kind in ENTITY_TYPE_IDS:
            own = [one for one in changes if one.item.startswith(f"{kind}:")]
            names = {_CONTACTS if one.part.startswith("contact:") else one.field for one in own if _of_card(one)}
            more = self._window.rules.fields_of(kind) if self._window and self._is_client(f"{kind}:") else []
            commands |= ask_items(kind, (int(ItemRef.parse(one.item).id) for one in own), sorted({*names, *more}))
        return commands


def _of_card(entry: Entry) -> bool:
    return not entry.part.startswith("activity:") and entry.field not in ("PHONE", "EMAIL", "WEB", "IM")


def _holds(card: CardUndo, scene: Scene) -> bool:
    shown = scene.cards.get(card.item)
    fields = shown is not None and all(same_value(shown.fields.get(name), value) for name, value in card.fields.items())
    return fields and all(scene.activities.get(number) == whose for number, (whose, _) in card.activities.items())


def _known(record: Record) -> HandsOff:
    return record.remembered(HandsOff)


def _is_card(item: str) -> bool:
    return item.partition(":")[0] in ENTITY_TYPE_IDS
