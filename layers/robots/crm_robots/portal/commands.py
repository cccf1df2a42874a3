"""The format of `batch`: commands become PHP query strings, the five parts of its answer become replies.

https://github.com/bitrix24/b24restdocs/blob/main/settings/how-to-call-rest-api/batch.md
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from crm_robots.portal.errors import Gone, PortalError, Refused, error_of
from crm_robots.portal.queries import in_query

MOST_COMMANDS = 50
_LONGEST_WINDOW = 600.0  # Bitrix24 counts a method's time over ten minutes


@dataclass(frozen=True, slots=True)
class Command:
    """One REST call: alone or inside a batch."""

    method: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the portal said to one command of a batch; `executed`: False when it was never reached."""

    result: Any = None
    error: PortalError | None = None
    total: int | None = None
    next: int | None = None
    executed: bool = True
    seconds: float | None = None
    """How long the command took the portal; None: it did not say."""


def encode(command: Command, names: Collection[str] | None = None) -> str:
    """`crm.item.get?entityTypeId=1&id=481`; a `Reference` to one of `names`, the batch's commands, stays readable."""
    pairs = (f"{key}={in_query(value, names)}" for key, value in _flat(command.params))
    return f"{command.method}?{'&'.join(pairs)}"


def _flat(params: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in params.items():
        yield from _nested(_segment(key), value)


def _nested(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, Mapping | list | tuple | set | frozenset):
        yield key, value
    elif not value:
        yield f"{key}[]", None
    else:
        entries = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, inner in entries:
            yield from _nested(f"{key}[{_segment(name)}]", inner)


def _segment(key: object) -> str:
    """A filter's `>=createdTime` keeps its prefix, its `=` must not end the key."""
    return quote(str(key), safe="<>!@~*:")


def rows_of(reply: Reply) -> Any:
    """The result; nothing where the portal refuses the question."""
    if reply.error is not None and not isinstance(reply.error, Refused | Gone):
        raise reply.error
    return reply.result if reply.error is None else None


def decode(result: Any, commands: Mapping[str, Command]) -> dict[str, Reply]:
    """The replies by the commands' names; a command that the portal does not mention was not executed."""
    part = {name: _by_name(result, name) for name in _PARTS}
    return {name: _reply(name, command, part) for name, command in commands.items()}


_PARTS = ("result", "result_error", "result_total", "result_next", "result_time")


def _reply(name: str, command: Command, part: Mapping[str, Mapping[str, Any]]) -> Reply:
    time = part["result_time"].get(name)
    seconds = number(time.get("duration")) if isinstance(time, dict) else None
    if name in part["result_error"]:
        return Reply(error=error_of(command.method, part["result_error"][name]), seconds=seconds)
    if name not in part["result"]:
        return Reply(executed=False)
    total, following = part["result_total"].get(name), part["result_next"].get(name)
    return Reply(part["result"][name], None, _int(total), _int(following), seconds=seconds)


def operating(result: Any, commands: Mapping[str, Command]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The `time` of each command that has one, with its method."""
    for name, time in _by_name(result, "result_time").items():
        if name in commands and isinstance(time, dict):
            yield commands[name].method, time


def _by_name(result: Any, part: str) -> dict[str, Any]:
    """PHP writes an empty map as [], and one whose keys count from zero as a list."""
    value = result.get(part) if isinstance(result, dict) else None
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    return value if isinstance(value, dict) else {}


def number(value: Any) -> float | None:
    """Numbers come as numbers or as text; anything else is no number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def reset_in(time: Any) -> float | None:
    """Seconds until `operating_reset_at`, by the portal's own clock where it tells it."""
    if not isinstance(time, dict):
        return None
    reset_at, now = number(time.get("operating_reset_at")), number(time.get("finish"))
    return min(_LONGEST_WINDOW, max(0.0, reset_at - now)) if reset_at and now else None


def _int(value: Any) -> int | None:
    return None if (found := number(value)) is None else int(found)
