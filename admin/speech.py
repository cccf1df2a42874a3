"""The language of the command, and its texts."""

import os
from collections.abc import Callable
from contextvars import ContextVar
from importlib import import_module
from typing import Any

type Language = Callable[[], str]

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which they count."""


def of_environment() -> str:
    """What the terminal speaks: Russian, and English for everything else."""
    spoken = next(filter(None, map(os.environ.get, _VARIABLES)), "")
    return "ru" if spoken.casefold().startswith("ru") else "en"


_LANGUAGE: ContextVar[Language] = ContextVar("language", default=of_environment)


def speak(language: Language) -> None:
    """From now on texts are in that language; it is asked for with the first text."""
    _LANGUAGE.set(language)


def language() -> str:
    """The language of what the command says now."""
    return _LANGUAGE.get()()


def say(key: str, **values: Any) -> str:
    """The text of that key."""
    return words()[key].format(**values)


def knows(key: str) -> bool:
    """Whether there is such a text."""
    return key in words()


def words() -> dict[str, str]:
    """All texts of the language; the other language's are not loaded."""
    found: dict[str, str] = import_module(f"admin.texts.{language()}").WORDS
    return found
