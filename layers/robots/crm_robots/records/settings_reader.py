"""The settings in force, as robots read them: the portal's and their own section in one request, kept for 45 s.

Rows of the settings table: `section`, `version`, and `rules` as JSON; a section that is switched off has no `rules`.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from crm_robots.records.batches import read_rows
from crm_robots.shared.portal import PortalRules

_KEPT_SECONDS = 45
"""A robot takes a new version within 60 s (P4)."""


@dataclass(frozen=True, slots=True)
class InForce[Rules]:
    """Sections that were read together and are used together for one window of events."""

    portal: PortalRules
    rules: Rules
    version: int
    beside: Mapping[str, Any] = field(default_factory=dict)
    """Other robots' sections by name; those that are switched off are missing."""


class SettingsReader:
    """Sections of one settings table."""

    def __init__(self, client: Any, table: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._kept: dict[tuple[str, ...], tuple[float, InForce[Any] | None]] = {}

    def load[Rules](
        self, section: str, kind: type[Rules], beside: Mapping[str, type] | None = None
    ) -> InForce[Rules] | None:
        """The section, the portal's and those beside; None when the robot is off or nothing is published yet."""
        key = (section, *(beside or ()))
        until, found = self._kept.get(key, (0.0, None))
        if self._clock() >= until:
            found = self._read(section, kind, beside or {})
            self._kept[key] = (self._clock() + _KEPT_SECONDS, found)
        return found

    def forget(self) -> None:
        """What is in force is read anew."""
        self._kept.clear()

    def on(self, sections: Iterable[str]) -> set[str]:
        """Those of the sections whose rules are in force."""
        return {row["section"]["S"] for row in self._rows(dict.fromkeys(sections)) if "rules" in row}

    def portal(self) -> PortalRules | None:
        """The portal's section alone."""
        found = self.load("portal", PortalRules)
        return found.portal if found else None

    def _read[Rules](self, section: str, kind: type[Rules], beside: Mapping[str, type]) -> InForce[Rules] | None:
        rows = {row["section"]["S"]: row for row in self._rows(dict.fromkeys(("portal", section, *beside)))}
        portal, own = rows.get("portal", {}), rows.get(section, {})
        if "rules" not in portal or "rules" not in own:
            return None
        return InForce(
            msgspec.json.decode(portal["rules"]["S"], type=PortalRules),
            msgspec.json.decode(own["rules"]["S"], type=kind),
            int(own["version"]["N"]),
            {
                name: msgspec.json.decode(rows[name]["rules"]["S"], type=wanted)
                for name, wanted in beside.items()
                if "rules" in rows.get(name, {})
            },
        )

    def _rows(self, names: Iterable[str]) -> Iterator[dict[str, Any]]:
        """All rows that exist: without its row a robot would seem to be switched off."""
        return read_rows(self._client, self._table, ({"section": {"S": name}} for name in names))
