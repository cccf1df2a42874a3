"""Whose webhooks are taken: under which of the portal's names, and from which addresses."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from crm_robots.portal.hosts import read_host
from crm_robots.portal.queue_addresses import QueueAddresses
from crm_robots.records.heartbeat import Heartbeat
from crm_robots.records.parameters import QUEUE_ADDRESSES, MissingParameter, Parameters

from admin.doctor import names
from admin.doctor.finding import Finding, note, ok, wrong
from admin.doctor.queues import ago
from admin.settings_in_force import reader
from admin.speech import say
from admin.stack import Stack


def addresses(stack: Stack) -> Iterator[Finding]:
    """One line: off, or how old the list is."""
    if "QueueAddressesFunction" not in stack.outputs:
        yield ok(names.ADDRESSES, say("addresses.off"))
        return
    try:
        kept = QueueAddresses.of(Parameters(stack.client("ssm"), stack.name).get(QUEUE_ADDRESSES))
    except MissingParameter:
        kept = QueueAddresses()
    if not kept.listed:
        yield note(names.ADDRESSES, say("addresses.no_list"), say("addresses.no_list.todo"))
        return
    when = ago(datetime.fromtimestamp(kept.at, UTC))
    held = say("addresses.held", listed=len(kept.listed), left=len(kept.left), when=when)
    if kept.holds(time.time()):
        yield ok(names.ADDRESSES, say("addresses.on", held=held))
    else:
        yield wrong(names.ADDRESSES, say("addresses.old", held=held), say("addresses.old.todo"))


def hosts(stack: Stack) -> Iterator[Finding]:
    """Under which names of the portal webhooks came, and which names are taken (W4)."""
    seen = Heartbeat(stack.client("dynamodb"), stack.table("Memory")).hosts()
    came = ", ".join(f"{host} ({ago(at)})" for host, at in sorted(seen.items(), key=lambda one: one[1], reverse=True))
    current = reader(stack).portal()
    named = current.hosts if current else ()
    taken = say("hosts.only", hosts=", ".join(named)) if named else say("hosts.any")
    known = [host for host in map(read_host, named) if host]
    others = [one for one in seen if (host := read_host(one)) and not any(name.covers(host) for name in known)]
    text = say("hosts.came", came=came or say("hosts.none"), taken=taken)
    if named and others:
        yield note(names.HOSTS, text, say("hosts.todo", hosts=", ".join(others)))
    else:
        yield ok(names.HOSTS, text)
