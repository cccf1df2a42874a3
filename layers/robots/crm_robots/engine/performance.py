"""One plan while it is being performed: what is left of its current step, and what was made."""

from typing import Any

from msgspec.structs import replace

from crm_robots.engine.chronicle import Deed, entries_of
from crm_robots.engine.references import resolve, resolve_memory, tell_refusal
from crm_robots.portal.commands import MOST_COMMANDS
from crm_robots.portal.errors import Gone, Refused
from crm_robots.portal.writes import write_of
from crm_robots.records.journal import Entry
from crm_robots.shared.actions import Action, AddComment, AddItem, AddTodo, Notify, PostToFeed
from crm_robots.shared.items import ENTITY_TYPE_IDS, ItemRef
from crm_robots.shared.plan import Plan, Record, to_json
from crm_robots.shared.words.values import Words


class Performance:
    """A record's open plan. `left` are the indexes of the current step's actions that are still to be done."""

    def __init__(self, record: Record) -> None:
        if record.plan is None:
            raise ValueError(f"{record.item} has no plan")
        self.record = record
        self.plan: Plan = record.plan
        self.is_open = True
        self.was_held_up = False
        """A refusal of somebody else's action ended the batch before its turn came."""
        self._written: list[Deed] = []
        self._enter()

    def _enter(self) -> None:
        step = self.plan.step
        self.actions: tuple[Action, ...] = step.actions if step else ()
        self._told = ""
        if self.plan.refusal:
            told = tuple(tell_refusal(one, self.plan.refusal) for one in self.actions)
            again = not (step and step.goes_on) and to_json(told) == self.record.refusal
            self._told = to_json(told)
            self.actions = () if again else told
        self.left: list[int] = [index for index in range(len(self.actions)) if index not in self.plan.settled]
        # A refused action that stands alone has nothing behind it to hold back, and may share its batch.
        other_way = bool(step and step.has_other_way) and len(self.actions) > 1
        self.halts = other_way or any(write_of(one).halts for one in self.actions)

    @property
    def portion(self) -> list[int]:
        """What of the step is sent next: all that is left, as far as a batch holds it.

        Where one plan was refused others may be, too: what was held up goes on by its first action, which needs no
        halt. A message never leaves without its witness, the action in front of it.
        """
        fitting = self.left[:MOST_COMMANDS]
        is_witness = any(is_message(self.actions[index]) for index in fitting[1:2])
        return fitting[:1] if self.halts and self.was_held_up and not is_witness else fitting

    @property
    def stops(self) -> bool:
        """Whether its portion has to stop at the first refusal."""
        return self.halts and len(self.portion) > 1

    @property
    def guarded(self) -> dict[int, AddItem]:
        """What the step has made of a lead, or makes with this portion, of which a person may make another."""
        sent = {*self.plan.settled, *self.portion}
        actions = ((index, self.action(index)) for index in range(len(self.actions)) if index in sent)
        return {index: one for index, one in actions if isinstance(one, AddItem) and one.one_per_lead}

    def action(self, index: int) -> Action:
        """An action of the current step, with the ids that are known by now."""
        return resolve(self.actions[index], self.plan.made)

    def card(self, index: int) -> ItemRef | None:
        """The card that an action changes, else the one that the plan is about; None for messages of the day."""
        item = getattr(self.action(index), "item", None)
        if item is None and self.record.item.partition(":")[0] in ENTITY_TYPE_IDS:
            item = ItemRef.parse(self.record.item)
        return item if item and item.kind in ENTITY_TYPE_IDS else None

    def name(self, index: int) -> str:
        """Its name within the plan: its own key, or its place."""
        return getattr(self.actions[index], "key", "") or f"step{self.plan.position}_{index}"

    def done(self, index: int, made_id: int | None) -> None:
        """Notes that an action has its effect on the portal."""
        self._settle(index)
        action = self.action(index)
        if made_id is not None:
            self.plan.made[self.name(index)] = made_id
            trace = write_of(action).trace(action)
            if trace:
                self.record.last_ids[trace] = max(made_id, self.record.last_ids.get(trace, 0))
        self._written.append(Deed(self._number(index), action, made_id))

    def skip(self, index: int) -> None:
        """Leaves an action undone: its item is gone, or a person has decided otherwise."""
        self._settle(index)

    def _settle(self, index: int) -> None:
        self.left.remove(index)
        self.plan.settled.append(index)

    def has_other_way(self, index: int) -> bool:
        """Whether people are told if this action is refused. What only tells has no other way: it would be the same."""
        step, action = self.plan.step, self.actions[index]
        is_asked = step is not None and step.has_other_way and not self.plan.refusal
        return is_asked and not action.optional and not isinstance(action, AddComment | AddTodo | Notify | PostToFeed)

    def refused(self, index: int, error: Refused | Gone) -> None:
        """Takes the portal's refusal: the step's other way where it has one, else the action is left out."""
        step = self.plan.step
        if self.actions[index].optional:
            self.skip(index)
        elif step is not None and step.has_other_way and not self.plan.refusal:
            self.plan.refusal = error.description or error.code
            self.plan.settled = []
            self._enter()
        elif isinstance(error, Gone) and self.halts:
            self.plan.position = len(self.plan.decision.steps)
            self.left = []
        else:
            self.skip(index)

    def next_step(self) -> None:
        """Moves on; after the last step the plan is over and the memory stands."""
        plan = self.plan
        steps = plan.decision.steps
        gave_up = bool(plan.refusal) and not steps[plan.position].goes_on
        if plan.refusal and not gave_up and steps[plan.position].memory_otherwise is not None:
            plan.decision = replace(plan.decision, memory=steps[plan.position].memory_otherwise)
        if not gave_up and plan.position < len(steps) - 1:
            plan.position += 1
            plan.refusal = ""
            plan.unanswered = False
            plan.settled = []
            self._enter()
            return
        memory: Any = plan.decision.memory
        if gave_up and steps[plan.position].memory_otherwise is not None:
            memory = steps[plan.position].memory_otherwise
        self.record.memory = resolve_memory(memory, plan.made)
        self.record.look_on = plan.decision.look_again
        self.record.refusal = self._told
        self.record.plan = None
        self.is_open = False

    def give_up(self) -> None:
        """Leaves the plan as if it had never been made; what it did is in the journal all the same."""
        self.left = []
        self.record.plan = None
        self.is_open = False

    def entries(self, words: Words) -> list[Entry]:
        """What was done since the last call, for the journal."""
        written, self._written = self._written, []
        return [entry for deed in written for entry in entries_of(deed, self.record, self.plan, words)]

    def _number(self, index: int) -> str:
        # A step's other way has numbers of its own: what was done before the refusal is in the journal, too.
        way = "otherwise." if self.plan.refusal else ""
        return f"{self.record.item}#{self.plan.number}.{self.plan.position}.{way}{index}"


def is_message(action: Action) -> bool:
    """Whether the portal cannot be asked about it afterwards."""
    return isinstance(action, Notify | PostToFeed)
