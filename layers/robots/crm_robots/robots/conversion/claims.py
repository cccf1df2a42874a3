"""One new client at a time: leads that name the same phone, e-mail or INN do not both make a card for it (C3, C6).

Whoever is about to make one writes down whose lead it is. Another lead that comes with the same data gives way,
takes over once the first one's plan is done, and looks the client up again before it goes on.
"""

import hashlib
from collections.abc import Iterator

import msgspec

from crm_robots.aws.memory import Contended, MemoryTable
from crm_robots.domain.actions import AddItem, AddRequisite
from crm_robots.domain.decision import Decision
from crm_robots.domain.plan import to_json

_ROBOT = "conversion"


class Claim(msgspec.Struct, frozen=True):
    """The lead (`lead:17`) that made, or is making, the client."""

    lead: str = ""


def claim(table: MemoryTable, lead: str, decision: Decision) -> None:
    """Claims the clients that the decision makes; `Contended` if another lead had one of them since."""
    keys = sorted(set(_keys(decision)))
    if not keys:
        return
    records = table.load(_ROBOT, keys)
    holders = {key: record.remembered(Claim).lead for key, record in records.items()}
    others = {holder for holder in holders.values() if holder not in ("", lead)}
    if any(one.plan for one in table.load(_ROBOT, others).values()):
        raise Contended("another lead makes this client just now")
    for key in keys:
        if holders[key] != lead:
            records[key].memory = to_json(Claim(lead))
            table.save(records[key])
    if others:
        raise Contended("another lead made this client meanwhile; it has to be looked up again")


def _keys(decision: Decision) -> Iterator[str]:
    """What tells one client from another, unreadable."""
    for action in decision.actions:
        if isinstance(action, AddItem) and action.kind == "contact":
            yield from map(_key, [*action.fields.get("PHONE", ()), *action.fields.get("EMAIL", ())])
        elif isinstance(action, AddRequisite):
            yield from map(_key, filter(None, [action.fields.get("RQ_INN")]))


def _key(text: str) -> str:
    return f"client:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
