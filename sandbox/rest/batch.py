"""`batch`: up to fifty commands in one request, with references to earlier results.

https://apidocs.bitrix24.com/settings/how-to-call-rest-api/batch.html
"""

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.portal import brackets
from sandbox.portal.errors import Refusal
from sandbox.portal.pages import Page
from sandbox.portal.values import as_list, clean_boolean
from sandbox.rest.call import Call
from sandbox.rest.envelope import operating_of, time_block
from sandbox.rest.invoke import invoke

MAX_COMMANDS = 50
# What each command past them is answered; those before are carried out.
_TOO_MANY = {"error": "ERROR_BATCH_LENGTH_EXCEEDED", "error_description": "Max batch length exceeded"}
# A reference ends where the platform ends it: at the next whitespace, whatever stands behind its brackets.
_REFERENCE = re.compile(r"\$result(\[\S+)", re.IGNORECASE)
_KEY = re.compile(r"\[([^\[\]]+)\]")
_REFUSED = ("batch", "disk.file.upload", "disk.folder.uploadfile")


@dataclass
class Replies:
    """The five maps of a batch's result, by command name; empty ones are `[]` on the wire."""

    result: dict[str, Any] = field(default_factory=dict)
    result_error: dict[str, Any] = field(default_factory=dict)
    result_total: dict[str, Any] = field(default_factory=dict)
    result_next: dict[str, Any] = field(default_factory=dict)
    result_time: dict[str, Any] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        """As PHP serialises it: an empty map is a list, and so is a map with the keys 0, 1, 2 …"""
        return {name: _php(value) for name, value in vars(self).items()}


def _php(value: dict[str, Any]) -> Any:
    if list(value) == [str(place) for place in range(len(value))]:
        return list(value.values())
    return value


def run_batch(call: Call, applied: int | None = None) -> tuple[Page, float]:
    """Runs the commands one after another; `applied` stops after so many, for answers that get lost."""
    commands = _commands(call)
    halt = clean_boolean(call.get("halt", 0)) == "Y"
    replies, spent = Replies(), 0.0
    for place, (name, command) in enumerate(list(commands.items())[:applied]):
        if place < MAX_COMMANDS:
            spent += _run_one(call, name, command, replies)
        else:
            replies.result_error[name] = dict(_TOO_MANY)
        if halt and name in replies.result_error:
            break
    return Page(replies.wire()), spent


def _commands(call: Call) -> dict[str, str]:
    given = call.get("cmd")
    if not isinstance(given, (dict, list)):
        raise Refusal("100", "Could not find value for parameter {cmd}")
    if isinstance(given, dict):
        return {str(name): str(command) for name, command in given.items()}
    return {str(place): str(command) for place, command in enumerate(as_list(given))}


def _run_one(call: Call, name: str, command: str, replies: Replies) -> float:
    method, _, query = command.partition("?")
    method = method.strip().removesuffix(".json")
    began = call.portal.clock.wall()
    try:
        if method.lower() in _REFUSED:
            raise Refusal("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", 405)
        params = {key: _resolve(value, replies.result) for key, value in brackets.parse(query).items()}
        page, seconds = invoke(Call(call.portal, call.caller, method, params))
    except Refusal as refusal:
        replies.result_error[name] = {"error": refusal.code, "error_description": refusal.text}
        return 0.0
    replies.result[name] = page.result
    if page.total is not None:
        replies.result_total[name] = page.total
    if page.next is not None:
        replies.result_next[name] = page.next
    operating = operating_of(call.portal, call.caller, method.lower())
    replies.result_time[name] = time_block(call.portal, began, seconds, operating)
    return seconds


def _resolve(value: Any, results: dict[str, Any]) -> Any:
    """Puts earlier results in place of `$result[name][key]`; in longer texts all that is tied to it goes with it."""
    if isinstance(value, dict):
        return {key: _resolve(below, results) for key, below in value.items()}
    if isinstance(value, list):
        return [_resolve(below, results) for below in value]
    if not isinstance(value, str) or "$" not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _look_up(whole[1], results)
    return _REFERENCE.sub(lambda match: _text(_look_up(match[1], results)), value)


def _look_up(path: str, results: Any) -> Any:
    """What is not there stands for the last container on the way to it."""
    for key in _KEY.findall(path):
        if isinstance(results, dict) and key in results:
            results = results[key]
        elif isinstance(results, list) and key.isdigit() and int(key) < len(results):
            results = results[int(key)]
        else:
            break
    return results


def _text(value: Any) -> str:
    """In the middle of a text, where PHP writes a container as its type."""
    if isinstance(value, dict | list):
        return "Array"
    return "" if value is None else str(value)
