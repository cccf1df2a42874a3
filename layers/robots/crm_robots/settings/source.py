"""The YAML of the file: values, the line of every key, and each section's own text."""

import re
import textwrap
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from crm_robots.settings.problems import Problem, SettingsError
from crm_robots.settings.slips import slip
from crm_robots.shared.names import folded

Path = tuple[str | int, ...]

LARGEST = 8192
"""Bytes of an advanced SSM parameter."""


class _Loader(yaml.SafeLoader):
    """YAML 1.2's plain words: `Yes` and `09:00` stay texts, and so does `2026-01-01`."""

    def construct_object(self, node: Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - PyYAML's signature
        """If a text does not fit its tag (`!!int x`), PyYAML raises any Python error."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError):
            problem = f"no {node.tag.rpartition(':')[2]} can be read here"
            raise ConstructorError(problem=problem, problem_mark=node.start_mark) from None


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?[0-9]*\.[0-9]+|[-+]?[0-9]+\.", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


class Document(msgspec.Struct, frozen=True):
    """A parsed text. `lines`: path -> line, counted from 1."""

    value: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of that key, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


class Piece(msgspec.Struct, frozen=True):
    """A section's text without its key, as it goes into its parameter."""

    text: str
    offset: int
    """Lines of the file before it; -1 where the text was written anew."""


def parse(text: str, key: str) -> Document:
    """Reads a text; what is no YAML, repeats a key or uses an alias is a `SettingsError` with its line."""
    node = _node(text, key)
    if node is None:
        return Document({}, {})
    lines: dict[Path, int] = {}
    for path, line, first in _walk(node, ()):
        if first:
            raise SettingsError([_repeated(key, str(path[-1]), first, line)])
        lines[path] = line
    loader = _Loader("")
    try:
        return Document(loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        raise SettingsError([slip(key, text, error)]) from None


def split(text: str) -> dict[str, Piece]:
    """The sections of a whole file, each with its own text, comments included.

    Only the headings are checked here, not what a section says.
    """
    node = _composed(text, "file")
    if not isinstance(node, MappingNode):
        found = _short(node.value) if isinstance(node, ScalarNode) else "[…]" if node else ""
        raise SettingsError([Problem("file", "wrong_type", found=found, expected="keys with values")])
    lines, pieces = text.splitlines(), dict[str, Piece]()
    starts = [key.start_mark.line for key, _ in node.value] + [len(lines)]
    for (key, value), start, end in zip(node.value, starts, starts[1:], strict=False):
        if not isinstance(key, ScalarNode):
            raise SettingsError([Problem("file", "wrong_type", found="[…]", expected="a text", line=start + 1)])
        if key.value in pieces:
            first = next(line for (name, _), line in zip(node.value, starts, strict=False) if name.value == key.value)
            raise SettingsError([_repeated("file", key.value, (key.value, first + 1), start + 1)])
        pieces[key.value] = _own(lines[start:end], start, value) or _anew(text, value)
    return pieces


def _own(lines: list[str], start: int, value: Node) -> Piece | None:
    """The administrator's own text, if it stands below the key and fits."""
    own = textwrap.dedent("\n".join(_without_next_heading(lines[1:]))) + "\n"
    below = value.start_mark.line > start
    return Piece(own, start + 1) if below and len(own.encode()) <= LARGEST else None


def _anew(text: str, node: Node) -> Piece:
    """The same values, written anew."""
    parse(text, "file")
    value = _Loader("").construct_document(node)
    return Piece(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110), -1)


def _without_next_heading(lines: list[str]) -> list[str]:
    """Comments at the left margin and blank lines at the end belong to the next section."""
    while lines and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines = lines[:-1]
    return lines


def _node(text: str, key: str) -> Node | None:
    node = _composed(text, key)
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=_Loader)):
        raise SettingsError([Problem(key, "syntax", expected="no aliases (*name) here")])
    return node


def _composed(text: str, key: str) -> Node | None:
    try:
        node: Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise SettingsError([slip(key, text, error)]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise SettingsError([Problem(key, "syntax", expected=type(error).__name__)]) from None
    return node


type _Key = tuple[str, int]
"""A key as it is spelt, and its line."""


def _walk(node: Node, path: Path) -> Iterator[tuple[Path, int, _Key | None]]:
    """Each key's path and line, and the key of the same mapping that means the same, if one stands before it."""
    if isinstance(node, MappingNode):
        seen: dict[str, _Key] = {}
        for key, value in node.value:
            name = key.value if isinstance(key.value, str) else ""
            line = key.start_mark.line + 1
            first = seen.setdefault(folded(name), (name, line))
            yield (*path, name), line, first if first != (name, line) else None
            yield from _walk(value, (*path, name))
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            yield (*path, index), value.start_mark.line + 1, None
            yield from _walk(value, (*path, index))


def _repeated(section: str, name: str, first: _Key, line: int) -> Problem:
    reason = "key_twice" if name == first[0] else "repeated_key"
    return Problem(section, reason, found=_short(name), expected=_short(first[0]), line=line, also=first[1])


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"
