"""A person who made of a lead what a robot was making at the same time: theirs stays, ours goes, and the robot decides
anew, on what there is now."""

from collections.abc import Mapping

from crm_robots.engine.performance import Performance
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import PortalError
from crm_robots.portal.writes import write_of
from crm_robots.records.memory import Contended
from crm_robots.shared.actions import AddItem

type Makings = dict[str, tuple[Performance, AddItem]]
"""What was made of leads, by the names of the questions about it."""


class Overtaken(Contended):
    """The plan was given up; its event comes back in a moment."""


def question(action: AddItem) -> Command:
    """Asks whether the lead has two of it now. The first of the looks goes by our mark; the second by the lead."""
    return write_of(action).looks(action)[-1]


def remove_twins(portal: Bitrix24, replies: Mapping[str, Reply], makings: Makings) -> dict[str, Exception]:
    """Deletes what we made for nothing; those plans have failed. Without an answer there are no twins.

    What cannot be deleted now is found again by whoever resumes the plan; the other plans of the batch go on.
    """
    removals: dict[str, Command] = {}
    failures: dict[str, Exception] = {}
    for name, (performance, action) in makings.items():
        reply = replies[name]
        if not reply.executed or reply.error is not None:
            continue
        found = write_of(action).found(action, reply.result, 0)
        removal = write_of(action).remove(action, found.twin) if found.twin is not None else None
        if removal:
            removals[name] = removal
            item = performance.record.item
            failures[item] = Overtaken(f"{item} was converted by a person at the same time")
    try:
        portal.batch(removals)
    except PortalError as error:
        return dict.fromkeys(failures, error)
    return failures
