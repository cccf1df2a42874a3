"""Q3 and Q4: a lead with gaps at the gate or past it goes back, and its responsible hears what is missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_robots.robots.qualification.scene import Scene
from crm_robots.robots.qualification.texts import Texts, paragraphs
from crm_robots.shared.actions import Action, AddComment
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.gate.gaps import Gap
from crm_robots.shared.gate.hold import Arrival, hold
from crm_robots.shared.markup import NOTHING, Markup

_ADDRESS = re.compile(r"\[/?URL[^\]]*\]")
"""A title shows no links."""


def at_gate(scene: Scene, gaps: Sequence[Gap]) -> Decision:
    """The move comes before the reminder, which says whether the portal let it be; nothing else can stop the move."""
    lead, case = scene.lead, scene.case
    at = datetime.fromtimestamp(case.ts, case.words.zone)
    texts = _Texts(case.texts, case.portal.link_to(lead))
    robot = case.portal.webhook_user_id
    arrival = Arrival(lead, case.rules.held_at, case.order, texts, at, case.history, robot, case.moved_on)
    held = hold(arrival, gaps, scene.known.gate)
    told = scene.known.with_gate(held.memory)
    # Reminder and offer list the same fields: they are one comment (Q10).
    said, link = (scene.news, scene.offer_link) if held.text else (scene.news_and_offer, NOTHING)
    if held.move is None:
        return Decision(told, scene.steps(paragraphs(said, held.text, link), *held.todo))
    news, refused = _comment(scene, said, "Q5"), scene.known.with_gate(held.memory_refused)
    if not held.refused_text:
        return Decision(told, (*step(*news), Step((held.move, *held.notice), memory_otherwise=refused)))
    moving = Step(
        actions=(
            *news,
            held.move,
            *held.notice,
            *_comment(scene, paragraphs(held.text, link), "Q4"),
            *held.todo,
        ),
        otherwise=(AddComment(lead.ref, paragraphs(held.refused_text, link), rule="Q3"), *held.todo),
        memory_otherwise=refused,
    )
    return Decision(told, (moving,))


def _comment(scene: Scene, text: Markup, rule: str) -> tuple[Action, ...]:
    return (AddComment(scene.lead.ref, text, rule=rule, optional=True),) if text else ()


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the gate says, out of the robot's texts."""

    texts: Texts
    link: Markup
    """To the card."""

    def returned(self, missing: Sequence[str], stage: str) -> Markup:
        return self.texts.listed("returned", missing, stage=stage)

    def stays(self, missing: Sequence[str], stage: str, *, is_won: bool) -> Markup:
        return self.texts.listed("converted" if is_won else "remind", missing, stage=stage)

    def not_returned(self, missing: Sequence[str], stage: str) -> Markup:
        told = self.texts.listed("not_returned", missing)
        return paragraphs(told, self.texts.say("portal_refused", stage=stage))

    def todo(self, missing: Sequence[str]) -> tuple[Markup, Markup]:
        return self.texts.todo_title([_ADDRESS.sub("", one) for one in missing]), self.texts.listed(
            "todo_text", missing
        )

    def notice(self, missing: Sequence[str], stage: str) -> Markup:
        return self.texts.say("notice", lead=self.link, stage=stage, fields=Markup(", ").join(missing))
