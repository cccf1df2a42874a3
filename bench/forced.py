"""The fewest requests that the platform allows for some work: 50 commands each, and ids before their use."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crm_robots.portal.commands import MOST_COMMANDS

_READS = ("list", "get", "findbycomm")


def fewest(calls: Iterable[Mapping[str, Any]]) -> int:
    """Of these requests: those that could not have been one are counted as often as 50 commands fill them.

    A read that was not full was followed by another because that one needed its answers. Writes with methods in common
    belong together, however full they were.
    """
    return sum(-(-commands // MOST_COMMANDS) for commands in _phases(calls))


def _phases(calls: Iterable[Mapping[str, Any]]) -> Iterator[int]:
    commands, before, goes_on = 0, set[str](), False
    for call in calls:
        asked = _methods(call)
        methods = set(asked)
        if commands and not (goes_on and methods & before):
            yield commands
            commands = 0
        commands += len(asked)
        goes_on = len(asked) == MOST_COMMANDS or not all(one.endswith(_READS) for one in methods)
        before = methods
    if commands:
        yield commands


def _methods(call: Mapping[str, Any]) -> list[str]:
    if call["method"] != "batch":
        return [str(call["method"])]
    return [command.partition("?")[0] for command in call["params"]["cmd"].values()]
