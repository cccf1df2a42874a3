"""The fill-in page's side: shows what is missing, and hands what was sent to the robot, which alone writes.

It knows the card as the robot last saw it, and never asks the portal. What is sent takes the card's own queue.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from crm_robots.pages.form.texts import EMPTY, FILL, FULL, LAPSED, TAKEN, UNKNOWN, WRONG
from crm_robots.pages.waiting import Patience
from crm_robots.records.inbox import Inbox
from crm_robots.records.memory import MemoryTable
from crm_robots.records.settings_reader import SettingsReader
from crm_robots.robots.qualification.form import CURRENCY, read_form
from crm_robots.robots.qualification.gaps import gaps
from crm_robots.robots.qualification.memory import KEPT, Form, LeadMemory
from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.robots.qualification.values import Value
from crm_robots.robots.qualification.words import Words
from crm_robots.shared.events import CrmEvent
from crm_robots.shared.items import ItemRef
from crm_robots.shared.people import Directory
from crm_robots.shared.tokens import digest_of, item_of

_ROBOT = "qualification"
_PEOPLE = ("employee", "user")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page is to show. Without `words` it names nothing and nobody."""

    state: str
    item: ItemRef | None = None
    title: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    words: Words | None = None
    page: Form | None = None
    client: str = ""
    """Of a deal: address of the card that its client's data is asked of."""
    client_lacks: tuple[str, ...] = ()
    """What that card lacks, in words."""
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    def turned(self, state: str, **changes: Any) -> "Shown":
        """The same card in another state."""
        kept = {"typed": self.typed, "wrong": self.wrong} | changes
        return replace(self, state=state, **kept)


class Forms:
    """Looks up cards by their links' tokens. Knows nothing of the portal."""

    def __init__(
        self,
        memory: MemoryTable,
        inbox: Inbox,
        settings: SettingsReader,
        people: Callable[[], Directory],
        patience: Patience,
    ) -> None:
        self._memory = memory
        self._inbox = inbox
        self._settings = settings
        self._people = people
        self._patience = patience

    def show(self, token: str, received: float) -> Shown:
        """Changes nothing: previews of links and careless fingers open it too."""
        item = item_of(token)
        if item is None:
            return Shown(UNKNOWN)
        return self._shown(item, self._remembered(item)[0], digest_of(token), received)

    def send(self, token: str, form: Mapping[str, Sequence[str]], name: str, received: float) -> Shown:
        """Takes what was sent, and waits a little so that the page can tell how it ended. Sendings differ by `name`."""
        shown = self.show(token, received)
        if shown.state != FILL or shown.item is None or shown.words is None or shown.page is None:
            return shown
        reading = read_form(form, shown.values, shown.words.rules, shown.words)
        if reading.wrong:
            return shown.turned(WRONG, typed=form, wrong=reading.wrong)
        if not reading.values:
            filled = any(text.strip() for code in shown.words.rules.fields for text in form.get(code, ()))
            return shown.turned(KEPT if filled else EMPTY)
        known = {f"{code}{more}" for code in shown.words.rules.fields for more in ("", CURRENCY)}
        self._hand_in(shown.item, shown.page, {code: form[code] for code in known & form.keys()}, name, received)
        item, digest = shown.item, shown.page.digest
        end = self._patience.wait(lambda: self._remembered(item)[1].sent.get(name, ""), "", until=bool)
        if not end:
            return shown.turned(TAKEN)
        now = self._shown(item, self._remembered(item)[0], digest, received)
        return now.turned(end) if now.state in (FILL, FULL) else now

    def _hand_in(
        self, item: ItemRef, page: Form, form: Mapping[str, Sequence[str]], name: str, received: float
    ) -> None:
        event = CrmEvent(
            event="FORM",
            item=str(item),
            # The portal's clock, as far as we can tell: when the page was offered, and what has passed since.
            ts=page.asked + int(max(0.0, received - page.received)),
            received=received,
            question=page.digest,
            form=tuple((code, tuple(form[code])) for code in sorted(form)),
            sent=name,
        )
        self._inbox.put([_ROBOT], msgspec.to_builtins(event), name)

    def _remembered(self, item: ItemRef) -> tuple[LeadMemory, LeadMemory]:
        """What the robot is about to know, its open plan done, and what it knows by now."""
        record = self._memory.load(_ROBOT, [str(item)])[str(item)]
        memory = record.remembered(LeadMemory)
        planned = msgspec.convert(record.plan.decision.memory, LeadMemory) if record.plan else memory
        return planned, memory

    def _shown(self, item: ItemRef, memory: LeadMemory, digest: str, received: float) -> Shown:
        page = next((one for one in memory.forms if one.digest == digest), None)
        if page is None:
            return Shown(UNKNOWN)
        settings = self._settings.load(_ROBOT, QualificationRules)
        rules = settings.rules if settings else None
        if rules and item.kind == "deal":
            rules = rules.deals
        if settings is None or rules is None or rules.form_hours is None or page.lapsed_at_api(received):
            return Shown(LAPSED, item)
        values = memory.values or {}
        if not gaps(values, rules) and not memory.client_lacks:
            return Shown(FULL, item)
        asks_people = any(one.type in _PEOPLE for one in rules.fields.values())
        people = self._people() if asks_people else Directory()
        words = Words(rules, settings.portal.language, ZoneInfo(settings.portal.timezone), {}, people)
        client = f"{settings.portal.url}{ItemRef.parse(memory.client).path}" if memory.client else ""
        return Shown(FILL, item, memory.title, values, words, page, client, memory.client_lacks)
