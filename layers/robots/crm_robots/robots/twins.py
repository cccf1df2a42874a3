"""A person who made of a lead what a robot was making at the same time: theirs stays, ours goes, and the robot decides
anew, on what there is now."""

from collections.abc import Mapping, Sequence

from crm_robots.aws.memory import Contended
from crm_robots.bitrix24.client import Bitrix24
from crm_robots.bitrix24.commands import Command, Reply
from crm_robots.bitrix24.writes import write_of
from crm_robots.domain.actions import AddItem
from crm_robots.robots.performance import Performance

type Places = dict[str, tuple[Performance, AddItem]]


class Overtaken(Contended):
    """The plan was given up; its event comes back in a moment."""


def checks(batch: Sequence[Performance]) -> tuple[dict[str, Command], Places]:
    """Asks, behind everything that a batch makes, whether the lead has two of it now."""
    commands: dict[str, Command] = {}
    places: Places = {}
    for number, performance in enumerate(batch):
        for index in performance.left:
            action = performance.action(index)
            if isinstance(action, AddItem) and action.one_per_lead:
                # The first of the looks goes by our mark; the second by the lead.
                commands[f"twin{number}_{index}"] = write_of(action).looks(action)[-1]
                places[f"twin{number}_{index}"] = (performance, action)
    return commands, places


def remove_twins(portal: Bitrix24, replies: Mapping[str, Reply], places: Places) -> dict[str, Exception]:
    """Deletes what we made for nothing; those plans have failed. Without an answer there are no twins."""
    removals: dict[str, Command] = {}
    failures: dict[str, Exception] = {}
    for name, (performance, action) in places.items():
        reply = replies[name]
        if not reply.executed or reply.error is not None:
            continue
        found = write_of(action).found(action, reply.result, 0)
        removal = write_of(action).remove(action, found.twin) if found.twin is not None else None
        if removal:
            removals[name] = removal
            item = performance.record.item
            failures[item] = Overtaken(f"{item} was converted by a person at the same time")
    portal.batch(removals)
    return failures
