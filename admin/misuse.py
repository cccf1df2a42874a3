"""What is wrong with a command line, in the command's language; the framework speaks English only."""

import re
from collections.abc import Mapping
from typing import Any

from typer.exceptions import TyperException

from admin.speech import say

_QUOTED = re.compile(r"'([^']*)'|\(([^()]*)\)$")
_SENTENCES = {
    "No such command": "misuse.verb",
    "Missing command": "misuse.no_verb",
    "Got unexpected extra argument": "misuse.extra",
    "Option ": "misuse.no_value",
}
"""How the framework's sentences begin; what they are about stands in quotation marks or brackets."""


def told(error: TyperException) -> str:
    """What is wrong, and where the help is."""
    ctx: Any = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        return error.format_message()
    path = ctx.command_path if ctx else "robots"
    return f"✗ {_reason(error)}\n{say('misuse.help', command=f'{path} --help')}"


def _reason(error: Any) -> str:
    kind = type(error).__name__
    if kind == "NoSuchOption":
        names = ", ".join(sorted(error.possibilities or ()))
        return say("misuse.option", name=error.option_name) + (say("misuse.possible", names=names) if names else "")
    if kind == "MissingParameter":
        return say("misuse.missing", name=_name(error))
    if kind == "BadParameter":
        return _bad(error)
    return _in_other_words(str(error.format_message()))


def _bad(error: Any) -> str:
    details: Mapping[str, Any] = next(iter(error.__cause__.errors()), {}) if error.__cause__ else {}
    value, expected = details.get("input", ""), say("misuse.other")
    if details.get("type", "").startswith("int_"):
        expected = say("misuse.number")
    elif "ge" in details.get("ctx", {}):
        expected = say("misuse.at_least", number=details["ctx"]["ge"])
    elif " is not one of " in error.message:
        expected = say("misuse.one_of", values=", ".join(re.findall(r"'([^']*)'", error.message)[1:]))
    return say("misuse.value", name=_name(error), value=value, expected=expected)


def _name(error: Any) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    first = str(error.param.opts[0])
    return first if first.startswith("-") else str(error.param.metavar or first.upper())


def _in_other_words(text: str) -> str:
    found = _QUOTED.search(text)
    what = next(filter(None, found.groups()), "") if found else ""
    key = next((key for start, key in _SENTENCES.items() if text.startswith(start)), None)
    return say(key, what=what) if key else text
