"""Q3 and Q4: a lead with gaps at the gate or past it goes back, and its responsible hears what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_robots.robots.qualification.gaps import gap_key
from crm_robots.robots.qualification.scene import Scene
from crm_robots.robots.qualification.texts import Texts, paragraphs
from crm_robots.shared.actions import Action, AddComment
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.gate.gaps import Gap, Requirement
from crm_robots.shared.gate.hold import Arrival, hold
from crm_robots.shared.markup import Markup


def at_gate(scene: Scene, missing: Sequence[Requirement]) -> Decision:
    """The move comes before the reminder, which says whether the portal let it be; nothing else can stop the move."""
    lead, case = scene.lead, scene.case
    at = datetime.fromtimestamp(case.ts, case.words.zone)
    gaps = [Gap(gap_key(one, scene.values, case.rules), case.words.gap(one, scene.values)) for one in missing]
    arrival = Arrival(lead, case.rules.held_at, case.order, _Texts(case.texts), at, case.history)
    held = hold(arrival, gaps, scene.known.gate)
    told = scene.known.with_gate(held.memory)
    if held.move is None:
        return Decision(told, scene.steps(paragraphs(scene.news, held.text), *held.todo))
    news, refused = _comment(scene, scene.news, "Q5"), scene.known.with_gate(held.memory_refused)
    if not held.refused_text:
        # Whatever the portal says, there is nothing to tell: a step of one action needs no other way.
        return Decision(told, (*step(*news), Step((held.move,), memory_otherwise=refused)))
    moving = Step(
        actions=(*news, held.move, *_comment(scene, held.text, "Q4"), *held.todo),
        otherwise=(AddComment(lead.ref, held.refused_text, rule="Q3"), *held.todo),
        memory_otherwise=refused,
    )
    return Decision(told, (moving,))


def _comment(scene: Scene, text: Markup, rule: str) -> tuple[Action, ...]:
    return (AddComment(scene.lead.ref, text, rule=rule, optional=True),) if text else ()


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the gate says, out of the robot's texts."""

    texts: Texts

    def returned(self, missing: Sequence[str], stage: str) -> Markup:
        return self.texts.listed("returned", missing, stage=stage)

    def stays(self, missing: Sequence[str], stage: str, *, is_won: bool) -> Markup:
        return self.texts.listed("converted" if is_won else "remind", missing, stage=stage)

    def not_returned(self, missing: Sequence[str], stage: str) -> Markup:
        told = self.texts.listed("not_returned", missing)
        return paragraphs(told, self.texts.say("portal_refused", stage=stage))

    def todo(self, missing: Sequence[str]) -> tuple[Markup, Markup]:
        return self.texts.todo_title(missing), self.texts.listed("todo_text", missing)
