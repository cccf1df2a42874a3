"""What the robot remembers of a lead. Every field has a default: what an older version wrote must stay readable."""

import msgspec
from msgspec.structs import replace

from crm_robots.robots.qualification.handover import Pick
from crm_robots.robots.qualification.values import Value
from crm_robots.shared.gate.memory import GateMemory
from crm_robots.shared.reference import Reference

_MOST_ANSWERED = 20
_MOST_PAST = 3
WRITTEN, KEPT, OUTDATED, REFUSED, LAPSED = "written", "kept", "outdated", "refused", "lapsed"
"""How a sending of the fill-in page ends: written; nothing left to fill; the fields changed; the portal refused it;
too late."""


class Line(msgspec.Struct, frozen=True):
    """One changed field in words."""

    label: str
    old: str
    new: str


class Question(msgspec.Struct, frozen=True):
    """A change that waits for consent. The page shows it without asking the portal."""

    digest: str
    """SHA-256 of the link's token; the token itself is kept nowhere."""
    asked: int
    """Time of the event, on the portal's clock."""
    received: float
    """When the API took the event, on AWS's clock."""
    hours: int
    title: str
    """The lead's."""
    lines: tuple[Line, ...]
    old: dict[str, Value]
    new: dict[str, Value]
    by: str = ""
    """Who changed the lead."""

    def lapsed_on_portal(self, ts: int) -> bool:
        """Whether an event of that time comes too late for an answer."""
        return ts > self.asked + self.hours * 3600

    def lapsed_at_api(self, received: float) -> bool:
        """Whether a request of that time comes too late."""
        return received > self.received + self.hours * 3600


class Form(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fill-in page that was offered (Q10)."""

    digest: str
    """SHA-256 of the link's token."""
    asked: int
    """Time of the event, on the portal's clock."""
    received: float
    """When the API took the event, on AWS's clock."""
    hours: int
    lapsed: bool = False
    """An event came that was later than that, by the portal's clock."""

    def lapsed_on_portal(self, ts: int) -> bool:
        """Whether an event of that time comes too late for the page."""
        return self.lapsed or ts > self.asked + self.hours * 3600

    def lapsed_at_api(self, received: float) -> bool:
        """Whether a request of that time comes too late."""
        return self.lapsed or received > self.received + self.hours * 3600


class LeadMemory(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the robot last saw and did."""

    values: dict[str, Value] | None = None
    """None: the robot has not seen this lead before."""
    direction: str = ""
    """The last one that was chosen; it stays while the field is empty."""
    before_gate: str = ""
    """Stage where the lead last stood before the gate."""
    announced: tuple[str, ...] = ()
    """Gaps that people have been told of."""
    reminded: bool = False
    """People were told of gaps, and not yet that all are filled."""
    todo: int | Reference | None = None
    """Our open to-do."""
    refused: str = ""
    """How the lead looked when the portal last refused to change it."""
    handed: tuple[str, ...] = ()
    """Directions for which the lead has its responsible."""
    heir: Pick | None = None
    """Who has the lead by our hand-over, or stayed with it, and since when."""
    unserved: str = ""
    """Direction for which nobody was found."""
    question: Question | None = None
    past: tuple[Question, ...] = ()
    """The last ones that ended, for whoever opens a used link."""
    answered: dict[str, str] = {}
    """How questions ended, by digest: confirmed, declined, lapsed, replaced, refused."""
    base: str = ""
    """Address of our API, for links."""
    offered: tuple[str, ...] = ()
    """Directions whose fields the timeline has told."""
    forms: tuple[Form, ...] = ()
    """Fill-in pages, the newest last."""
    title: str = ""
    """The card's, for the page; kept while there is one."""
    client: str = ""
    """Of a deal: the card that its client's data is asked of, `contact:5`."""
    client_lacks: tuple[str, ...] = ()
    """What that card lacks, in words."""
    sent: dict[str, str] = {}
    """How sendings of the page ended, by their names: written, kept, outdated, refused."""
    next_stage: str = ""
    """Stage whose next step the responsible has been given (Q14)."""
    next_todo: int | Reference | None = None
    """That to-do."""

    @property
    def gate(self) -> GateMemory:
        """What concerns the gate."""
        return GateMemory(self.before_gate, self.announced, self.todo, self.reminded, self.refused)

    def with_gate(self, gate: GateMemory) -> "LeadMemory":
        """The same with what is remembered of the gate now."""
        return replace(
            self,
            before_gate=gate.free_stage,
            announced=gate.announced,
            todo=gate.todo_id,
            reminded=gate.is_told,
            refused=gate.refused,
        )

    def past_with(self, now: Question | None) -> tuple[Question, ...]:
        """`past`, with the question that waited so far, where it waits no longer."""
        over = self.question if self.question and (now is None or now.digest != self.question.digest) else None
        return (*self.past, over)[-_MOST_PAST:] if over else self.past

    def ended(self, question: Question, how: str) -> dict[str, str]:
        """`answered` with one question more; old ones are forgotten."""
        return newest(self.answered | {question.digest: how})


def newest(ends: dict[str, str]) -> dict[str, str]:
    """The last ones that were noted; old ones are forgotten."""
    return dict(list(ends.items())[-_MOST_ANSWERED:])
