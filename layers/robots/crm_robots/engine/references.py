"""What actions and memories refer to, filled in once it is known, or named as in a batch that plans share."""

from collections.abc import Collection, Mapping
from typing import Any

from crm_robots.shared.actions import Action
from crm_robots.shared.filling import filled
from crm_robots.shared.markup import quoted
from crm_robots.shared.plan import to_json
from crm_robots.shared.reference import Reference, Refusal, Unknown


def resolve(action: Action, made: Mapping[str, int]) -> Action:
    """The action with the ids of what is already made; references to the rest stay."""
    resolved: Action = filled(action, lambda one: made.get(one.command, one) if isinstance(one, Reference) else one)
    return resolved


def resolve_memory(memory: Any, made: Mapping[str, int]) -> str:
    """The memory as JSON with every reference as an id, or null for what was never made."""
    return to_json(filled(memory, lambda one: made.get(one.command) if isinstance(one, Reference) else one))


def waits(action: Action) -> bool:
    """Whether the action refers to something that is not made yet."""
    found: list[Unknown] = []

    def note(one: Unknown) -> Unknown:
        found.append(one)
        return one

    filled(action, note)
    return any(isinstance(one, Reference) for one in found)


def in_batch(value: Any, prefix: str, keys: Collection[str]) -> Any:
    """Parameters with references to these keys renamed to the names that the actions have in a shared batch."""

    def renamed(one: Unknown) -> Unknown:
        if isinstance(one, Reference) and one.command in keys:
            return Reference(prefix + one.command, one.path)
        return one

    return filled(value, renamed)


def tell_refusal(action: Action, refusal: str) -> Action:
    """The action with the portal's words in its texts. They may hold what people typed."""
    words = quoted(refusal)
    told: Action = filled(action, lambda one: words if isinstance(one, Refusal) else one)
    return told
