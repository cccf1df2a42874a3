"""What either robot remembers of a lead at the gate."""

import hashlib

import msgspec

from crm_robots.shared.items import Item

_RESTLESS = ("UPDATED", "LAST_ACTIVITY", "MOVED")
"""Beginnings of fields that change although nobody has changed anything that matters."""


class GateMemory(msgspec.Struct, frozen=True):
    """What was announced, and where the lead stood before it came to the gate."""

    free_stage: str = ""
    announced: tuple[str, ...] = ()
    """Keys of the gaps that people were told about and that are still there."""
    todo_id: int | str | None = None
    is_told: bool = False
    """People were told of gaps, and not yet that none is left. Stays where a told gap gave way to another, say a
    wrong number to another wrong one.
    """
    refused: str = ""
    """How the lead looked when the portal last refused to move it."""


def fingerprint(lead: Item) -> str:
    """Tells whether a lead was changed since; what a refusal is tried again upon."""
    steady = {name: value for name, value in lead.fields.items() if not name.startswith(_RESTLESS)}
    text = msgspec.json.encode(steady, order="deterministic", enc_hook=str)
    return hashlib.sha256(text).hexdigest()[:16]
