"""C13: several cards fit, and a person chooses. The question, its answer, and what is remembered of both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.tokens import digest_of

EVENT = "CHOICE"
"""The event with which the page hands an answer over."""
NONE_OF_THESE = 0
CHOSEN, OVERTAKEN, LAPSED, REPLACED = "chosen", "overtaken", "lapsed", "replaced"
"""How a question ends: somebody answered; the card was linked by hand meanwhile; nobody answered in time; other cards
fit by now.
"""
_MOST_KEPT = 20


class Candidate(msgspec.Struct, frozen=True):
    """A card that fits: enough to tell it from the others, and nothing more."""

    id: int
    name: str
    city: str = ""
    responsible: str = ""
    open_deals: int = 0
    touched: str = ""
    """Day on which somebody last did something with it, ISO."""


class Choice(msgspec.Struct, frozen=True):
    """A question that waits for its answer. The page shows it without asking the portal."""

    kind: str
    """`contact` or `company`."""
    digest: str
    """SHA-256 of the link's token; the token itself is kept nowhere."""
    asked: int
    """Time of the event, on the portal's clock."""
    received: float
    """When the API took the event, on AWS's clock."""
    hours: int
    title: str
    """The lead's."""
    candidates: tuple[Candidate, ...]

    @property
    def ids(self) -> frozenset[int]:
        """The candidates' ids."""
        return frozenset(one.id for one in self.candidates)

    def lapsed_on_portal(self, ts: int) -> bool:
        """Whether an event of that time comes too late for an answer."""
        return ts > self.asked + self.hours * 3600

    def lapsed_at_api(self, received: float) -> bool:
        """Whether a request of that time comes too late."""
        return received > self.received + self.hours * 3600


class Choices(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is remembered of a lead's questions."""

    open: Choice | None = None
    chosen: dict[str, int] = {}
    """Answers by kind; 0: none of these."""
    ended: dict[str, str] = {}
    """How questions ended, by digest."""
    base: str = ""
    """Address of our API, for links."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a question needs beside its candidates."""

    base: str = ""
    token: str = ""
    ts: int = 0
    received: float = 0.0
    hours: int = 24
    names: Mapping[int, str] = field(default_factory=dict)
    """Employees by id."""


def answered(choices: Choices, events: Iterable[CrmEvent]) -> Choices:
    """With the answers among the events. One to another question, or to one that is over, says nothing."""
    for event in events:
        waiting = choices.open
        if event.event != EVENT or waiting is None or event.question != waiting.digest:
            continue
        number = int(event.answer) if event.answer.isdecimal() else -1
        if number == NONE_OF_THESE or number in waiting.ids:
            choices = _ended(choices, CHOSEN)
            choices = msgspec.structs.replace(choices, chosen={**choices.chosen, waiting.kind: number})
    return choices


def settled(choices: Choices, lead: Item) -> Choices:
    """Without a question about a card that the lead has by now."""
    waiting = choices.open
    has = {"contact": bool(lead.contact_ids), "company": bool(lead.company_id)}
    return _ended(choices, OVERTAKEN) if waiting and has[waiting.kind] else choices


def reopened(choices: Choices, asked: Choice, base: str, ts: int) -> Choices:
    """With another question, in place of the one that waited so far."""
    late = choices.open is not None and choices.open.lapsed_on_portal(ts)
    return msgspec.structs.replace(_ended(choices, LAPSED if late else REPLACED), open=asked, base=base)


def question(
    lead: Item,
    kind: str,
    cards: Sequence[Item],
    cities: Mapping[ItemRef, str],
    deals: Mapping[ItemRef, int],
    how: Asking,
) -> Choice:
    """About these cards, the likeliest first."""
    candidates = tuple(
        Candidate(
            int(card.ref.id),
            card.title,
            cities.get(card.ref, ""),
            how.names.get(card.responsible_id or 0, ""),
            deals.get(card.ref, 0),
            touched(card)[:10],
        )
        for card in cards
    )
    return Choice(kind, digest_of(how.token), how.ts, how.received, how.hours, lead.title, candidates)


def touched(card: Item) -> str:
    """When somebody last did something with the card, as the portal writes it."""
    return max(card.text("LAST_ACTIVITY_TIME"), card.text("UPDATED_TIME"))


def _ended(choices: Choices, how: str) -> Choices:
    waiting = choices.open
    if waiting is None:
        return choices
    kept = dict([*choices.ended.items(), (waiting.digest, how)][-_MOST_KEPT:])
    return msgspec.structs.replace(choices, open=None, ended=kept)
