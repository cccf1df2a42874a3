"""The result for each section, for the command and the log."""

from typing import TYPE_CHECKING, Literal

import msgspec

from crm_robots.settings.problems import Problem

if TYPE_CHECKING:
    from crm_robots.settings.provision.plan import Provision  # it loads the models, which the command does not need

Status = Literal["published", "unchanged", "off", "refused", "holds"]


class Change(msgspec.Struct, frozen=True):
    """One key as the file writes it; None: the key is not there on that side."""

    key: str
    old: str | None
    new: str | None


class SectionReport(msgspec.Struct):
    """One section. Fields are named `lead UF_CRM_AREA`."""

    section: str
    status: Status
    version: int = 0
    created: dict[str, str] = {}
    """New user fields and their labels."""
    added: dict[str, list[str]] = {}
    """New dropdown items by field."""
    renamed: dict[str, list[str]] = {}
    """`old → new` labels by field."""
    beyond: dict[str, list[str]] = {}
    """Dropdown items that the portal has and the file does not."""
    pruned: dict[str, list[str]] = {}
    """Dropdown items that were removed, by field."""
    in_use: dict[str, dict[str, int]] = {}
    """Dropdown items that cards still use, with how many, by field; so they were not removed."""
    arranged: list[str] = []
    """Sections of the card that are new or changed."""
    changes: list[Change] = []
    """Old → new by key, against what is in force."""
    stops: bool = False
    """The robot works now and is switched off by this text."""
    problems: list[Problem] = []

    def note(self, provision: "Provision") -> None:
        """Takes over what is to be made."""
        for change in provision.changes:
            name = f"{change.wanted.kind} {change.wanted.code}"
            if not change.id:
                self.created[name] = change.wanted.label
                continue
            if new := [item.label for item in change.items if not item.id]:
                self.added[name] = new
            if renamed := [f"{item.was} → {item.label}" for item in change.items if item.id and item.was != item.label]:
                self.renamed[name] = renamed
        self.beyond = {name: list(labels) for name, labels in provision.beyond.items()}


class Report(msgspec.Struct):
    """One run of `check` or `publish`."""

    language: str
    sections: list[SectionReport]
    problems: list[Problem] = []
    """Those of the file as a whole."""
    rules: dict[str, str] = {}
    """Compiled rules as JSON by section, where a check was asked for them; `null`: the robot would be off."""
    told: int = 0
    """How many admins got a message."""
    missing_right: str = ""
    """The right to the calls' statistics, where only calls that the telephony lists count and it lists none (S10)."""
    simple_crm: bool = False
    """The portal is in simple CRM mode: it has no leads."""
    only_leads: bool = False
    """Nothing but robots on leads is switched on."""

    @property
    def in_vain(self) -> bool:
        """Whether no robot that is switched on can find anything to do."""
        return self.simple_crm and self.only_leads

    @property
    def refused(self) -> bool:
        """Whether anything was refused."""
        return bool(self.problems) or any(one.status == "refused" for one in self.sections)
