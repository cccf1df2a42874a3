"""Which addresses may send webhooks: any with a known token, or those of Bitrix24's queue only."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from crm_robots.portal.queue_addresses import QueueAddresses
from crm_robots.records.parameters import QUEUE_ADDRESSES, MissingParameter, Parameters

from admin.doctor.finding import Finding, note, ok, wrong
from admin.doctor.queues import ago
from admin.stack import Stack

_TITLE = "queue addresses"


def addresses(stack: Stack) -> Iterator[Finding]:
    """One line: off, or how old the list is."""
    if "QueueAddressesFunction" not in stack.outputs:
        yield ok(_TITLE, "off: webhooks with a known token are taken from any address")
        return
    try:
        kept = QueueAddresses.of(Parameters(stack.client("ssm"), stack.name).get(QUEUE_ADDRESSES))
    except MissingParameter:
        kept = QueueAddresses()
    if not kept.listed:
        todo = "wait five minutes; then look at the log of the function queue-addresses"
        yield note(_TITLE, "on, and there is no list yet: any address is let in", todo)
        return
    held = f"{len(kept.listed)} listed, {len(kept.left)} that left, as of {ago(datetime.fromtimestamp(kept.at, UTC))}"
    if kept.holds(time.time()):
        yield ok(_TITLE, f"on: {held}")
    else:
        todo = "look at the log of the function queue-addresses; is QueueAddressesUrl of the stack right?"
        yield wrong(_TITLE, f"on, and the list is too old to go by: any address is let in; {held}", todo)
