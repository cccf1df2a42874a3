"""What the rest of the house must know of a robot: its row, in the `__init__.py` of its folder.

`robots/registry.py` lists the rows. A row names things and imports nothing: the receiver loads all of them.
"""

from dataclasses import dataclass

LEADS = frozenset({"ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE"})
DEALS = frozenset({"ONCRMDEALADD", "ONCRMDEALUPDATE"})
CLIENTS = frozenset(
    f"ONCRM{kind}{change}"
    for kind in ("CONTACT", "COMPANY", "DEAL", "ACTIVITY")
    for change in ("ADD", "UPDATE", "DELETE")
) | {"ONVOXIMPLANTCALLEND"}


@dataclass(frozen=True, slots=True)
class Row:
    """One robot."""

    name: str
    """As in its webhook's address, its queue and the memory: `lost-deal`."""
    events: frozenset[str]
    """The events that it takes."""
    kinds: frozenset[str]
    """Items whose automation rules it listens to. A deal that moves to another category raises no event at all: an
    automation rule's webhook is how it is heard of at once (W9)."""
    scopes: frozenset[str]
    """Scopes of the incoming webhook that it uses (`portal/access.py` has their words)."""
    timers: bool = False
    """It keeps timers of cards beside its memory."""
    duties: tuple[tuple[str, str], ...] = ()
    """What the schedule has it do at every firing: a name, and `module:function` (`engine/rounds.py`). Looking at an
    item again on a day needs none (`Decision.look_again`)."""
    watcher: str = ""
    """`module:name` of what tells which changes are news to it (`engine/sweep/watching.py`); empty: all."""

    @property
    def section(self) -> str:
        """Its section of the settings file, and its folder: `lost_deal`."""
        return self.name.replace("-", "_")

    @property
    def queue_variable(self) -> str:
        """The environment variable in which others find its queue."""
        return f"{self.section.upper()}_QUEUE_URL"

    @property
    def dead_letters_variable(self) -> str:
        """The environment variable in which others find its dead letters."""
        return f"{self.section.upper()}_DEAD_LETTERS_URL"

    @property
    def on_leads(self) -> bool:
        """Whether leads are what it works on: in simple CRM mode there are none."""
        return "lead" in self.kinds

    def wants(self, event: str, item: str) -> bool:
        """Whether it takes the event; an automation rule's is empty, and goes by the kind of item."""
        return event in self.events if event else item.partition(":")[0] in self.kinds
