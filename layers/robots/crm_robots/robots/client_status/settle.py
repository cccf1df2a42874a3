"""What a card means to its timer besides the status: stop-list (L5) and pause (S9); and the day on the card (S8)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from crm_robots.robots.client_status.pauses import judged
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.shared.actions import Action, UpdateItem
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.items import Item
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.stop_list import stopped
from crm_robots.shared.values import same_value


def settled(card: Item, decision: Decision, calendar: Calendar, portal: PortalRules, ts: int) -> Decision:
    """The decision about the card's status, with all that the card's other fields call for."""
    today = calendar.today(ts)
    decision = revised(decision, lambda timer: with_stop(card, timer, calendar, today))
    timer, back = judged(card, decision.memory, calendar, portal, today)
    if timer != decision.memory:
        decision = revised(decision, lambda one: msgspec.structs.replace(one, pause=timer.pause) if one.status else one)
    return with_due(card, Decision(decision.memory, (*decision.steps, *step(*back))), calendar)


def with_stop(card: Item, timer: Timer, calendar: Calendar, today: date) -> Timer:
    """The days of a marked client stand still; once the mark is gone they start anew (L5)."""
    if not timer.status:
        return timer
    why = stopped(card, calendar.rules.skip_when)
    if bool(why) == bool(timer.stopped):
        return timer
    return msgspec.structs.replace(timer, stopped=why, anew=timer.anew if why else today)


def with_due(card: Item, decision: Decision, calendar: Calendar) -> Decision:
    """The day on which the status changes goes with whatever is written to the card anyway, else by itself (S8)."""
    wanted = due_fields(card, decision.memory, calendar)
    if not wanted:
        return decision
    old = {name: card.fields.get(name) for name in wanted}
    for place, one in enumerate(decision.steps):
        for number, action in enumerate(one.actions):
            if isinstance(action, UpdateItem) and action.item == card.ref:
                fuller = msgspec.structs.replace(action, fields=action.fields | wanted, old=action.old | old)
                return _replaced(decision, place, (*one.actions[:number], fuller, *one.actions[number + 1 :]))
    update = UpdateItem(card.ref, wanted, old, rule="S8")
    if decision.steps and not decision.steps[0].has_other_way:
        return _replaced(decision, 0, (update, *decision.steps[0].actions))
    return Decision(decision.memory, (*decision.steps, Step((update,))))


def due_fields(card: Item, timer: Timer, calendar: Calendar) -> dict[str, Any]:
    """What the card's date has to be, where it is something else."""
    name = calendar.rules.due_field
    day = calendar.due(timer)
    wanted = day.isoformat() if day else None
    return {} if not name or same_value(card.fields.get(name), wanted) else {name: wanted}


def revised(decision: Decision, change: Callable[[Timer], Timer]) -> Decision:
    """The decision with its timers changed, whichever way it takes."""
    steps = tuple(
        msgspec.structs.replace(one, memory_otherwise=change(one.memory_otherwise))
        if isinstance(one.memory_otherwise, Timer)
        else one
        for one in decision.steps
    )
    return Decision(change(decision.memory), steps)


def _replaced(decision: Decision, place: int, actions: tuple[Action, ...]) -> Decision:
    steps = list(decision.steps)
    steps[place] = msgspec.structs.replace(steps[place], actions=actions)
    return Decision(decision.memory, tuple(steps))
