"""The shape that every write has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm_robots.portal.commands import Command


@dataclass(frozen=True, slots=True)
class Found:
    """The result of looking an action up on the portal.

    `done`: nothing is left to do; `id`: what it made, where it makes something. `superseded`: a person has written
    something else meanwhile, which stays.
    """

    done: bool
    id: int | None = None
    superseded: bool = False
    theirs: bool = False
    """A person made it: the decision that we hold did not know of it."""
    twin: int | None = None
    """Our duplicate of a card that a person made meanwhile: theirs is `id`, and ours must be deleted."""


@dataclass(frozen=True, slots=True)
class Write:
    """One action's spelling. The functions take the action itself, typed by the row of the table it stands in."""

    command: Callable[[Any], Command]
    made_id: Callable[[Any], int | None] = lambda result: None
    """The id of what was made, from the command's result."""
    look: Callable[[Any], Command] | None = None
    """Asks whether it happened; None where the portal has no way to tell."""
    look_also: Callable[[Any], Command | None] = lambda action: None
    """A second question; then `found` gets the rows of both."""
    found: Callable[[Any, Any, int], Found] = lambda action, result, above: Found(done=False)
    """Reads the result of `look`; an item that is gone never gets here.

    `above`: the newest id of this kind that we know of on the same item.
    """
    trace: Callable[[Any], str] = lambda action: ""
    """Under which key the newest id is remembered (`comment:lead:17`); empty where marks tell."""
    remove: Callable[[Any, int], Command | None] = lambda action, number: None
    """Takes back what was made under that id."""
    halts: bool = False
    """Whether later commands refer to what this one makes."""

    def looks(self, action: Any) -> tuple[Command, ...]:
        """All questions about an action; none where the portal has no way to tell."""
        both = (self.look(action) if self.look else None, self.look_also(action))
        return tuple(command for command in both if command is not None)
