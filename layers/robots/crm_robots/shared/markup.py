"""BB code that our templates make. What people typed stands in it as text, never as markup.

`Markup` is to BB code what MarkupSafe's is to HTML: whatever is put into it and is no `Markup` itself is quoted.
Actions take nothing else for what people read, so that no text can be built without.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from string import Formatter
from typing import Self, override

import msgspec

from crm_robots.shared.reference import Reference, Refusal, Unknown

type Part = str | Reference | Refusal

_TAG = re.compile(r"\[(\s*/?\s*[A-Za-z*][^\[\]]*)\]")
_OPENS_ONE = re.compile(r"\[(?=\s*(?:/?\s*[A-Za-z*]|$))")
"""What its end, or whatever follows the text, might make a tag."""
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\uffff]")
"""They say nothing, or turn round what stands beside them."""
_FORMATTER = Formatter()


class Markup(str):
    """BB code, safe to send. `parts`: its text, and in between what is not known yet."""

    __slots__ = ("parts",)
    parts: tuple[Part, ...]

    def __new__(cls, text: str = "") -> Self:
        """Trusts the text: for our own templates and the administrator's, never for what others typed."""
        return cls.of(text.parts if isinstance(text, Markup) else [text])

    @classmethod
    def of(cls, parts: Iterable[Part]) -> Self:
        """From its parts. Neighbouring texts become one."""
        merged: list[Part] = []
        for part in parts:
            if merged and isinstance(part, str) and isinstance(merged[-1], str):
                merged[-1] += part
            elif part != "":
                merged.append(part)
        made = super().__new__(cls, "".join(map(str, merged)))
        made.parts = tuple(merged)
        return made

    @override
    def format(self, *values: object, **named: object) -> Self:
        parts: list[Part] = []
        places = count()
        for text, name, spec, _ in _FORMATTER.parse(str(self)):
            parts.append(text)
            if name is not None:
                value, _ = _FORMATTER.get_field(name or str(next(places)), values, named)
                parts += quoted(format(value, spec) if spec else value).parts
        return self.of(parts)

    @override
    def join(self, texts: Iterable[str], /) -> Self:
        parts: list[Part] = []
        for number, text in enumerate(texts):
            parts += [*(self.parts if number else ()), *quoted(text).parts]
        return self.of(parts)

    @override
    def __add__(self, other: str, /) -> Self:
        return self.of((*self.parts, *quoted(other).parts))

    @override
    def strip(self, chars: str | None = None, /) -> Self:
        parts = list(self.parts)
        if parts and isinstance(parts[0], str):
            parts[0] = parts[0].lstrip(chars)
        if parts and isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip(chars)
        return self.of(parts)

    def filled(self, known: Callable[[Unknown], object]) -> Self:
        """With what is known by now; `known` answers with the thing itself where it is not."""
        parts: list[Part] = []
        for part in self.parts:
            found = part if isinstance(part, str) else known(part)
            parts += (part,) if found is part else quoted(found).parts
        return self if tuple(parts) == self.parts else self.of(parts)


def templates[Key](tables: Mapping[str, Mapping[Key, str]]) -> dict[str, dict[Key, Markup]]:
    """A robot's texts by language: what is filled into them is quoted."""
    return {language: {key: Markup(text) for key, text in table.items()} for language, table in tables.items()}


NOTHING = Markup()
REFUSAL = Markup.of([Refusal()])
"""Stands in texts for the portal's own words."""


def quoted(value: object) -> Markup:
    """What somebody typed, as text in one line: its brackets open no tag, and it begins no line of its own."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Reference | Refusal):
        return Markup.of([value])
    return Markup(_as_text(" ".join(str(value).split())))


def quoted_lines(text: str) -> Markup:
    """The same for a text of several lines, such as a comment."""
    return text if isinstance(text, Markup) else Markup("\n".join(map(_as_text, text.splitlines())))


def _as_text(text: str) -> str:
    return _OPENS_ONE.sub("(", _TAG.sub(r"(\1)", _UNSEEN.sub("", text)))


def to_wire(value: object) -> object:
    """For msgspec: a text as such, or as the list of its parts."""
    if isinstance(value, Markup):
        is_known = all(isinstance(part, str) for part in value.parts)
        return "".join(map(str, value.parts)) if is_known else list(value.parts)
    raise NotImplementedError(type(value))


def from_wire(kind: type, value: object) -> object:
    """For msgspec: what `to_wire` wrote."""
    if kind is Markup:
        return Markup(value) if isinstance(value, str) else Markup.of(msgspec.convert(value, list[Part]))
    raise NotImplementedError(kind)
