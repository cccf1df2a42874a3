"""T3: what an administrator took back, the robots leave alone until a person changes that card or the one behind it.

One rule for all robots: whatever they decide goes through `respected` before it is written down.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from crm_robots.shared.actions import Action, AddComment, LinkContact, ReassignActivity, UpdateItem
from crm_robots.shared.decision import Decision, Step
from crm_robots.shared.plan import Cause

ROBOT = "undo"
"""Under which name the memory keeps it, by card."""
_DAY = "daily-"
_CLIENTS = ("contact:", "company:")


class Mark(msgspec.Struct, frozen=True):
    """One field that was given its old value back."""

    ts: int
    """When, on the portal's clock."""
    causes: tuple[str, ...] = ()
    """Cards whose events were behind the robots' change."""


class HandsOff(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was taken back on one card."""

    fields: dict[str, Mark] = {}
    undone: tuple[str, ...] = ()
    """Entries of the journal that are dealt with: they are not taken back a second time."""
    begun: tuple[str, ...] = ()
    """Entries that are being taken back right now."""


def held(known: HandsOff, item: str, cause: Cause, robot_user: int) -> frozenset[str]:
    """Fields of the card that robots leave alone when they act upon that cause. An administrator's command is a
    person's word.
    """
    if cause.run and not cause.run.startswith(_DAY):
        return frozenset()
    by_person = not cause.run and cause.by not in (0, robot_user)
    return frozenset(
        name
        for name, mark in known.fields.items()
        if not (by_person and cause.ts > mark.ts and cause.item in (item, *mark.causes))
    )


def is_own_doing(known: HandsOff, item: str, cause: Cause, robot_user: int) -> bool:
    """Whether the event is only the undo's own writes, come back: nothing follows from them (W7).

    The days of a client do follow: a mark that was taken back may have held them up (L5).
    """
    is_of_the_card = cause.item == item and cause.event.startswith("ON") and not item.startswith(_CLIENTS)
    return is_of_the_card and cause.by == robot_user and bool(held(known, item, cause, robot_user))


def touched(decision: Decision) -> set[str]:
    """Cards whose fields it changes."""
    actions = [action for step in decision.steps for action in (*step.actions, *step.otherwise)]
    return {str(action.item) for action in actions if isinstance(action, UpdateItem | LinkContact)}


def respected(decision: Decision, item: str, kept: Mapping[str, frozenset[str]]) -> Decision | None:
    """The decision without changes of what is to be left alone; None where nothing of its own is left to do.

    `kept`: by card. What would be said of a change that is not made is left out as well.
    """
    left = [_without(action, kept) for step in decision.steps for action in step.actions]
    whole = [action for step in decision.steps for action in step.actions]
    if left == whole:
        return decision
    silenced = {str(one.item) for one, now in zip(whole, left, strict=True) if now is None and hasattr(one, "item")}
    if item in silenced:
        return None
    keeps_owner = "ASSIGNED_BY_ID" in kept.get(item, ())
    steps = (
        replace(one, actions=tuple(_spoken(one, kept, silenced, keeps_owner=keeps_owner))) for one in decision.steps
    )
    return replace(decision, steps=tuple(one for one in steps if one.actions))


def _spoken(
    step: Step, kept: Mapping[str, frozenset[str]], silenced: set[str], *, keeps_owner: bool
) -> Iterator[Action]:
    for action in step.actions:
        is_about = isinstance(action, AddComment) and str(action.item) in silenced
        goes_along = keeps_owner and isinstance(action, ReassignActivity)
        if not is_about and not goes_along and (found := _without(action, kept)) is not None:
            yield found


def _without(action: Action, kept: Mapping[str, frozenset[str]]) -> Action | None:
    names: Any = kept.get(str(getattr(action, "item", "")), frozenset())
    if isinstance(action, LinkContact):
        return None if names & {"CONTACT_ID", "CONTACT_IDS"} else action
    if not isinstance(action, UpdateItem) or not names & action.fields.keys():
        return action
    fields = {name: value for name, value in action.fields.items() if name not in names}
    return replace(action, fields=fields) if fields else None
