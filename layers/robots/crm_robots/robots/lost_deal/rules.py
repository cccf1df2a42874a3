"""The `lost_deal` section once it is published, and what the robot remembers of a deal."""

from typing import Any

import msgspec


class SetField(msgspec.Struct, frozen=True):
    """A field of a client's card and the value that a rule gives it."""

    name: str
    label: str
    value: Any
    """As the portal stores it: an item's id for a dropdown; None empties the field."""
    shown: str
    """The value in words."""
    words: dict[str, str] = {}
    """All items of a dropdown, id to label: the old value is told in words too."""


class Rule(msgspec.Struct, frozen=True):
    """What a deal that enters one of these stages does to its clients."""

    stages: dict[str, str]
    """Stage id (`C3:LOSE`) to the name people know."""
    contact: tuple[SetField, ...] = ()
    company: tuple[SetField, ...] = ()
    expires_days: int | None = None
    undo_on_reopen: bool = True
    video: str = ""
    comment: str = ""

    @property
    def is_remembered(self) -> bool:
        """Whether what it sets may have to be given back (L4)."""
        return self.undo_on_reopen or self.expires_days is not None


class LostDealRules(msgspec.Struct, frozen=True):
    """All rules; the first that has the deal's stage wins."""

    rules: tuple[Rule, ...]

    def rule_for(self, stage_id: str) -> Rule | None:
        """The rule for deals at this stage."""
        return next((rule for rule in self.rules if stage_id in rule.stages), None)

    def fields_of(self, kind: str) -> list[str]:
        """Every field that some rule sets on contacts or companies."""
        wanted = (rule.contact if kind == "contact" else rule.company for rule in self.rules)
        return sorted({field.name for fields in wanted for field in fields})


class LostDealMemory(msgspec.Struct, frozen=True):
    """At which stage the robot last saw the deal, and whose cards it has marked."""

    stage_id: str = ""
    marked: tuple[str, ...] = ()
    """`contact:4`; they get their earlier values back when the deal is opened again (L4)."""
