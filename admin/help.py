"""The help: texts of the command's language, and the options that the verbs declare."""

import shutil
from collections.abc import Iterable, Sequence
from textwrap import TextWrapper
from typing import Any

from admin.speech import knows, say
from admin.verbs import VERBS

_WIDEST = 110
_VALUES = {
    "at": "TIME",
    "department": "NAME",
    "entity": "KIND",
    "file": "FILE",
    "link": "NAME",
    "most": "N",
    "number": "ID",
    "plan": "FILE",
    "run": "RUN",
    "since": "TIME",
    "stack": "NAME",
    "status": "STATUS,STATUS",
}
"""What stands for the value of an option or argument; the same in every language, as in the documentation."""

type Row = tuple[str, str]


def of_all() -> str:
    """What the command is for, and its verbs."""
    everywhere = [(f"--{name}", say(f"option.{name}")) for name in ("stack", "json", "help")]
    parts = [
        f"{say('help.usage')}: robots {say('help.verb')} …",
        say("help.robots"),
        _table(say("help.verbs"), [(name, say(f"verb.{name}")) for name in VERBS]),
        _table(
            say("help.options"), [(f"{name} NAME" if name == "--stack" else name, does) for name, does in everywhere]
        ),
        say("help.more"),
    ]
    return "\n\n".join(parts) + "\n"


def of_verb(verb: str, path: str, parameters: Sequence[Any]) -> str:
    """What the verb does, its arguments and options."""
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name != "argument"]
    usage = " ".join([f"{say('help.usage')}: {path}", *map(_shown, arguments), *map(_shown, options)])
    lines = [say(f"verb.{verb}"), *([say(f"verb.{verb}.more")] if knows(f"verb.{verb}.more") else [])]
    parts = [*_wrapped(usage, "    "), "", *_wrapped(" ".join(lines))]
    if arguments:
        parts += ["", _table(say("help.arguments"), [(_value(one), text_of(verb, one.name)) for one in arguments])]
    rows = [(_named(one), text_of(verb, one.name)) for one in options]
    return "\n".join([*parts, "", _table(say("help.options"), [*rows, ("--help", say("option.help"))])]) + "\n"


def text_of(verb: str, name: str) -> str:
    """What an option means for that verb, or for every verb."""
    own = f"option.{verb}.{name}"
    return say(own if knows(own) else f"option.{name}")


def _shown(parameter: Any) -> str:
    """As the usage line shows it."""
    text = _value(parameter) if parameter.param_type_name == "argument" else _named(parameter)
    return text if parameter.required else f"[{text}]"


def _named(option: Any) -> str:
    return option.opts[0] if option.is_flag else f"{option.opts[0]} {_value(option)}"


def _value(parameter: Any) -> str:
    name = str(parameter.name)
    return _VALUES.get(name, name.upper())


def _table(title: str, rows: Iterable[Row]) -> str:
    rows = list(rows)
    left = max(len(name) for name, _ in rows) + 4
    lines = [f"{title}:"]
    for name, text in rows:
        lines += _wrapped(f"{f'  {name}'.ljust(left)}{text}", " " * left)
    return "\n".join(lines)


def _wrapped(text: str, indent: str = "") -> list[str]:
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return TextWrapper(width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False).wrap(text)
