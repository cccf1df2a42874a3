"""What is not known yet when a decision is made: ids of what its actions will make, and the portal's words."""

import msgspec


class Reference(msgspec.Struct, frozen=True, tag_field="$", tag="made"):
    """Something within the result of a command of the same plan or batch: `Reference("deal", ("item", "id"))`.

    A type of its own: no text is ever read as a reference, whoever typed it.
    """

    command: str
    path: tuple[str, ...] = ()

    def at(self, *path: str | int) -> "Reference":
        """Something further inside."""
        return Reference(self.command, (*self.path, *map(str, path)))

    def __int__(self) -> int:
        raise ValueError("what is not made yet has no id")

    def __str__(self) -> str:
        return f"$result{''.join(f'[{part}]' for part in (self.command, *self.path))}"


class Refusal(msgspec.Struct, frozen=True, tag_field="$", tag="refusal"):
    """The portal's own words for why it refused, once they are known."""

    def __str__(self) -> str:
        return "{refusal}"


type Unknown = Reference | Refusal
