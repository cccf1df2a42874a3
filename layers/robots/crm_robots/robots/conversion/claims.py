"""One new client at a time: leads that name the same phone, e-mail or INN do not both make a card for it (C3, C6).

Whose turn it is stands in the memory table. It is read before the client is looked up, and taken, over the version that
was read, before one is made: so whoever makes one has seen what all the others had made. Of several leads that come at
once one goes on, the others come back.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator

import msgspec

from crm_robots.records.memory import Contended, MemoryTable
from crm_robots.robots.conversion.communications import emails_of, phones_of
from crm_robots.robots.conversion.gaps import code
from crm_robots.shared.actions import AddItem, AddRequisite
from crm_robots.shared.decision import Decision
from crm_robots.shared.items import Item
from crm_robots.shared.plan import Record, to_json

_ROBOT = "conversion"
_LONGEST_WORK = 150.0
"""Seconds after which a function that took a turn and wrote no plan down is certainly over."""


class Claim(msgspec.Struct, frozen=True):
    """The lead (`lead:17`) that made, or is making, the client; the version of its record then; when (Unix time)."""

    lead: str = ""
    version: int = -1
    at: float = 0.0


class Claims:
    """Those that concern some leads, as they stood before their clients were looked up."""

    def __init__(
        self,
        table: MemoryTable,
        leads: Iterable[Item],
        inn_field: str,
        country: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._table = table
        self._clock = clock
        self._country = country
        keys = {_key(text) for lead in leads for text in _told_by(lead, inn_field, country)}
        self._records = table.load(_ROBOT, sorted(keys)) if keys else {}
        holders = {_claim(record).lead for record in self._records.values()} - {""}
        self._holders = table.load(_ROBOT, sorted(holders)) if holders else {}

    def take(self, lead: Record, decision: Decision) -> None:
        """Takes the turn for the clients that the decision makes; `Contended` if another lead has it or took it since.

        In the order of the keys: of two leads that share several of them, neither waits for the other in vain.
        """
        for record in (self._records[key] for key in sorted(set(_keys(decision, self._country)))):
            held = _claim(record)
            if held.lead != lead.item and self._is_at_work(held):
                raise Contended("another lead makes this client just now")
            record.memory = to_json(Claim(lead.item, lead.version, self._clock()))
            self._table.save(record)
            self._holders[lead.item] = lead

    def _is_at_work(self, held: Claim) -> bool:
        """Whether its plan is open, or about to be written down."""
        holder = self._holders.get(held.lead)
        if holder is None:
            return False
        is_about_to = holder.version == held.version and self._clock() - held.at < _LONGEST_WORK
        return holder.plan is not None or is_about_to


def _claim(record: Record) -> Claim:
    return record.remembered(Claim)


def _told_by(lead: Item, inn_field: str, country: str) -> Iterator[str]:
    """All that may tell a client of this lead from another."""
    yield from phones_of(lead.phones, country)
    yield from emails_of(lead.emails)
    if inn := code(lead, inn_field):
        yield inn


def _keys(decision: Decision, country: str) -> Iterator[str]:
    for action in decision.actions:
        if isinstance(action, AddItem) and action.kind == "contact":
            phones, emails = action.fields.get("PHONE", ()), action.fields.get("EMAIL", ())
            yield from map(_key, [*phones_of(phones, country), *emails_of(emails)])
        elif isinstance(action, AddRequisite):
            yield from map(_key, filter(None, [action.fields.get("RQ_INN")]))


def _key(text: str) -> str:
    """Unreadable: a person's phone is nobody's business."""
    return f"client:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
