"""Performs the current steps of plans: they share batches, and one that is refused holds up those behind it."""

from collections.abc import Iterable, Mapping, Sequence

from crm_robots.engine.performance import Performance
from crm_robots.engine.references import in_batch
from crm_robots.engine.twins import Makings, question, remove_twins
from crm_robots.portal.bulk import Pace
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import MOST_COMMANDS, Command, Reply
from crm_robots.portal.errors import Denied, Gone, Refused
from crm_robots.portal.writes import write_of


def packed(performances: Iterable[Performance], most: int = MOST_COMMANDS) -> list[list[Performance]]:
    """Fills batches of `most` commands. The actions of one step stay together, unless 50 cannot hold them.

    Steps that stop at a refusal share batches that stop at one: whoever is behind it goes on in the next round.
    """
    batches: list[list[Performance]] = []
    room = {True: 0, False: 0}
    filling: dict[bool, list[Performance]] = {}
    for performance in performances:
        stops, size = performance.stops, len(performance.portion) + len(performance.guarded)
        if size > room[stops]:
            filling[stops], room[stops] = [], most
            batches.append(filling[stops])
        filling[stops].append(performance)
        room[stops] -= size
    return batches


def send(portal: Bitrix24, batch: Sequence[Performance], pace: Pace) -> dict[str, Exception]:
    """Sends the portions of these steps. A step longer than a batch goes on in the next round.

    `pace` learns how long the portal takes, so that no batch is cut off at 60 s.
    """
    commands: dict[str, Command] = {}
    places: dict[str, tuple[Performance, int]] = {}
    makings: Makings = {}
    for number, performance in enumerate(batch):
        prefix = f"p{number}_"
        keys = {performance.name(index) for index in performance.portion}
        for index in performance.portion:
            action = performance.action(index)
            command = write_of(action).command(action)
            name = prefix + performance.name(index)
            commands[name] = Command(command.method, in_batch(command.params, prefix, keys))
            places[name] = (performance, index)
        # Behind what it made, and before anybody else's refusal.
        for index, making in performance.guarded.items():
            name = f"twin{number}_{index}"
            commands[name] = question(making)
            makings[name] = (performance, making)
    if len(commands) > MOST_COMMANDS:
        commands = {name: commands[name] for name in places}
        makings = {}
    replies = portal.batch(commands, halt=any(one.stops for one in batch))
    pace.learn_told(replies.values())
    return _taken(replies, places) | remove_twins(portal, replies, makings)


def _taken(replies: Mapping[str, Reply], places: Mapping[str, tuple[Performance, int]]) -> dict[str, Exception]:
    failures: dict[str, Exception] = {}
    reached = {performance.record.item for name, (performance, _) in places.items() if replies[name].executed}
    for name, (performance, index) in places.items():
        performance.was_held_up = performance.record.item not in reached
        reply = replies[name]
        if not reply.executed:
            continue
        if isinstance(reply.error, Refused) and reply.error.is_denial and not performance.has_other_way(index):
            failures[performance.record.item] = Denied(reply.error, performance.card(index))
        elif isinstance(reply.error, Refused | Gone):
            performance.refused(index, reply.error)
        elif reply.error is not None:
            failures[performance.record.item] = reply.error
        else:
            performance.done(index, write_of(performance.actions[index]).made_id(reply.result))
    return failures
