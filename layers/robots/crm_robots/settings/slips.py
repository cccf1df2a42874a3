"""The commonest slips in a YAML file, in words that an administrator knows; the parser's are for programmers."""

import re
import unicodedata
from collections.abc import Sequence

import yaml

from crm_robots.settings.problems import Problem

_INDENT = re.compile(r"\s*")
_COLON = re.compile(r":(\s|$)")
_AFTER_MARK = re.compile(r"^\s*(?:- *)?[^\s:#'\"]+:(\s)|^\s*-(\s)")


def slip(key: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    """What went wrong, with its line. The parser often notices it only on the next line."""
    lines = text.splitlines() or [""]
    at = min(error.problem_mark.line if error.problem_mark else 0, len(lines) - 1)
    since = min(error.context_mark.line, at) if error.context_mark else at
    return (
        _space(key, lines, max(0, min(since, at - 1)), at)
        or _known(key, lines, since, at, error)
        or Problem(key, "syntax", expected=error.problem or "unreadable", line=at + 1)
    )


def _space(key: str, lines: Sequence[str], first: int, last: int) -> Problem | None:
    """A tab in an indent, or a space that only looks like one where YAML wants a plain one."""
    for number, line in enumerate(lines[first : last + 1], start=first + 1):
        indent = _INDENT.match(line)
        after = _AFTER_MARK.match(line)
        places = (indent.group() if indent else "") + "".join(filter(None, after.groups() if after else ()))
        for one in places:
            if one == "\t":
                return Problem(key, "yaml_tab", line=number)
            if one != " ":
                return Problem(key, "yaml_space", found=unicodedata.name(one, f"U+{ord(one):04X}").lower(), line=number)
    return None


def _known(key: str, lines: Sequence[str], since: int, at: int, error: yaml.MarkedYAMLError) -> Problem | None:
    said, context = error.problem or "", error.context or ""
    if "mapping values are not allowed" in said:
        if len(_COLON.findall(lines[at])) > 1:
            return Problem(key, "yaml_colon", line=at + 1)
        above = next((number for number in range(at - 1, -1, -1) if lines[number].strip()), at)
        if above != at and not _COLON.search(lines[above]):
            return Problem(key, "yaml_no_colon", line=above + 1)
        return _indent(key, lines, at)
    if "expected <block end>" in said:
        return _indent(key, lines, at)
    if "could not find expected ':'" in said:
        return Problem(key, "yaml_no_colon", line=since + 1)
    if "quoted scalar" in context:
        return Problem(key, "yaml_quote", line=since + 1)
    if "flow" in context:
        return Problem(key, "yaml_bracket", line=since + 1)
    if "cannot start any token" in said or "undefined alias" in said or "scanning an a" in context:
        return Problem(key, "yaml_quotes", line=at + 1)
    return None


def _indent(key: str, lines: Sequence[str], at: int) -> Problem:
    """How many spaces too many or too few, against the nearest indent of the lines above."""
    own = _width(lines[at])
    above = {_width(line) for line in lines[:at] if line.strip() and not line.lstrip().startswith("#")} - {own}
    nearest = min(above or {0}, key=lambda width: (abs(width - own), -width))
    return Problem(key, "yaml_more" if own > nearest else "yaml_less", found=str(abs(own - nearest)), line=at + 1)


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
