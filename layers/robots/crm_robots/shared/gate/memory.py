"""What either robot remembers of a lead at the gate."""

import hashlib

import msgspec

from crm_robots.shared.items import Item
from crm_robots.shared.reference import Reference

_RESTLESS = ("UPDATED", "LAST_ACTIVITY", "MOVED")
"""Beginnings of fields that change without a change by a person."""


class GateMemory(msgspec.Struct, frozen=True):
    """What was announced, and where the lead stood before it came to the gate."""

    free_stage: str = ""
    announced: tuple[str, ...] = ()
    """Keys of the gaps that people were told about and that are still there."""
    todo_id: int | Reference | None = None
    is_told: bool = False
    """Gaps were announced; "complete"was not announced yet. Stays true if an announced gap is replaced by another, such
    as one wrong number by another.
    """
    refused: str = ""
    """How the lead looked when the portal last refused to move it."""


def fingerprint(lead: Item) -> str:
    """Fingerprint of a lead: a refused move is tried again when it differs."""
    steady = {name: value for name, value in lead.fields.items() if not name.startswith(_RESTLESS)}
    text = msgspec.json.encode(steady, order="deterministic", enc_hook=str)
    return hashlib.sha256(text).hexdigest()[:16]
