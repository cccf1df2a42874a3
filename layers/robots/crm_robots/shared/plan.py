"""What a robot keeps about one item between events: its memory, and the plan it has not finished."""

from datetime import date
from typing import Any

import msgspec

from crm_robots.shared.decision import Decision, Step
from crm_robots.shared.filling import changed
from crm_robots.shared.markup import from_wire, to_wire
from crm_robots.shared.reference import Reference


class Cause(msgspec.Struct, frozen=True):
    """Why a robot acted, for the journal: the event, the item it named, and its time on the portal's clock."""

    event: str
    item: str
    ts: int
    run: str = ""
    """The day's run or the command that it belongs to; empty for webhooks."""
    by: int = 0
    """Who changed that item, answered or called; 0: nobody, or the portal did not tell."""
    answer: str = ""
    """What somebody chose on a page: `confirm`, `decline`."""


class Plan(msgspec.Struct):
    """A decision that was stored before its first action."""

    number: int
    cause: Cause
    decision: Decision
    position: int = 0
    """Which step is being done."""
    refusal: str = ""
    """The portal's words, if a step took its alternative."""
    made: dict[str, int] = {}
    unanswered: bool = False
    """The last request got no answer: actions that cannot be looked up count as done."""
    settled: list[int] = []
    """Actions of the current step that are finished although others must be tried again."""
    titles: dict[str, str] = {}
    """What the cards were called when it was decided, for the journal."""

    @property
    def step(self) -> Step | None:
        """The actions of the current step."""
        steps = self.decision.steps
        if self.position >= len(steps):
            return None
        step = steps[self.position]
        return Step(step.otherwise, goes_on=step.goes_on) if self.refusal else step


class Record(msgspec.Struct):
    """One row of the memory table; `version` guards it against two writers."""

    item: str
    robot: str
    version: int = 0
    memory: str = "{}"
    plan: Plan | None = None
    last_ids: dict[str, int] = {}
    """Our newest comment or to-do per item: a newer one with our text that is not noted here was made by a try that
    crashed."""
    refusal: str = ""
    """What was done when the portal last refused a step, so that the same is not announced twice in a row."""
    look_on: date | None = None
    """The day on which the robot wants to look at the item again."""
    held_by: str = ""
    """Whose function has the open plan in hand, where events of several items meet at one record: `bankdetail:7`."""
    held_until: float = 0
    """Unix seconds; after that any function may go on with the plan."""
    is_begun_anew: bool = False
    """The memory could not be read. Not stored: logged when the record is next written."""

    def remembered[T](self, kind: type[T]) -> T:
        """The memory, read into the robot's own structure. Fields that it does not know are left out.

        One that cannot be read is begun anew, or its item's events would come back for ever.
        """
        try:
            return msgspec.json.decode(self.memory, type=kind, dec_hook=from_wire)
        except msgspec.DecodeError:
            self.memory, self.is_begun_anew = "{}", True
            return msgspec.json.decode(self.memory, type=kind)


def to_json(value: Any) -> str:
    """A structure as JSON text."""
    return msgspec.json.encode(value, enc_hook=to_wire).decode()


def read_plan(text: str) -> Plan:
    """A plan that `to_json` wrote, with its references; `msgspec.ValidationError` if this version cannot read it."""
    plan: Plan = changed(msgspec.json.decode(text, type=Plan, dec_hook=from_wire), _as_reference)
    return plan


def _as_reference(part: Any) -> Any:
    """Where any value may stand, references come back as maps; no text and no map of the portal's is one."""
    is_one = isinstance(part, dict) and part.get("$") == Reference.__struct_config__.tag
    return msgspec.convert(part, Reference) if is_one else part
