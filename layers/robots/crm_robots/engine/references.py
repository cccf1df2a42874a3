"""References to things that a batch makes (`$result[deal][item][id]`), turned into ids or into batch names."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from crm_robots.shared.actions import Action
from crm_robots.shared.decision import REFUSAL
from crm_robots.shared.plan import to_json

_QUOTED = re.compile(r'"\$result\[(\w+)\](?:\[\w+\])*"')
_WITHIN = re.compile(r"\$result\[(\w+)\](?:\[\w+\])*")
_PLAIN = re.compile(r"\$result\[(\w+)\]")


def resolve(action: Action, made: Mapping[str, int]) -> Action:
    """The action with the ids of what is already made; references to the rest stay."""
    text = to_json(action)
    if "$result[" not in text:
        return action
    resolved: Action = msgspec.json.decode(_filled(text, made), type=Action)
    return resolved


def resolve_memory(memory: Any, made: Mapping[str, int]) -> str:
    """The memory as JSON with every reference as an id, or null for what was never made."""
    return _QUOTED.sub("null", _filled(to_json(memory), made))


def waits(action: Action) -> bool:
    """Whether the action refers to something that is not made yet."""
    return "$result[" in to_json(action)


def in_batch(value: Any, prefix: str, keys: Collection[str]) -> Any:
    """Parameters with references to these keys renamed to the names that the actions have in a shared batch."""
    if isinstance(value, str):
        return _PLAIN.sub(lambda match: f"$result[{prefix}{match[1]}]" if match[1] in keys else match[0], value)
    if isinstance(value, Mapping):
        return {name: in_batch(part, prefix, keys) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [in_batch(part, prefix, keys) for part in value]
    return value


def tell_refusal(action: Action, refusal: str) -> Action:
    """The action with the portal's words in its texts."""
    text = to_json(action)
    if REFUSAL not in text:
        return action
    words = to_json(refusal)[1:-1]
    told: Action = msgspec.json.decode(text.replace(REFUSAL, words), type=Action)
    return told


def _filled(text: str, made: Mapping[str, int]) -> str:
    """References that are a whole value become numbers; those within links and bindings become digits."""
    text = _QUOTED.sub(lambda match: str(made.get(match[1], match[0])), text)
    return _WITHIN.sub(lambda match: str(made.get(match[1], match[0])), text)
