"""The robots' side of the story, told by whoever runs beside this portal and knows them."""

from typing import Any, Protocol


class Robots(Protocol):
    """What a page asks about the robots."""

    def journal(self, item: str = "") -> list[Any] | None:
        """The newest writes, of all items or of one (`lead:17`), in any order, as `robots journal --json` tells them;
        None: no stack here.
        """

    def timer(self, item: str) -> dict[str, Any] | None:
        """Status, since, due and last call of a client's card, as `robots inspect` tells it."""


class NoRobots:
    """Nobody who could tell."""

    def journal(self, item: str = "") -> list[Any] | None:  # noqa: ARG002 - the protocol's name
        """Nothing."""
        return None

    def timer(self, item: str) -> dict[str, Any] | None:  # noqa: ARG002
        """Nothing."""
        return None
