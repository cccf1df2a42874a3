"""Tasks, as far as robots read them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ControlTask:
    """A task as it is now: what it is linked to, and whether it is open."""

    bindings: tuple[str, ...]
    is_open: bool
