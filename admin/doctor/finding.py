"""One line of the doctor's report."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked, the result, and what to do. A `note` is information, not a fault."""

    name: str
    level: Level
    text: str
    todo: str = ""


def ok(name: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(name, "ok", text)


def note(name: str, text: str, todo: str = "") -> Finding:
    """Information."""
    return Finding(name, "note", text, todo)


def wrong(name: str, text: str, todo: str) -> Finding:
    """Somebody must act."""
    return Finding(name, "wrong", text, todo)
