"""What a section of the settings file is made of, how it is compiled, and what it needs on the portal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from crm_robots.settings.base import Strict
from crm_robots.settings.desk import Desk
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.problems import Problem
from crm_robots.settings.provision import specs


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the file."""

    model: type[Strict]
    compile: Callable[[Any, PortalFacts], Any]
    """The model and the portal in, a robot's rules out."""
    fields: Callable[[Any, str], Iterable[specs.WantedField]] = lambda _section, _language: ()
    """The user fields it wants on the portal, with labels in that language."""
    objections: Callable[[Any, str, Desk], Iterable[Problem]] = lambda _section, _before, _desk: ()
    """Reasons against it that stand in our tables; `before` is the text in force, empty if there is none."""
    arrange: Callable[..., list[str]] | None = None
    """Lays out a card; returns the titles of changed parts."""
    after_publish: Callable[[Any, Any, Desk], None] | None = None
    """The work that follows from a new version; gets the earlier rules (None if there were none) and the new ones."""
