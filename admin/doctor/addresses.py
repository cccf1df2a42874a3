"""Whose webhooks are taken: under which of the portal's names, and from which addresses."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from crm_robots.portal.hosts import read_host
from crm_robots.portal.queue_addresses import QueueAddresses
from crm_robots.records.heartbeat import Heartbeat
from crm_robots.records.parameters import QUEUE_ADDRESSES, MissingParameter, Parameters

from admin.doctor.finding import Finding, note, ok, wrong
from admin.doctor.queues import ago
from admin.settings_in_force import reader
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


def hosts(stack: Stack) -> Iterator[Finding]:
    """Under which names of the portal webhooks came, and which names are taken (W4)."""
    seen = Heartbeat(stack.client("dynamodb"), stack.table("Memory")).hosts()
    came = ", ".join(f"{host} ({ago(at)})" for host, at in sorted(seen.items(), key=lambda one: one[1], reverse=True))
    current = reader(stack).portal()
    named = current.hosts if current else ()
    taken = f"only {', '.join(named)} are taken (portal.hosts)" if named else "any host is taken, the token decides"
    known = [host for host in map(read_host, named) if host]
    others = [one for one in seen if (host := read_host(one)) and not any(name.covers(host) for name in known)]
    text = f"webhooks came under {came or 'none yet'}; {taken}"
    if named and others:
        yield note("portal hosts", text, f"is {', '.join(others)} a name of this portal? Then add it to portal.hosts")
    else:
        yield ok("portal hosts", text)
