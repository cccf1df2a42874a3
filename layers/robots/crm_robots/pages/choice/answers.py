"""The page's side of a choice: shows the cards that fit, and hands the answer to the robot, which alone writes.

The answer takes the lead's own queue: it is worked off in order with the lead's events, and counts once.
"""

from dataclasses import dataclass

import msgspec

from crm_robots.pages.waiting import Patience
from crm_robots.records.inbox import Inbox
from crm_robots.records.memory import MemoryTable
from crm_robots.robots.conversion.choice import CHOSEN, EVENT, LAPSED, NONE_OF_THESE, Choice, Choices
from crm_robots.robots.conversion.rules import ConversionMemory
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import ItemRef
from crm_robots.shared.tokens import digest_of, item_of

_ROBOT = "conversion"
ASK, TAKEN, UNKNOWN, UNCLEAR, BROKEN = "ask", "taken", "unknown", "unclear", "broken"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page is to show. `lead` is None for a link that leads nowhere."""

    state: str
    lead: ItemRef | None = None
    choice: Choice | None = None
    decides: bool = False
    """This very request answered; whoever comes later finds a link that was used."""


class ChoicePage:
    """Looks up questions by their links' tokens. Knows nothing of the portal."""

    def __init__(self, memory: MemoryTable, inbox: Inbox, patience: Patience) -> None:
        self._memory = memory
        self._inbox = inbox
        self._patience = patience

    def show(self, token: str, received: float) -> Shown:
        """Changes nothing: previews of links and careless fingers open it too."""
        lead = item_of(token)
        if lead is None or lead.kind != "lead":
            return Shown(UNKNOWN)
        digest, choices = digest_of(token), self._choices(lead)
        if how := choices.ended.get(digest):
            return Shown(how, lead)
        if choices.open is None or choices.open.digest != digest:
            return Shown(UNKNOWN)
        return Shown(LAPSED if choices.open.lapsed_at_api(received) else ASK, lead, choices.open)

    def answer(self, token: str, answer: str, received: float) -> Shown:
        """Takes the answer, and waits a little so that the page can tell how it ended."""
        shown = self.show(token, received)
        if shown.state != ASK or shown.choice is None or shown.lead is None:
            return shown
        if not answer.isascii() or not answer.isdecimal() or int(answer) not in {NONE_OF_THESE, *shown.choice.ids}:
            return Shown(UNCLEAR)
        self._hand_in(shown.lead, shown.choice, str(int(answer)), received)
        end = self._patience.wait(lambda: self.show(token, received), shown, until=lambda seen: seen.state != ASK)
        state = TAKEN if end.state == ASK else end.state
        return Shown(state, shown.lead, decides=state in (TAKEN, CHOSEN))

    def _hand_in(self, lead: ItemRef, choice: Choice, answer: str, received: float) -> None:
        event = CrmEvent(
            event=EVENT,
            item=str(lead),
            # The portal's clock, as far as we can tell: when the question was asked, and what has passed since.
            ts=choice.asked + int(max(0.0, received - choice.received)),
            received=received,
            answer=answer,
            question=choice.digest,
        )
        self._inbox.put([_ROBOT], msgspec.to_builtins(event), choice.digest)

    def _choices(self, lead: ItemRef) -> Choices:
        """While the robot is at work its plan knows better than its memory."""
        record = self._memory.load(_ROBOT, [str(lead)])[str(lead)]
        if record.plan:
            return msgspec.convert(record.plan.decision.memory, ConversionMemory).choices
        return record.remembered(ConversionMemory).choices
