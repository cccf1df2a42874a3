"""The page's side of a question: shows it, and hands the answer to the robot, which alone writes to the portal.

The answer takes the lead's own queue: it is worked off in order with the lead's events, tried again while the portal is
down, and done once, however often the button is pressed.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from crm_robots.pages.consent.html import ASK, TAKEN, UNKNOWN
from crm_robots.pages.waiting import Patience
from crm_robots.records.inbox import Inbox
from crm_robots.records.memory import MemoryTable
from crm_robots.robots.qualification.memory import LeadMemory, Question
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import ItemRef
from crm_robots.shared.plan import Record
from crm_robots.shared.tokens import digest_of, item_of

_ROBOT = "qualification"
# How a question may end by each answer.
_OUTCOMES = {"confirm": (TAKEN, "confirmed", "refused"), "decline": (TAKEN, "declined")}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page is to show. `lead` is None for a link that leads nowhere."""

    state: str
    lead: ItemRef | None = None
    question: Question | None = None
    decides: bool = False
    """This very request answered the question; whoever comes later finds a link that was used."""


class Confirmation:
    """Looks up questions by their links' tokens. Knows nothing of the portal."""

    def __init__(self, memory: MemoryTable, inbox: Inbox, patience: Patience) -> None:
        self._memory = memory
        self._inbox = inbox
        self._patience = patience

    def show(self, token: str, received: float) -> Shown:
        """Changes nothing: previews of links and careless fingers open it too."""
        lead = item_of(token)
        if lead is None:
            return Shown(UNKNOWN)
        record = self._memory.load(_ROBOT, [str(lead)])[str(lead)]
        return _shown(record, lead, digest_of(token), received)

    def answer(self, token: str, answer: str, received: float) -> Shown:
        """Takes the answer, and waits a little so that the page can tell how it ended."""
        shown = self.show(token, received)
        if shown.state != ASK or shown.question is None or answer not in _OUTCOMES:
            return shown
        self._hand_in(shown, answer, received)
        outcome = self._patience.wait(
            lambda: self.show(token, received), shown, until=lambda seen: seen.state not in (ASK, TAKEN)
        )
        state = TAKEN if outcome.state == ASK else outcome.state
        return Shown(state, shown.lead, shown.question, decides=state in _OUTCOMES[answer])

    def _hand_in(self, shown: Shown, answer: str, received: float) -> None:
        question = shown.question
        if question is None:
            raise ValueError("there is no question to answer")
        passed = max(0.0, received - question.received)
        event = CrmEvent(
            event="CONFIRMATION",
            item=str(shown.lead),
            # The portal's clock, as far as we can tell: when the question was asked, and what has passed since.
            ts=question.asked + int(passed),
            received=received,
            answer=answer,
            question=question.digest,
        )
        self._inbox.put([_ROBOT], msgspec.to_builtins(event), question.digest)


def _shown(record: Record, lead: ItemRef, digest: str, received: float) -> Shown:
    memory = record.remembered(LeadMemory)
    # While the robot is at work its plan knows better than its memory.
    planned = _planned(record.plan.decision.memory) if record.plan else memory
    known = (planned.question, memory.question, *planned.past, *memory.past)
    question = next((one for one in known if one and one.digest == digest), None)
    if how := memory.answered.get(digest):
        return Shown(how, lead, question)
    if digest in planned.answered:
        return Shown(TAKEN, lead, question)
    if question is None:
        return Shown(UNKNOWN)
    return Shown("lapsed" if question.lapsed_at_api(received) else ASK, lead, question)


def _planned(memory: Any) -> LeadMemory:
    return msgspec.convert(memory, LeadMemory)
