"""Performs the current steps of plans: several share a batch, one that halts has a batch of its own."""

from collections.abc import Iterator, Sequence

from crm_robots.bitrix24.bulk import Pace
from crm_robots.bitrix24.client import Bitrix24
from crm_robots.bitrix24.commands import Command, Reply
from crm_robots.bitrix24.errors import Gone, Refused
from crm_robots.bitrix24.writes import write_of
from crm_robots.robots.performance import Performance
from crm_robots.robots.references import in_batch
from crm_robots.robots.twins import checks, remove_twins

MOST_COMMANDS = 50


def packed(performances: Sequence[Performance], most: int = MOST_COMMANDS) -> Iterator[list[Performance]]:
    """Fills batches of `most` commands; the actions of one step stay together, unless 50 cannot hold them."""
    batch: list[Performance] = []
    size = 0
    for performance in performances:
        if performance.halts or len(performance.left) > most:
            yield [performance]
            continue
        if batch and size + len(performance.left) > most:
            yield batch
            batch, size = [], 0
        batch.append(performance)
        size += len(performance.left)
    if batch:
        yield batch


def send(portal: Bitrix24, batch: Sequence[Performance], pace: Pace) -> dict[str, Exception]:
    """Sends what is left of these steps. A step longer than a batch goes on in the next round.

    `pace` learns how long the portal takes, so that no batch is cut off at 60 s.
    """
    commands: dict[str, Command] = {}
    places: dict[str, tuple[Performance, int]] = {}
    for number, performance in enumerate(batch):
        prefix = f"p{number}_"
        keys = {performance.name(index) for index in performance.left}
        for index in performance.left[:MOST_COMMANDS]:
            action = performance.action(index)
            command = write_of(action).command(action)
            name = prefix + performance.name(index)
            commands[name] = Command(command.method, in_batch(command.params, prefix, keys))
            places[name] = (performance, index)
    questions, twins = checks(batch)
    if len(commands) + len(questions) > MOST_COMMANDS:
        questions, twins = {}, {}
    replies = portal.batch(commands | questions, halt=any(one.halts for one in batch))
    pace.learn_told(replies.values())
    return _taken(replies, places) | remove_twins(portal, replies, twins)


def _taken(replies: dict[str, Reply], places: dict[str, tuple[Performance, int]]) -> dict[str, Exception]:
    failures: dict[str, Exception] = {}
    for name, (performance, index) in places.items():
        reply = replies[name]
        if not reply.executed:
            continue
        if isinstance(reply.error, Refused | Gone):
            performance.refused(index, reply.error)
        elif reply.error is not None:
            failures[performance.record.item] = reply.error
        else:
            performance.done(index, write_of(performance.actions[index]).made_id(reply.result))
    return failures
